import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { BatchResult } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { CategoryPicker } from "../products/CategoryPicker";
import { ResultTable } from "./ResultTable";
import { BATCH_KINDS, type BatchKind, type TypedChange, batchBody, countRows } from "./change";
import { runBatch } from "./queries";
import { useBatchDone } from "./use-batch-done";

/** One change of all ticked products: chosen, previewed as the server would do it, then done. */
export function BatchDialog({ ids, onClose, onDone }: { ids: number[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const tell = useBatchDone();
  const [typed, setTyped] = useState<TypedChange>({ kind: "price_percent", number: "", category_id: undefined, tags: [] });
  const [preview, setPreview] = useState<BatchResult | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const body = batchBody(typed);
  const change = (part: Partial<TypedChange>) => {
    setTyped((current) => ({ ...current, ...part }));
    setPreview(null);
  };
  const run = async (dryRun: boolean) => {
    if (!body) return;
    setBusy(true);
    setRefusal(null);
    try {
      const result = await runBatch(shop.id, ids, body, dryRun);
      if (dryRun) setPreview(result);
      else {
        await tell(result);
        onDone();
      }
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const counts = preview ? countRows(preview.rows) : null;
  return (
    <Modal
      open
      width={760}
      title={t("batch.title", { count: ids.length })}
      onCancel={onClose}
      data-testid="batch-dialog"
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t("actions.cancel")}
        </Button>,
        <Button key="preview" type={preview ? "default" : "primary"} loading={busy && !preview} disabled={!body} onClick={() => void run(true)} data-testid="batch-preview">
          {t("batch.preview")}
        </Button>,
        counts && (
          <Button key="apply" type="primary" loading={busy} disabled={counts.changed === 0} onClick={() => void run(false)} data-testid="batch-apply">
            {t("batch.apply", { count: counts.changed })}
          </Button>
        ),
      ]}
    >
      <Form layout="vertical" onFinish={() => void run(true)}>
        <Form.Item label={t("batch.what")} htmlFor="batch-kind" extra={t(`batch.help.${typed.kind}`)}>
          <Select<BatchKind>
            id="batch-kind"
            value={typed.kind}
            onChange={(kind) => change({ kind, number: "" })}
            options={BATCH_KINDS.map((kind) => ({ value: kind, label: t(`batch.kind.${kind}`) }))}
            data-testid="batch-kind"
          />
        </Form.Item>
        <ChangeValue typed={typed} valid={body !== null} change={change} />
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      {preview && counts && (
        <>
          <Alert type="info" showIcon title={t("batch.preview_note", counts)} className="wb-section" data-testid="batch-preview-note" />
          <ResultTable rows={preview.rows} />
        </>
      )}
    </Modal>
  );
}

interface ChangeValueProps {
  typed: TypedChange;
  valid: boolean;
  change: (part: Partial<TypedChange>) => void;
}

function ChangeValue({ typed, valid, change }: ChangeValueProps) {
  const { t } = useTranslation();
  if (typed.kind === "category") {
    return (
      <Form.Item>
        <CategoryPicker value={typed.category_id} onChange={(category_id) => change({ category_id: category_id ?? undefined })} />
      </Form.Item>
    );
  }
  if (typed.kind === "tags_add" || typed.kind === "tags_remove") {
    return (
      <Form.Item label={t("batch.tags")} htmlFor="batch-tags">
        <Select id="batch-tags" mode="tags" maxCount={10} open={false} suffixIcon={null} value={typed.tags} onChange={(tags: string[]) => change({ tags: tags.map((tag) => tag.trim().slice(0, 24)).filter(Boolean) })} />
      </Form.Item>
    );
  }
  const wrong = typed.number !== "" && !valid;
  return (
    <Form.Item label={t("batch.value")} htmlFor="batch-number" {...(wrong ? { validateStatus: "error" as const, help: t("batch.bad_value") } : {})}>
      <Input
        id="batch-number"
        inputMode="decimal"
        value={typed.number}
        suffix={t(`batch.unit.${typed.kind}`)}
        onChange={(event) => change({ number: event.target.value })}
        data-testid="batch-number"
      />
    </Form.Item>
  );
}
