import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../api/http";
import type { ReviewCounts, SavedReply, ShopOpinions } from "../api/types";

export const QUEUES = ["all", "unanswered", "low", "follow_up_unanswered", "pictures", "reported", "hidden", "default"] as const;
export const ASPECTS = ["quality", "look", "size", "price", "logistics", "service", "packaging", "match", "comfort", "performance", "battery", "taste", "smell", "effect", "authentic", "content"] as const;
export const REASONS = ["abuse", "advert", "privacy", "irrelevant", "false_claim", "extortion", "obscene", "other"] as const;

export function useReviewCounts(shopId: number) {
  return useQuery({
    queryKey: ["review-counts", shopId],
    queryFn: ({ signal }) => get<ReviewCounts>(`/shops/${shopId}/reviews/counts`, undefined, signal),
    refetchInterval: 60_000,
  });
}

export function useOpinions(shopId: number, days: number) {
  return useQuery({
    queryKey: ["review-opinions", shopId, days],
    queryFn: ({ signal }) => get<ShopOpinions>(`/shops/${shopId}/reviews/opinions`, { days }, signal),
  });
}

export function useSavedReplies(shopId: number) {
  return useQuery({
    queryKey: ["saved-replies", shopId],
    queryFn: ({ signal }) => get<SavedReply[]>(`/shops/${shopId}/saved-replies`, undefined, signal),
  });
}

/** What a step at the desk makes stale. */
export function useStale(shopId: number) {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: ["reviews", shopId] }), client.invalidateQueries({ queryKey: ["review-counts", shopId] })]);
}
