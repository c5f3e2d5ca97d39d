import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post, put, remove } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type ShopComment = Schemas["ShopCommentOut"];
export type CommentRules = Schemas["CommentRulesOut"];
export type CommentStep = "hide" | "show" | "pin" | "unpin" | "block";

interface CommentQuery {
  q: string | undefined;
  state: string;
  content_id: number | undefined;
}

export const commentsPage = (shopId: number, query: CommentQuery) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<ShopComment>>(`/shops/${shopId}/comments`, { ...query, cursor }, signal);

export const rulesQuery = (shopId: number) =>
  queryOptions({ queryKey: ["comment-rules", shopId], queryFn: ({ signal }) => get<CommentRules>(`/shops/${shopId}/comment-rules`, undefined, signal) });

/** What is done with comments; the lists are read again. */
export function useCommentActions(shopId: number) {
  const client = useQueryClient();
  const base = `/shops/${shopId}/comments`;
  const after = async (step: Promise<unknown>) => {
    await step;
    await Promise.all([client.invalidateQueries({ queryKey: ["comments", shopId] }), client.invalidateQueries({ queryKey: ["comment-rules", shopId] })]);
  };
  return {
    move: (comment: ShopComment, step: CommentStep) => after(post(`${base}/${comment.id}/${step}`)),
    reply: (comment: ShopComment, text: string) => after(post(`${base}/${comment.id}/replies`, { text })),
    destroy: (comment: ShopComment) => after(remove(`${base}/${comment.id}`)),
    setWords: (words: string[]) => after(put(`/shops/${shopId}/comment-rules`, { words })),
    unblock: (personId: number) => after(remove(`/shops/${shopId}/comment-rules/people/${personId}`)),
  };
}
