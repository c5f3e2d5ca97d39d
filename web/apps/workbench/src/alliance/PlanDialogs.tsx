import { useTranslation } from "@xingqu/i18n";
import { Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useCreatorSearch } from "../app/creators";
import { FieldGroup } from "../app/Field";
import { AskDialog } from "../funds/dialogs";
import { ProductSelect } from "../marketing/FlashPanel";
import { Preview } from "./Preview";
import { type AllianceTerms, type Plan, usePlanActions } from "./queries";
import { parseRate, rateText } from "./rates";

/** Kinds that a shop opens by itself; a colonel's activity is entered by enrolling. */
const KINDS = ["simple_plan", "exclusive_plan", "targeted_plan"] as const;
type Kind = (typeof KINDS)[number];

function useRate(terms: AllianceTerms, first: string) {
  const [typed, setTyped] = useState(first);
  const read = parseRate(typed);
  const rate = read !== null && read >= terms.min_commission_bp && read <= terms.max_commission_bp ? read : null;
  return { typed, setTyped, rate };
}

export function RateField({ terms, typed, onChange, wrong }: { terms: AllianceTerms; typed: string; onChange: (typed: string) => void; wrong: boolean }) {
  const { t } = useTranslation();
  const range = { least: rateText(terms.min_commission_bp), most: rateText(terms.max_commission_bp) };
  return (
    <Form.Item label={t("alliance.rate")} htmlFor="plan-rate" help={wrong ? t("alliance.wrong_rate", range) : t("alliance.rate_range", range)} {...(wrong ? { validateStatus: "error" as const } : {})}>
      <Input id="plan-rate" suffix="%" inputMode="decimal" maxLength={6} value={typed} onChange={(event) => onChange(event.target.value)} data-testid="plan-rate" />
    </Form.Item>
  );
}

function CreatorsField({ terms, value, onChange, wrong }: { terms: AllianceTerms; value: string[]; onChange: (handles: string[]) => void; wrong: boolean }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { creators, searching, label } = useCreatorSearch(typed);
  return (
    <Form.Item label={t("alliance.creators")} htmlFor="plan-creators" extra={t("alliance.creators_help", { most: terms.max_named_creators })} {...(wrong ? { validateStatus: "error" as const, help: t("alliance.wrong_creators") } : {})}>
      <Select
        id="plan-creators"
        mode="tags"
        tokenSeparators={[",", " ", "，", "\n"]}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        loading={searching}
        value={value}
        onChange={onChange}
        options={creators.map((one) => ({ value: one.handle, label: label(one) }))}
        data-testid="plan-creators"
      />
    </Form.Item>
  );
}

/** Offers a product: to every creator, or to those who are named. */
export function OpenDialog({ shopId, terms, onClose }: { shopId: number; terms: AllianceTerms; onClose: () => void }) {
  const { t } = useTranslation();
  const { open } = usePlanActions(shopId);
  const [kind, setKind] = useState<Kind>("simple_plan");
  const [productId, setProductId] = useState<number | null>(null);
  const [handles, setHandles] = useState<string[]>([]);
  const { typed, setTyped, rate } = useRate(terms, "");
  const named = kind !== "simple_plan";
  const ready = rate !== null && productId !== null && (!named || handles.length > 0);
  const send = () => open({ product_id: productId, kind, commission_bp: rate, handles: named ? handles : [] });
  return (
    <AskDialog title={t("alliance.open")} confirm={t("alliance.open")} done={t("alliance.opened")} ready={ready} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <FieldGroup label={t("alliance.column.kind")}>
            <Radio.Group value={kind} onChange={(event) => setKind(event.target.value as Kind)} optionType="button" options={KINDS.map((one) => ({ value: one, label: t(`alliance.kind.${one}`) }))} data-testid="plan-kind" />
            <p className="wb-muted">{t(`alliance.kind_help.${kind}`)}</p>
          </FieldGroup>
          <Form.Item label={t("alliance.product")} htmlFor="programme-product" {...(tried && productId === null ? { validateStatus: "error" as const, help: t("alliance.wrong_product") } : {})}>
            <ProductSelect value={productId} onChange={setProductId} />
          </Form.Item>
          {named && <CreatorsField terms={terms} value={handles} onChange={setHandles} wrong={tried && handles.length === 0} />}
          <RateField terms={terms} typed={typed} onChange={setTyped} wrong={tried && rate === null} />
          <Preview commissionBp={rate} platformBp={terms.platform_bp} techBp={terms.tech_service_fee_bp} />
          <p className="wb-muted">{cutText(t, terms)}</p>
        </>
      )}
    </AskDialog>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

const cutText = (t: Translate, terms: AllianceTerms) => (terms.cut_wait_days === 1 ? t("alliance.cut_help") : t("alliance.cut_help_days", { days: terms.cut_wait_days }));

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
          <Preview commissionBp={rate} serviceBp={plan.service_bp} platformBp={terms.platform_bp} techBp={terms.tech_service_fee_bp} />
          <p className="wb-muted">{cutText(t, terms)}</p>
        </>
      )}
    </AskDialog>
  );
}

/** Who is on the list of an exclusive or targeted plan. */
export function CreatorsDialog({ shopId, terms, plan, onClose }: { shopId: number; terms: AllianceTerms; plan: Plan; onClose: () => void }) {
  const { t } = useTranslation();
  const { creators } = usePlanActions(shopId);
  const [handles, setHandles] = useState<string[]>(plan.creators.map((one) => one.handle));
  return (
    <AskDialog title={t("alliance.creators")} confirm={t("actions.save")} done={t("alliance.changed")} ready={handles.length > 0} onSend={() => creators(plan, handles)} onClose={onClose}>
      {(tried) => (
        <>
          <CreatorsField terms={terms} value={handles} onChange={setHandles} wrong={tried && handles.length === 0} />
          <p className="wb-muted">{t("alliance.list_help")}</p>
        </>
      )}
    </AskDialog>
  );
}
