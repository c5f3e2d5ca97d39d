import { useTranslation } from "@xingqu/i18n";
import { Alert, Checkbox, Form, Input, Modal, Skeleton } from "antd";
import { useState } from "react";
import { FieldGroup } from "../app/Field";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { addressProblem, textKey, useOpenCatalogue } from "./queries";
import { hasUse } from "./scopes";

const CONFIRM = { "data-testid": "open-save" } as const;

interface FormDialogProps {
  title: string;
  /** A program has a name and scopes, a webhook an address and topics. */
  kind: "app" | "webhook";
  first: string;
  chosen: readonly string[];
  onSave: (first: string, chosen: string[]) => Promise<void>;
  onClose: () => void;
}

/** One text and a choice of many. A refusal stays beside the fields and nothing typed is lost. */
export function FormDialog({ title, kind, first, chosen, onSave, onClose }: FormDialogProps) {
  const { t } = useTranslation();
  const catalogue = useOpenCatalogue();
  const [text, setText] = useState(first);
  const [marks, setMarks] = useState<string[]>([...chosen]);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const { kind: workplace } = useShop();
  const scopes = catalogue.data?.scopes.filter((scope) => hasUse(workplace, scope.name) || chosen.includes(scope.name));
  const choices = (kind === "app" ? scopes : catalogue.data?.topics) ?? [];
  const words = kind === "app" ? "scope" : "topic";
  const textProblem = kind === "app" ? (text.trim() ? null : "name_missing") : addressProblem(text);
  const save = async () => {
    setTried(true);
    if (textProblem || marks.length === 0) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onSave(text.trim(), marks);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  const bad = (problem: string | null) => (tried && problem ? { validateStatus: "error" as const, help: t(`open.${problem}`) } : {});
  return (
    <Modal open title={title} onCancel={onClose} onOk={() => void save()} okText={t("open.confirm")} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={CONFIRM}>
      <Form layout="vertical" onFinish={() => void save()}>
        <Form.Item label={t(kind === "app" ? "open.name" : "open.url")} htmlFor="open-first" extra={t(kind === "app" ? "open.name_help" : "open.url_help")} {...bad(textProblem)}>
          <Input id="open-first" value={text} maxLength={kind === "app" ? 60 : 500} onChange={(event) => setText(event.target.value)} data-testid="open-first" />
        </Form.Item>
        <FieldGroup label={t(kind === "app" ? "open.scopes" : "open.topics")} {...bad(marks.length === 0 ? "scopes_missing" : null)}>
          {catalogue.isPending ? (
            <Skeleton active paragraph={{ rows: 4 }} />
          ) : (
            <Checkbox.Group value={marks} onChange={(next) => setMarks(next.map(String))} className="open-choices">
              {choices.map(({ name, description }) => (
                <Checkbox key={name} value={name}>
                  {t(`open.${words}.${textKey(name)}`, { defaultValue: description })} <code className="wb-muted">{name}</code>
                </Checkbox>
              ))}
            </Checkbox.Group>
          )}
        </FieldGroup>
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
