import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Form, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { errorText } from "../app/errors";

interface CreateDialogProps {
  title: string;
  /** The body to send, or null while something is wrong: then the fields show what. */
  body: () => unknown;
  onCreate: (body: unknown) => Promise<void>;
  onClose: () => void;
  children: (tried: boolean) => ReactNode;
  width?: number;
}

const CONFIRM = { "data-testid": "programme-confirm" } as const;

/** A dialog that makes a programme; a refusal stays beside the fields and nothing typed is lost. */
export function CreateDialog({ title, body, onCreate, onClose, children, width = 560 }: CreateDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const confirm = async () => {
    setTried(true);
    const content = body();
    if (content === null) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onCreate(content);
      void message.success(t("marketing.created"));
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={title} onCancel={onClose} onOk={() => void confirm()} okText={t("marketing.confirm")} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={CONFIRM} width={width}>
      <Form layout="vertical" onFinish={() => void confirm()}>
        {children(tried)}
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <p className="wb-muted">{t("marketing.terms_fixed")}</p>
    </Modal>
  );
}

/** A labelled field with its problem, once sending was tried. */
export function Labelled({ name, label, problem, children }: { name: string; label: string; problem: string | null | undefined; children: ReactNode }) {
  return (
    <Form.Item label={label} htmlFor={`programme-${name}`} {...(problem ? { validateStatus: "error" as const, help: problem } : {})}>
      {children}
    </Form.Item>
  );
}
