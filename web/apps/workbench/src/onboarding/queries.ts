import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, postForm } from "../api/http";
import type { ShopApplication, ShopDocument, ShopQualification, ShopState } from "../api/types";

export const useShopState = (shopId: number) =>
  useQuery({ queryKey: ["qualification", shopId, "state"], queryFn: ({ signal }) => get<ShopState>(`/shops/${shopId}/qualification/state`, undefined, signal) });

export const useQualification = (shopId: number) =>
  useQuery({ queryKey: ["qualification", shopId, "papers"], queryFn: ({ signal }) => get<ShopQualification>(`/shops/${shopId}/qualification`, undefined, signal), staleTime: 0 });

export function uploadDocument(shopId: number, kind: string, file: File, validUntil = "") {
  const form = new FormData();
  form.set("kind", kind);
  if (validUntil) form.set("valid_until", validUntil);
  form.set("file", file);
  return postForm<ShopDocument>(`/shops/${shopId}/qualification/documents`, form);
}

/** What the shop does with its papers; its state is read again. */
export function useQualificationActions(shopId: number) {
  const client = useQueryClient();
  const then = async (asked: Promise<unknown>) => {
    await asked;
    await client.invalidateQueries({ queryKey: ["qualification", shopId] });
  };
  return {
    submit: (body: unknown) => then(post(`/shops/${shopId}/qualification`, body)),
    withdraw: () => then(post(`/shops/${shopId}/qualification/withdraw`)),
  };
}

export const approveApplication = (id: number) => post<ShopApplication>(`/operator/shop-applications/${id}/approve`);
export const rejectApplication = (id: number, reasons: Record<string, string>) => post<ShopApplication>(`/operator/shop-applications/${id}/reject`, { reasons });
