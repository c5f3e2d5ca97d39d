import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post, postForm } from "../api/http";
import type { BuyerSide, Chat, ChatMessage, Page, QuickReply, ResponseFigures, SupportCounts } from "../api/types";

export const QUEUES = ["all", "unread", "waiting", "mine"] as const;

const base = (shopId: number) => `/shops/${shopId}/chats`;

export function useDeskCounts(shopId: number, enabled = true) {
  return useQuery({
    queryKey: ["chat-counts", shopId],
    queryFn: ({ signal }) => get<SupportCounts>(`${base(shopId)}/counts`, undefined, signal),
    refetchInterval: 60_000,
    enabled,
  });
}

export function useChats(shopId: number, queue: string) {
  return useInfiniteQuery({
    queryKey: ["chats", shopId, queue],
    queryFn: ({ pageParam, signal }) => get<Page<Chat>>(base(shopId), { queue, cursor: pageParam, limit: 30 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useChatSide(shopId: number, chatId: number) {
  return useQuery({ queryKey: ["chat", shopId, chatId], queryFn: ({ signal }) => get<BuyerSide>(`${base(shopId)}/${chatId}`, undefined, signal), staleTime: 0 });
}

export function useChatMessages(shopId: number, chatId: number) {
  return useInfiniteQuery({
    queryKey: ["chat-messages", shopId, chatId],
    queryFn: ({ pageParam, signal }) => get<Page<ChatMessage>>(`${base(shopId)}/${chatId}/messages`, { cursor: pageParam, limit: 30 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function useQuickReplies(shopId: number) {
  return useQuery({ queryKey: ["quick-replies", shopId], queryFn: ({ signal }) => get<QuickReply[]>(`${base(shopId)}/quick-replies`, undefined, signal), staleTime: 60_000 });
}

export function useResponseFigures(shopId: number) {
  return useQuery({ queryKey: ["chat-figures", shopId], queryFn: ({ signal }) => get<ResponseFigures>(`${base(shopId)}/figures`, { days: 14 }, signal) });
}

const LIVE_KEYS = ["chats", "chat", "chat-messages", "chat-counts", "chat-figures"];

export function useChatRefresh(shopId: number) {
  const client = useQueryClient();
  return () => Promise.all(LIVE_KEYS.map((key) => client.invalidateQueries({ queryKey: [key, shopId] })));
}

export type Said = { kind: "text"; text: string } | { kind: "product"; product_id: number } | { kind: "order"; order_no: string } | { kind: "picture"; file: File };

/** Says something with a key of its own, so that a repeated request says it once. */
export function sendMessage(shopId: number, chatId: number, said: Said): Promise<ChatMessage> {
  const key = crypto.randomUUID();
  const address = `${base(shopId)}/${chatId}`;
  if (said.kind !== "picture") return post<ChatMessage>(`${address}/messages`, { key, ...said });
  const form = new FormData();
  form.set("file", said.file);
  form.set("key", key);
  return postForm<ChatMessage>(`${address}/pictures`, form);
}

/** News of the shop's conversations as they happen; returns whether the connection stands. */
export function useShopStream(shopId: number): boolean {
  const refresh = useChatRefresh(shopId);
  const [live, setLive] = useState(true);
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    const source = new EventSource(`/rt/chats?shop=${shopId}`, { withCredentials: true });
    source.addEventListener("open", () => setLive(true));
    source.addEventListener("error", () => setLive(false));
    source.addEventListener("message", () => void refresh());
    return () => source.close();
    // The shop stands for its refresh.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [shopId]);
  return live;
}

/** Quick replies whose title or text holds what was typed after the slash. */
export function matchReplies(replies: readonly QuickReply[], typed: string): QuickReply[] {
  const word = typed.slice(1).trim().toLowerCase();
  return replies.filter((reply) => `${reply.title} ${reply.text}`.toLowerCase().includes(word)).slice(0, 8);
}
