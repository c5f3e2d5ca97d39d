import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Interests, unwrap } from "@xingqu/client";
import { signals } from "../signals/signals";

const KEY = ["interests"];

export function useInterests() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => {
      await signals.flush();
      return unwrap(api.GET("/api/v1/interest/tags"));
    },
    staleTime: 0,
  });
}

/** What follows from a change is seen in the feed at once: its cards are asked for anew. */
function useInterestChange<Input>(change: (input: Input) => Promise<Interests>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (interests) => {
      client.setQueryData(KEY, interests);
      client.removeQueries({ queryKey: ["feed"] });
      client.removeQueries({ queryKey: ["mall"] });
    },
  });
}

export type TagAction = "pin" | "unpin" | "block" | "unblock" | "less";

export function useTagAction() {
  return useInterestChange(({ tagId, action }: { tagId: number; action: TagAction }) =>
    unwrap(api.PUT("/api/v1/interest/tags/{tag_id}", { params: { path: { tag_id: tagId } }, body: { action } })),
  );
}

export function useDeleteTag() {
  return useInterestChange(async (tagId: number) => {
    // it may be sent as the page goes, and arrives all the same
    await unwrap(api.DELETE("/api/v1/interest/tags/{tag_id}", { params: { path: { tag_id: tagId } }, keepalive: true }));
    return unwrap(api.GET("/api/v1/interest/tags"));
  });
}

export function usePersonalisation() {
  return useInterestChange((personalised: boolean) => unwrap(api.PUT("/api/v1/interest/settings", { body: { personalised } })));
}

export function useDeleteMyData() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await signals.flush();
      await unwrap(api.DELETE("/api/v1/interest"));
    },
    onSuccess: () => {
      client.removeQueries({ queryKey: ["feed"] });
      client.removeQueries({ queryKey: ["mall"] });
      return client.invalidateQueries({ queryKey: KEY });
    },
  });
}
