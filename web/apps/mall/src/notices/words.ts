import type { Notice } from "@xingqu/client";
import type { useTranslation } from "@xingqu/i18n";
import type { IconName } from "../kit/Icon";

type TFunction = ReturnType<typeof useTranslation>["t"];

/** What buyers are told; the server's list is the same, which a test checks. */
export const BUYER_NOTICES = [
  "order_paid",
  "order_shipped",
  "order_refunded",
  "order_expired",
  "presale_soon",
  "presale_open",
  "presale_closing",
  "presale_lost",
  "package_delivered",
  "package_silent",
  "package_turned_back",
  "aftersale_changed",
  "aftersale_closed",
  "back_in_stock",
  "live_started",
  "live_moved",
  "live_called_off",
  "live_won",
  "review_replied",
  "review_case",
  "invoice_issued",
  "invoice_red",
  "invoice_rejected",
] as const;

export type BuyerNotice = (typeof BUYER_NOTICES)[number];
type MoneyText = (money: { amount_minor: number; currency: string }) => string;

const ICONS: Record<BuyerNotice, IconName> = {
  order_paid: "wallet",
  order_shipped: "truck",
  order_refunded: "wallet",
  order_expired: "clock",
  presale_soon: "clock",
  presale_open: "wallet",
  presale_closing: "clock",
  presale_lost: "clock",
  package_delivered: "box",
  package_silent: "truck",
  package_turned_back: "truck",
  aftersale_changed: "shield",
  aftersale_closed: "shield",
  back_in_stock: "tag",
  live_started: "play",
  live_moved: "clock",
  live_called_off: "clock",
  live_won: "ticket",
  review_replied: "star",
  review_case: "star",
  invoice_issued: "ticket",
  invoice_red: "ticket",
  invoice_rejected: "ticket",
};

interface NoticeData {
  order_no?: string;
  case_no?: string;
  review_id?: number;
  room_id?: number;
  title?: string;
  product_id?: number;
  name?: string;
  option_text?: string;
  amount_minor?: number;
  currency?: string;
  tracking_no?: string;
  number?: string;
  reason?: string;
  kind?: string;
  state?: string;
}

/** Whether a notice is one's own as a buyer: those of one's shop name the shop. */
export function isForBuyer(notice: Notice): boolean {
  return (BUYER_NOTICES as readonly string[]).includes(notice.kind) && notice.data.shop_id === undefined;
}

/** The sentence of a notice: what happened. */
export function noticeText(t: TFunction, money: MoneyText, notice: Notice): string {
  const data = notice.data as NoticeData;
  return t(`notices.kind.${notice.kind}`, {
    defaultValue: t("notices.other"),
    name: [data.name, data.option_text].filter(Boolean).join(" "),
    amount: data.amount_minor !== undefined && data.currency ? money({ amount_minor: data.amount_minor, currency: data.currency }) : "",
    tracking_no: data.tracking_no ?? "",
    number: data.number ?? "",
    title: data.title ?? "",
    reason: data.reason ?? "",
    case_kind: data.kind ? t(`cases.kind.${data.kind}`) : "",
    case_state: data.state ? t(`cases.state.${data.state}`) : "",
  });
}

/** What a notice is about, small below it: the number of an order or a case. */
export function noticeSubject(t: TFunction, notice: Notice): string {
  const data = notice.data as NoticeData;
  if (data.case_no) return t("notices.case", { number: data.case_no });
  return data.order_no ? t("notices.order", { number: data.order_no }) : "";
}

/** Where a notice leads: the case, the order, one's reviews, the live room or the product; a coupon that was won, to the coupons. */
export function noticeAddress(notice: Notice): string | null {
  const data = notice.data as NoticeData;
  if (data.case_no) return `/aftersales/${encodeURIComponent(data.case_no)}`;
  if (data.order_no) return `/orders/${encodeURIComponent(data.order_no)}`;
  if (data.review_id) return `/me/reviews#review-${data.review_id}`;
  if (data.room_id) return `/live/${data.room_id}`;
  if (data.product_id) return `/product/${data.product_id}`;
  return notice.kind === "live_won" ? "/coupons" : null;
}

export function noticeIcon(notice: Notice): IconName {
  return ICONS[notice.kind as BuyerNotice] ?? "bell";
}

/** What a notice makes stale, by the first part of the query key. */
export function staleAfter(notice: Notice): string[] {
  const data = notice.data as NoticeData;
  if (data.case_no) return ["aftersales", "orders"];
  if (data.order_no) return ["orders"];
  if (data.review_id) return ["own-reviews"];
  if (data.room_id) return ["live-rooms", "live-room"];
  return data.product_id ? ["product"] : [];
}
