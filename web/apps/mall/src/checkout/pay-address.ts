/** The page that pays these checkouts, in one payment when they are several. */
export function payAddress(orderNos: readonly string[]): string {
  return `/pay?${orderNos.map((orderNo) => `order=${encodeURIComponent(orderNo)}`).join("&")}`;
}
