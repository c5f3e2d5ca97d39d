import type { TFunction } from "i18next";
import type { Notice } from "../api/types";

/** The sentence of a notice; a kind this version does not know still says that something happened. */
export function noticeText(t: TFunction, notice: Notice): string {
  const { step } = notice.data as { step?: string };
  if (step && (notice.kind === "sample_changed" || notice.kind === "collaboration_changed")) {
    return `${t(`notices.kind.${notice.kind}`)}${t("collab.colon")}${t(`collab.event.${step}`, { defaultValue: step })}`;
  }
  return t(`notices.kind.${notice.kind}`, { defaultValue: t("notices.other"), ...notice.data });
}

/** Where a notice leads inside the shop, if anywhere. */
export function noticeAddress(notice: Notice): string | null {
  const data = notice.data as { shop_id?: number; order_no?: string; review_id?: number; case_no?: string; product_id?: number; asset_id?: number; room?: string; sample_no?: string; collab_no?: string; live_room_id?: number };
  if (!data.shop_id) return null;
  const base = `/shops/${data.shop_id}`;
  if (data.sample_no) return `${base}/samples?sample=${encodeURIComponent(data.sample_no)}`;
  if (data.collab_no) return `${base}/collaborations?open=${encodeURIComponent(data.collab_no)}`;
  if (data.case_no) return `${base}/aftersale?case=${encodeURIComponent(data.case_no)}`;
  if (data.review_id) return `${base}/reviews`;
  if (data.order_no) return `${base}/orders?order=${encodeURIComponent(data.order_no)}`;
  if (data.live_room_id) return `${base}/live/${data.live_room_id}`;
  if (data.product_id) return `${base}/products/${data.product_id}`;
  if (data.room === "qualification") return `${base}/qualification`;
  if (data.room === "deposit") return `${base}/funds?tab=deposit`;
  if (notice.kind === "creator_restricted" || notice.kind === "restriction_answered") return `${base}/today`;
  if (data.asset_id) return `${base}/content`;
  return null;
}
