import type { Attribution } from "@xingqu/client";

export interface WantedLine {
  sku_id: number;
  quantity: number;
}

const SURFACES = new Set(["for_you", "following", "mall", "search", "product", "creator", "shop", "content", "live", "ad"]);
const TOUCH = /^[\w.-]{1,1000}$/;
const MAX_QUANTITY = 9_999;

/** The checkout's address for buying some lines at once, with what led to them. Without lines: the selected cart. */
export function checkoutAddress(lines: WantedLine[], attribution: Attribution = {}): string {
  const search = new URLSearchParams();
  if (lines.length > 0) search.set("lines", lines.map((line) => `${line.sku_id}x${line.quantity}`).join(","));
  if (attribution.content_id) search.set("content", String(attribution.content_id));
  if (attribution.creator_id) search.set("creator", String(attribution.creator_id));
  if (attribution.request_id) search.set("request", attribution.request_id);
  if (attribution.surface) search.set("surface", attribution.surface);
  if (attribution.touch) search.set("touch", attribution.touch);
  const text = search.toString();
  return text ? `/checkout?${text}` : "/checkout";
}

/** Lines from the checkout's address; null means the cart. Anything malformed is left out. */
export function readLines(search: URLSearchParams): WantedLine[] | null {
  const text = search.get("lines");
  if (!text) return null;
  const lines = text.split(",").flatMap((part) => {
    const match = /^(\d{1,15})x(\d{1,5})$/.exec(part);
    const quantity = Number(match?.[2]);
    return match && quantity >= 1 && quantity <= MAX_QUANTITY ? [{ sku_id: Number(match[1]), quantity }] : [];
  });
  return lines.length > 0 ? lines : null;
}

/** What the address says led here; the touch in it is proof of the card that was shown. */
export function readAttribution(search: URLSearchParams): Attribution {
  const surface = search.get("surface") ?? "";
  const touch = search.get("touch") ?? "";
  const content = Number(search.get("content"));
  const creator = Number(search.get("creator"));
  return {
    ...(Number.isSafeInteger(content) && content > 0 ? { content_id: content } : {}),
    ...(Number.isSafeInteger(creator) && creator > 0 ? { creator_id: creator } : {}),
    ...(search.get("request") ? { request_id: search.get("request")! } : {}),
    ...(SURFACES.has(surface) ? { surface: surface as never } : {}),
    ...(TOUCH.test(touch) ? { touch } : {}),
  };
}
