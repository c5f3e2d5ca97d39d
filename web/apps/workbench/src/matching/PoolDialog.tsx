import { useTranslation } from "@xingqu/i18n";
import { Form, Input, Switch } from "antd";
import { useState } from "react";
import { AskDialog } from "../funds/dialogs";
import { CategoryPicker } from "../products/CategoryPicker";
import { usePoolActions, usePreview } from "./queries";
import { NO_RULE, ruleOf } from "./words";

/** A pool by rule: what a product has to be, and what that gets at the moment. */
export function PoolDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { make } = usePoolActions(shopId);
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [isPublic, setPublic] = useState(true);
  const [draft, setDraft] = useState(NO_RULE);
  const rule = ruleOf(draft);
  const fields = [
    ["commission", "matching.commission_from", "%"],
    ["from", "matching.price_from", "¥"],
    ["to", "matching.price_to", "¥"],
    ["sold", "matching.min_sold", ""],
  ] as const;
  return (
    <AskDialog title={t("matching.new_pool")} confirm={t("actions.save")} done={t("matching.made")} ready={name.trim() !== "" && rule !== null} onSend={() => make({ name: name.trim(), note: note.trim(), rule, is_public: isPublic })} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("matching.pool_name")} htmlFor="pool-name" {...(tried && name.trim() === "" ? { validateStatus: "error" as const } : {})}>
            <Input id="pool-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} data-testid="pool-name" />
          </Form.Item>
          <Form.Item label={t("matching.pool_note")} htmlFor="pool-note">
            <Input id="pool-note" maxLength={400} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("matching.category")}>
            <CategoryPicker value={draft.categoryId} onChange={(categoryId) => setDraft({ ...draft, categoryId: categoryId ?? null })} anyLevel />
          </Form.Item>
          {fields.map(([field, label, suffix]) => (
            <Form.Item key={field} label={t(label)} htmlFor={`pool-${field}`}>
              <Input id={`pool-${field}`} suffix={suffix} inputMode="decimal" maxLength={10} value={draft[field]} onChange={(event) => setDraft({ ...draft, [field]: event.target.value })} />
            </Form.Item>
          ))}
          <p>
            <Switch checked={isPublic} onChange={setPublic} aria-label={t("matching.is_public")} /> {t("matching.is_public")}
          </p>
          {rule === null ? <p className="wb-muted">{t("matching.wrong_rule")}</p> : <Preview shopId={shopId} rule={rule} />}
        </>
      )}
    </AskDialog>
  );
}

function Preview({ shopId, rule }: { shopId: number; rule: Record<string, number | null> }) {
  const { t } = useTranslation();
  const preview = usePreview(shopId, rule);
  return preview.data ? (
    <p className="wb-muted" data-testid="pool-preview">
      {t("matching.would_get", { count: preview.data.total })}: {preview.data.products.map((product) => product.short_name).join(" · ")}
    </p>
  ) : null;
}
