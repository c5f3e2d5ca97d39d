import type { Selling } from "./queries";

type Steps = NonNullable<Selling["script"]>["steps"];
type Reply = Selling["auto_replies"][number];

/** Lines like `1:30 讲解 2`, `2:00 公告 文字`, `3:00 发言 文字`, `4:00 券 10 满 99`, `5:00 取消讲解`; the English words do as well. */
const LINE = /^(\d{1,4}):([0-5]\d)\s+(\S+)\s*(.*)$/;
const ACTS: Record<string, string> = { 讲解: "explain", explain: "explain", 取消讲解: "unexplain", unexplain: "unexplain", 公告: "announce", announce: "announce", 发言: "say", say: "say", 券: "coupon", coupon: "coupon" };
const COUPON = /^(\d+(?:\.\d{1,2})?)(?:\s+(?:满|from)\s*(\d+(?:\.\d{1,2})?))?$/;

/** The steps of a script that was typed, or the number of the first line that can't be read. */
export function readScript(text: string, items: Map<number, number>): { steps: Record<string, unknown>[] } | { line: number } {
  const steps: Record<string, unknown>[] = [];
  const lines = text.split("\n");
  for (const [place, line] of lines.entries()) {
    if (!line.trim()) continue;
    const found = LINE.exec(line.trim());
    const act = found ? ACTS[found[3]!] : undefined;
    const rest = found?.[4]?.trim() ?? "";
    const more = act === undefined ? null : details(act, rest, items);
    if (!found || more === null) return { line: place + 1 };
    steps.push({ at_s: Number(found[1]) * 60 + Number(found[2]), act, ...more });
  }
  return { steps };
}

function details(act: string, rest: string, items: Map<number, number>): Record<string, unknown> | null {
  if (act === "unexplain") return {};
  if (act === "explain") return items.has(Number(rest)) ? { item_id: items.get(Number(rest)) } : null;
  if (act !== "coupon") return rest && rest.length <= 100 ? { text: rest } : null;
  const coupon = COUPON.exec(rest);
  if (!coupon || Number(coupon[1]) === 0) return null;
  return { coupon: { discount_minor: Math.round(Number(coupon[1]) * 100), threshold_minor: Math.round(Number(coupon[2] ?? 0) * 100) } };
}

/** A script as it is typed. */
export function writeScript(steps: Steps, positions: Map<number, number>): string {
  return steps
    .map((step) => {
      const at = Number(step.at_s);
      const coupon = step.coupon as { discount_minor: number; threshold_minor?: number } | undefined;
      const rest = coupon ? `${coupon.discount_minor / 100}${coupon.threshold_minor ? ` from ${coupon.threshold_minor / 100}` : ""}` : step.item_id ? String(positions.get(Number(step.item_id)) ?? "?") : String(step.text ?? "");
      return `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")} ${String(step.act)} ${rest}`.trim();
    })
    .join("\n");
}

/** Lines like `发货,快递 = 48 小时内发货`; lines without both are left out. */
export function readReplies(text: string): Reply[] {
  return text.split("\n").flatMap((line) => {
    const [words = "", ...answer] = line.split("=");
    const said = words.split(/[,，]/).map((word) => word.trim()).filter(Boolean);
    const told = answer.join("=").trim();
    return said.length > 0 && told ? [{ words: said, text: told }] : [];
  });
}

export function writeReplies(replies: Reply[]): string {
  return replies.map((reply) => `${reply.words.join(",")} = ${reply.text}`).join("\n");
}
