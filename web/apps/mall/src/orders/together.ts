/** An unpaid checkout that can be paid in one payment with others. */
export interface Payable {
  order_no: string;
  amount: { amount_minor: number; currency: string };
}

/** The chosen checkouts after a tap on one. */
export function toggled(chosen: readonly string[], orderNo: string): string[] {
  return chosen.includes(orderNo) ? chosen.filter((one) => one !== orderNo) : [...chosen, orderNo];
}

/** What of a choice can still be paid, and its sum; null while that is not yet several of one currency. */
export function together(payable: readonly Payable[], chosen: readonly string[]): { orderNos: string[]; sum: Payable["amount"] } | null {
  const rows = payable.filter((row) => chosen.includes(row.order_no));
  const first = rows[0];
  if (!first || rows.length < 2 || rows.some((row) => row.amount.currency !== first.amount.currency)) return null;
  const minor = rows.reduce((sum, row) => sum + row.amount.amount_minor, 0);
  return { orderNos: rows.map((row) => row.order_no), sum: { amount_minor: minor, currency: first.amount.currency } };
}
