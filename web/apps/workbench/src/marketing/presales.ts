import { minor } from "./terms";

export interface PresaleDraft {
  price: string;
  deposit: string;
  counts: string;
  allotment: number | null;
}

/** An item as the server takes it; null while it is none. */
export function presaleItem(skuId: number, draft: PresaleDraft) {
  const price = minor(draft.price, null);
  const deposit = minor(draft.deposit, null);
  const counts = minor(draft.counts, deposit ?? null);
  if (!price || !deposit || !counts || !draft.allotment || counts < deposit || price <= counts) return null;
  return { sku_id: skuId, price_minor: price, deposit_minor: deposit, counts_minor: counts, allotment: draft.allotment };
}

/** Whether the four times follow each other and deposits can still be paid. */
export function windowsRight(depositFrom: string, depositUntil: string, finalFrom: string, finalUntil: string, now: number): boolean {
  const times = [depositFrom ? new Date(depositFrom).getTime() : now, new Date(depositUntil).getTime(), new Date(finalFrom).getTime(), new Date(finalUntil).getTime()];
  const [begin, end, open, close] = times as [number, number, number, number];
  return times.every((time) => !Number.isNaN(time)) && begin < end && end > now && end <= open && open < close;
}
