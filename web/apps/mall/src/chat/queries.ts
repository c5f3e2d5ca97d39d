import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type ChatMessage, houseFetch, toApiError, unwrap } from "@xingqu/client";
import { useEffect } from "react";

const one = (chatId: number) => ({ params: { path: { conversation_id: chatId } } });

export function useChats() {
  return useInfiniteQuery({
    queryKey: ["chats"],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/chats", { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useChat(chatId: number) {
  return useQuery({ queryKey: ["chat", chatId], queryFn: () => unwrap(api.GET("/api/v1/chats/{conversation_id}", one(chatId))) });
}

export function useOpenChat(shopId: number) {
  return useQuery({
    queryKey: ["chat-of-shop", shopId],
    queryFn: () => unwrap(api.PUT("/api/v1/chats/shops/{shop_id}", { params: { path: { shop_id: shopId } } })),
  });
}

export function useMessages(chatId: number) {
  return useInfiniteQuery({
    queryKey: ["chat", chatId, "messages"],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/chats/{conversation_id}/messages", { params: { path: { conversation_id: chatId }, query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

export type Said = { kind: "text"; text: string } | { kind: "product"; product_id: number } | { kind: "order"; order_no: string } | { kind: "picture"; file: File };

/** A key of the sender's own: the same message sent again is said once. */
export function messageKey(): string {
  return crypto.randomUUID();
}

async function sendPicture(chatId: number, file: File, key: string): Promise<ChatMessage> {
  const form = new FormData();
  form.set("file", file);
  form.set("key", key);
  const response = await houseFetch(new URL(`/api/v1/chats/${chatId}/pictures`, globalThis.location.href).href, { method: "POST", body: form });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, body);
  return body as ChatMessage;
}

export function useSend(chatId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ said, key }: { said: Said; key: string }) =>
      said.kind === "picture" ? sendPicture(chatId, said.file, key) : unwrap(api.POST("/api/v1/chats/{conversation_id}/messages", { ...one(chatId), body: { key, text: "", ...said } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["chat", chatId, "messages"] }),
  });
}

/** Tells the shop that its messages were read, and the counters that they are. */
export function useMarkRead(chatId: number, newestId: number | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (newestId === undefined) return;
    unwrap(api.POST("/api/v1/chats/{conversation_id}/read", { ...one(chatId), body: { up_to_id: newestId } })).then(
      () => client.invalidateQueries({ queryKey: ["chats"] }),
      () => undefined, // it is said again with the next message
    );
  }, [chatId, newestId, client]);
}

/** News of one's conversations as they happen; the browser reconnects by itself and resumes behind the last one. */
export function useChatStream() {
  const client = useQueryClient();
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    const source = new EventSource("/rt/chats", { withCredentials: true });
    source.addEventListener("message", () => {
      void client.invalidateQueries({ queryKey: ["chats"] });
      void client.invalidateQueries({ queryKey: ["chat"] });
    });
    return () => source.close();
  }, [client]);
}
