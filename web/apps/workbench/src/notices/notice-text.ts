import type { TFunction } from "i18next";
import type { Notice } from "../api/types";

/** The sentence of a notice; a kind this version does not know still says that something happened. */
export function noticeText(t: TFunction, notice: Notice): string {
  return t(`notices.kind.${notice.kind}`, { defaultValue: t("notices.other"), ...notice.data });
}

/** Where a notice leads inside the shop, if anywhere. */
export function noticeAddress(notice: Notice, fallbackShopId: number | null): string | null {
  const data = notice.data as { shop_id?: number; order_no?: string; product_id?: number; content_id?: number; asset_id?: number };
  const shopId = data.shop_id ?? fallbackShopId;
  if (!shopId) return null;
  const base = `/shops/${shopId}`;
  if (data.order_no) return `${base}/orders?order=${encodeURIComponent(data.order_no)}`;
  if (data.content_id) return `${base}/content/${data.content_id}`;
  if (data.product_id) return `${base}/products/${data.product_id}`;
  if (data.asset_id) return `${base}/content`;
  return null;
}
