import { useFormat, useTranslation } from "@xingqu/i18n";
import { Tag } from "antd";
import type { AfterSaleCase } from "../api/types";
import { useNow } from "../app/clock";
import { urgencyOf } from "../orders/order-view";
import { Thumb } from "../products/Thumb";

const COLOURS: Record<string, string> = { success: "success", closed: "default", failed: "error", refunding: "processing", merchant_review: "warning", merchant_confirm: "warning", merchant_ship: "warning", handling: "error", merchant_evidence: "error", negotiation: "error" };

export function CaseStateTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Tag color={COLOURS[state] ?? "blue"}>{t(`cases.state.${state}`)}</Tag>;
}

/** Who must act by when, and in words what is happening. */
export function CaseNext({ item }: { item: AfterSaleCase }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now_ms = useNow();
  const { who, by, code } = item.next_step;
  const urgency = by ? urgencyOf(by, now_ms) : "calm";
  return (
    <div className="wb-stack" data-testid="case-next">
      <span>{t(`cases.line.merchant.${code}`)}</span>
      {who && by && (
        <small className={`wb-by wb-by-${urgency}`}>
          {t(`cases.side.${who}`)} · {t(urgency === "late" ? "orders.was_due" : "orders.by", { time: format.dateTime(by) })}
        </small>
      )}
    </div>
  );
}

export function CaseLines({ item }: { item: AfterSaleCase }) {
  return (
    <div className="wb-stack">
      {item.lines.slice(0, 2).map((line) => (
        <div key={line.line_id} className="wb-line">
          <Thumb url={line.picture_url} size={36} />
          <div className="wb-line-words">
            <span className="wb-clip">{line.name}</span>
            <small className="wb-muted">
              {line.option_text} × {line.quantity}
            </small>
          </div>
        </div>
      ))}
    </div>
  );
}

/** What is asked, offered or agreed, whichever came last. */
export function CaseMoney({ item }: { item: AfterSaleCase }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!item.pays_back) return <span className="wb-muted">{t("aftersale.no_money")}</span>;
  const [key, value] = item.agreed ? ["agreed", item.agreed] : item.offered ? ["offered", item.offered] : ["asked", item.asked];
  return (
    <div className="wb-stack case-money">
      <span className="wb-number">{format.money(value as typeof item.asked, true)}</span>
      <small className="wb-muted">{t(`aftersale.${key}`)}</small>
    </div>
  );
}
