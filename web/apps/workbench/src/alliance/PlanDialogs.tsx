import { useTranslation } from "@xingqu/i18n";
import { Form, Input } from "antd";
import { useState } from "react";
import { AskDialog } from "../funds/dialogs";
import { ProductSelect } from "../marketing/FlashPanel";
import { type AllianceTerms, type Plan, usePlanActions } from "./queries";
import { parseRate, rateText } from "./rates";

function useRate(terms: AllianceTerms, first: string) {
  const [typed, setTyped] = useState(first);
  const read = parseRate(typed);
  const rate = read !== null && read >= terms.min_commission_bp && read <= terms.max_commission_bp ? read : null;
  return { typed, setTyped, rate };
}

function RateField({ terms, typed, onChange, wrong }: { terms: AllianceTerms; typed: string; onChange: (typed: string) => void; wrong: boolean }) {
  const { t } = useTranslation();
  const range = { least: rateText(terms.min_commission_bp), most: rateText(terms.max_commission_bp) };
  return (
    <Form.Item label={t("alliance.rate")} htmlFor="plan-rate" help={wrong ? t("alliance.wrong_rate", range) : t("alliance.rate_range", range)} {...(wrong ? { validateStatus: "error" as const } : {})}>
      <Input id="plan-rate" suffix="%" inputMode="decimal" maxLength={6} value={typed} onChange={(event) => onChange(event.target.value)} data-testid="plan-rate" />
    </Form.Item>
  );
}

/** Offers a product to every creator. */
export function OpenDialog({ shopId, terms, onClose }: { shopId: number; terms: AllianceTerms; onClose: () => void }) {
  const { t } = useTranslation();
  const { open } = usePlanActions(shopId);
  const [productId, setProductId] = useState<number | null>(null);
  const { typed, setTyped, rate } = useRate(terms, "");
  return (
    <AskDialog title={t("alliance.open_title")} confirm={t("alliance.open")} done={t("alliance.opened")} ready={rate !== null && productId !== null} onSend={() => open({ product_id: productId, commission_bp: rate })} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t("alliance.open_help")}</p>
          <Form.Item label={t("alliance.product")} htmlFor="programme-product" {...(tried && productId === null ? { validateStatus: "error" as const, help: t("alliance.wrong_product") } : {})}>
            <ProductSelect value={productId} onChange={setProductId} />
          </Form.Item>
          <RateField terms={terms} typed={typed} onChange={setTyped} wrong={tried && rate === null} />
        </>
      )}
    </AskDialog>
  );
}

/** Another commission: more counts at once, less from the next day. */
export function RateDialog({ shopId, terms, plan, onClose }: { shopId: number; terms: AllianceTerms; plan: Plan; onClose: () => void }) {
  const { t } = useTranslation();
  const actions = usePlanActions(shopId);
  const { typed, setTyped, rate } = useRate(terms, plan.commission_bp === null ? "" : String(plan.commission_bp / 100));
  return (
    <AskDialog title={t("alliance.change_title")} confirm={t("actions.save")} done={t("alliance.changed")} ready={rate !== null} onSend={() => actions.rate(plan, rate ?? 0)} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{plan.product?.name}</p>
          <RateField terms={terms} typed={typed} onChange={setTyped} wrong={tried && rate === null} />
          <p className="wb-muted">{t("alliance.open_help")}</p>
        </>
      )}
    </AskDialog>
  );
}
