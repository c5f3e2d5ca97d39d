import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AddressInput, api, unwrap } from "@xingqu/client";

const KEY = ["addresses"];

export function useAddresses() {
  return useQuery({ queryKey: KEY, queryFn: () => unwrap(api.GET("/api/v1/addresses")) });
}

export function useRegions(parentId: number | null, enabled = true) {
  return useQuery({
    queryKey: ["regions", parentId],
    queryFn: () => unwrap(api.GET("/api/v1/regions", { params: { query: parentId === null ? {} : { parent_id: parentId } } })),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSaveAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: AddressInput & { id?: number }) =>
      id === undefined
        ? unwrap(api.POST("/api/v1/addresses", { body }))
        : unwrap(api.PATCH("/api/v1/addresses/{address_id}", { params: { path: { address_id: id } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => {
      await unwrap(api.DELETE("/api/v1/addresses/{address_id}", { params: { path: { address_id: id } } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
