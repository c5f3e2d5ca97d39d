import { useTranslation } from "@xingqu/i18n";
import { Input, InputNumber, Segmented } from "antd";
import { useState } from "react";
import { CreateDialog, Labelled } from "./CreateDialog";
import { ScopeField } from "./ScopeField";
import { type CouponDraft, couponBody, couponProblems, daysAhead } from "./terms";

interface CouponDialogProps {
  /** The platform's coupons are for all goods or for categories. */
  platform?: boolean;
  onCreate: (body: unknown) => Promise<void>;
  onClose: () => void;
}

const problemsNow = (draft: CouponDraft) => couponProblems(draft, Date.now());

export function CouponDialog({ platform = false, onCreate, onClose }: CouponDialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<CouponDraft>(() => ({
    name: "",
    kind: "fixed",
    threshold: "100",
    discount: "10",
    percent: 10,
    cap: "",
    audience: "everyone",
    stock: 100,
    limit: 1,
    from: "",
    until: daysAhead(7, Date.now()),
    days: 7,
    scope: "all",
    scopeIds: [],
  }));
  const change = (changes: Partial<CouponDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const body = () => (Object.keys(problemsNow(draft)).length > 0 ? null : couponBody(draft, Date.now()));
  return (
    <CreateDialog title={t("marketing.create.coupons")} body={body} onCreate={onCreate} onClose={onClose}>
      {(tried) => {
        const wrong = tried ? problemsNow(draft) : {};
        const problem = (field: string) => (wrong[field] ? t(`marketing.wrong.${wrong[field]}`) : null);
        const money = (field: "threshold" | "discount" | "cap") => (
          <Labelled name={field} label={t(`marketing.field.${field}`)} problem={problem(field)}>
            <Input id={`programme-${field}`} prefix="¥" inputMode="decimal" maxLength={12} value={draft[field]} onChange={(event) => change({ [field]: event.target.value })} />
          </Labelled>
        );
        const count = (field: "stock" | "limit" | "days", max: number) => (
          <Labelled name={field} label={t(`marketing.field.${field}`)} problem={problem(field)}>
            <InputNumber id={`programme-${field}`} min={1} max={max} precision={0} value={draft[field]} onChange={(value) => change({ [field]: value })} />
          </Labelled>
        );
        return (
          <>
            <Labelled name="name" label={t("marketing.field.name")} problem={problem("name")}>
              <Input id="programme-name" maxLength={40} value={draft.name} placeholder={t("marketing.name_example")} onChange={(event) => change({ name: event.target.value })} />
            </Labelled>
            <div className="wb-filters">
              <Segmented value={draft.kind} onChange={(kind) => change({ kind })} options={(["fixed", "rate"] as const).map((kind) => ({ value: kind, label: t(`marketing.kind.${kind}`) }))} />
              <Segmented value={draft.audience} onChange={(audience) => change({ audience })} options={(["everyone", "new_customer"] as const).map((one) => ({ value: one, label: t(`marketing.audience.${one}`) }))} />
            </div>
            <ScopeField draft={draft} platform={platform} problem={problem("scope")} onChange={change} />
            <div className="wb-columns">
              {money("threshold")}
              {draft.kind === "fixed" ? (
                money("discount")
              ) : (
                <>
                  <Labelled name="percent" label={t("marketing.field.percent")} problem={problem("percent")}>
                    <InputNumber id="programme-percent" min={0.01} max={99} precision={2} suffix="%" value={draft.percent} onChange={(percent) => change({ percent })} />
                  </Labelled>
                  {money("cap")}
                </>
              )}
              {count("stock", 10_000_000)}
              {count("limit", 100)}
              {count("days", 366)}
              <Labelled name="from" label={t("marketing.field.from")} problem={problem("from")}>
                <Input id="programme-from" type="datetime-local" value={draft.from} onChange={(event) => change({ from: event.target.value })} />
              </Labelled>
              <Labelled name="until" label={t("marketing.field.until")} problem={problem("until")}>
                <Input id="programme-until" type="datetime-local" value={draft.until} onChange={(event) => change({ until: event.target.value })} />
              </Labelled>
            </div>
          </>
        );
      }}
    </CreateDialog>
  );
}
