import { useTranslation } from "@xingqu/i18n";
import { Form, Input, Segmented, Switch } from "antd";
import { useState } from "react";
import { Field } from "../app/Field";
import { AskDialog } from "../funds/dialogs";
import { CategoryPicker } from "../products/CategoryPicker";
import { type PoolProduct, PoolProducts } from "./PoolProducts";
import { type PoolDetail, usePoolActions, usePreview } from "./queries";
import { draftOf, NO_RULE, type RuleDraft, ruleOf } from "./words";

/** A pool to make, or one to change: its products by hand, or by what they have to be and what that gets at the moment. */
export function PoolDialog({ shopId, pool, onClose }: { shopId: number; pool?: PoolDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const { make, change } = usePoolActions(shopId);
  const [name, setName] = useState(pool?.name ?? "");
  const [note, setNote] = useState(pool?.note ?? "");
  const [isPublic, setPublic] = useState(pool?.is_public ?? true);
  const [way, setWay] = useState<"hand" | "rule">(pool?.rule ? "rule" : "hand");
  const [products, setProducts] = useState<PoolProduct[]>(pool && !pool.rule ? pool.products : []);
  const [draft, setDraft] = useState<RuleDraft>(() => (pool?.rule ? draftOf(pool.rule) : NO_RULE));
  const rule = ruleOf(draft);
  const kept = pool?.rule ?? {};
  const filled = way === "rule" ? rule !== null : products.length > 0;
  const send = () => {
    const body = { name: name.trim(), note: note.trim(), is_public: isPublic, ...(way === "rule" ? { rule: { ...kept, ...rule } } : { product_ids: products.map((product) => product.id) }) };
    return pool ? change(pool.id, body) : make(body);
  };
  return (
    <AskDialog title={t(pool ? "matching.change_pool" : "matching.new_pool")} confirm={t("actions.save")} done={t("matching.made")} ready={name.trim() !== "" && filled} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("matching.pool_name")} htmlFor="pool-name" {...(tried && name.trim() === "" ? { validateStatus: "error" as const } : {})}>
            <Input id="pool-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} data-testid="pool-name" />
          </Form.Item>
          <Form.Item label={t("matching.pool_note")} htmlFor="pool-note">
            <Input id="pool-note" maxLength={400} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
          <p>
            <Segmented value={way} onChange={setWay} options={(["hand", "rule"] as const).map((one) => ({ value: one, label: t(`matching.by_${one}`) }))} />
          </p>
          {way === "hand" ? <PoolProducts shopId={shopId} products={products} onChange={setProducts} /> : <RuleFields draft={draft} onChange={setDraft} />}
          {tried && way === "hand" && products.length === 0 && <p role="alert">{t("matching.no_products")}</p>}
          <p>
            <Switch checked={isPublic} onChange={setPublic} aria-label={t("matching.is_public")} /> {t("matching.is_public")}
          </p>
          {way === "rule" && (rule === null ? <p className="wb-muted">{t("matching.wrong_rule")}</p> : <Preview shopId={shopId} rule={{ ...kept, ...rule }} />)}
        </>
      )}
    </AskDialog>
  );
}

function RuleFields({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation();
  const fields = [
    ["commission", "matching.commission_from", "%"],
    ["from", "matching.price_from", "¥"],
    ["to", "matching.price_to", "¥"],
    ["sold", "matching.min_sold", ""],
  ] as const;
  return (
    <>
      <Field label={t("matching.category")}>
        <CategoryPicker value={draft.categoryId} onChange={(categoryId) => onChange({ ...draft, categoryId: categoryId ?? null })} anyLevel />
      </Field>
      {fields.map(([field, label, suffix]) => (
        <Form.Item key={field} label={t(label)} htmlFor={`pool-${field}`}>
          <Input id={`pool-${field}`} suffix={suffix} inputMode="decimal" maxLength={10} value={draft[field]} onChange={(event) => onChange({ ...draft, [field]: event.target.value })} />
        </Form.Item>
      ))}
    </>
  );
}

function Preview({ shopId, rule }: { shopId: number; rule: Record<string, unknown> }) {
  const { t } = useTranslation();
  const preview = usePreview(shopId, rule);
  return preview.data ? (
    <p className="wb-muted" data-testid="pool-preview">
      {t("matching.would_get", { count: preview.data.total })}: {preview.data.products.map((product) => product.short_name).join(" · ")}
    </p>
  ) : null;
}
