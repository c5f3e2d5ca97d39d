import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { DatePicker, Form, Input, InputNumber, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { get } from "../api/http";
import type { MerchantProduct, Page } from "../api/types";
import { Field, FieldGroup } from "../app/Field";
import type { Side, Terms } from "./queries";
import { type TermsDraft, termsProblems } from "./steps";

const DAY = "YYYY-MM-DD";

/** First terms: ten days from tomorrow, one release when what was sold has had time to settle. */
export function firstTerms(terms?: Terms): TermsDraft {
  const start = dayjs().add(1, "day");
  if (!terms) {
    return { product_ids: [], commission: "20", slot_fee: 0, target: 0, release_kind: "proportional", starts_on: start.format(DAY), ends_on: start.add(9, "day").format(DAY), release_days: [start.add(30, "day").format(DAY)], works: 1, lives: 0, note: "" };
  }
  return { product_ids: terms.product_ids, commission: String(terms.commission_bp / 100), slot_fee: terms.slot_fee_minor, target: terms.target_minor, release_kind: terms.release_kind, starts_on: terms.starts_on, ends_on: terms.ends_on, release_days: terms.release_days, works: terms.works, lives: terms.lives, note: terms.note };
}

export interface ProductChoice {
  id: number;
  name: string;
}

/** All that is agreed on. `products`: those to choose from where they are not all of the own shop; `onSearch`: looks for others. */
export function TermsForm({ draft, onChange, tried, side, products, onSearch }: { draft: TermsDraft; onChange: (draft: TermsDraft) => void; tried: boolean; side: Side; products?: ProductChoice[] | undefined; onSearch?: (typed: string) => void }) {
  const { t } = useTranslation();
  const problems = tried ? termsProblems(draft) : [];
  const wrong = (name: string) => (problems.includes(name) ? { validateStatus: "error" as const, help: t(`collab.wrong.${name}`) } : {});
  const set = (part: Partial<TermsDraft>) => onChange({ ...draft, ...part });
  const amount = (name: "slot_fee" | "target") => <InputNumber id={`terms-${name}`} prefix="¥" min={0} max={1_000_000} precision={2} value={draft[name] / 100} onChange={(value) => set({ [name]: Math.round((value ?? 0) * 100) })} data-testid={`terms-${name}`} style={{ width: 180 }} />;
  return (
    <>
      <Form.Item label={t("collab.terms.products")} htmlFor="terms-products" {...wrong("product_ids")}>
        {products ? <Select id="terms-products" mode="multiple" showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: "label" }} value={draft.product_ids} onChange={(product_ids: number[]) => set({ product_ids })} options={products.map((each) => ({ value: each.id, label: each.name }))} /> : <ShopProducts side={side} value={draft.product_ids} onChange={(product_ids) => set({ product_ids })} />}
      </Form.Item>
      <Form.Item label={t("collab.terms.commission_bp")} htmlFor="terms-rate" {...wrong("commission_bp")}>
        <Input id="terms-rate" suffix="%" inputMode="decimal" maxLength={5} value={draft.commission} onChange={(event) => set({ commission: event.target.value })} style={{ width: 120 }} data-testid="terms-rate" />
      </Form.Item>
      <Field label={t("collab.terms.days")} {...wrong("ends_on")}>
        <DatePicker.RangePicker value={[dayjs(draft.starts_on), dayjs(draft.ends_on)]} onChange={(days) => set({ starts_on: days?.[0]?.format(DAY) ?? "", ends_on: days?.[1]?.format(DAY) ?? "" })} />
      </Field>
      <Form.Item label={t("collab.terms.slot_fee_minor")} htmlFor="terms-slot_fee">
        {amount("slot_fee")}
      </Form.Item>
      {draft.slot_fee > 0 && (
        <>
          <Form.Item label={t("collab.terms.target_minor")} htmlFor="terms-target" {...wrong("target_minor")}>
            {amount("target")}
          </Form.Item>
          <FieldGroup label={t("collab.terms.release_kind")}>
            <Radio.Group value={draft.release_kind} onChange={(event) => set({ release_kind: event.target.value as "threshold" })} options={(["proportional", "threshold"] as const).map((value) => ({ value, label: t(`collab.release.${value}`) }))} />
          </FieldGroup>
        </>
      )}
      <Field label={t("collab.terms.release_days")} extra={t("collab.terms.release_help")} {...wrong("release_days")}>
        <DatePicker multiple value={draft.release_days.map((day) => dayjs(day))} onChange={(days) => set({ release_days: (Array.isArray(days) ? days : [days]).flatMap((day) => (day ? [day.format(DAY)] : [])) })} style={{ width: "100%" }} />
      </Field>
      <Form.Item label={t("collab.terms.works")} htmlFor="terms-works">
        <InputNumber id="terms-works" min={0} max={1000} precision={0} value={draft.works} onChange={(value) => set({ works: value ?? 0 })} /> <InputNumber aria-label={t("collab.terms.lives")} prefix={t("collab.terms.lives")} min={0} max={1000} precision={0} value={draft.lives} onChange={(value) => set({ lives: value ?? 0 })} style={{ width: 180 }} />
      </Form.Item>
      <Form.Item label={t("collab.terms.note")} htmlFor="terms-note">
        <Input.TextArea id="terms-note" rows={2} maxLength={400} value={draft.note} onChange={(event) => set({ note: event.target.value })} />
      </Form.Item>
    </>
  );
}

function ShopProducts({ side, value, onChange }: { side: Side; value: number[]; onChange: (ids: number[]) => void }) {
  const [q, setQ] = useState("");
  const found = useQuery({ queryKey: ["products", side.shopId, "pick", q], queryFn: ({ signal }) => get<Page<MerchantProduct>>(`/shops/${side.shopId}/products`, { q, state: "on_sale", limit: 20 }, signal), staleTime: 30_000 });
  return <Select id="terms-products" data-testid="terms-products" mode="multiple" value={value} onChange={onChange} loading={found.isPending} showSearch={{ filterOption: false, onSearch: setQ }} options={(found.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} />;
}
