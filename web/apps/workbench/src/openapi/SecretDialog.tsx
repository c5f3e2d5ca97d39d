import { CopyOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input, Modal, Space } from "antd";

interface SecretDialogProps {
  /** What to keep: labels and values. */
  values: readonly { label: string; value: string }[];
  help: string;
  onClose: () => void;
}

/** Shows a secret with a button to copy; closed only on purpose, for it may be shown this once. */
export function SecretDialog({ values, help, onClose }: SecretDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = async (value: string) => {
    await navigator.clipboard.writeText(value);
    void message.success(t("open.copied"));
  };
  return (
    <Modal
      open
      title={t("open.secret_title")}
      mask={{ closable: false }}
      closable={false}
      footer={
        <Button type="primary" onClick={onClose} data-testid="secret-kept">
          {t("open.done")}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={help} className="open-gap" />
      {values.map(({ label, value }) => (
        <label key={label} className="open-secret">
          <span className="wb-muted">{label}</span>
          <Space.Compact block>
            <Input readOnly value={value} onFocus={(event) => event.target.select()} className="open-code" data-testid={`secret-${label}`} />
            <Button icon={<CopyOutlined />} aria-label={`${t("open.copied")} ${label}`} onClick={() => void copy(value)} />
          </Space.Compact>
        </label>
      ))}
    </Modal>
  );
}
