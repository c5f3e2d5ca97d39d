import { useTranslation } from "@xingqu/i18n";
import { App, Button, Input, Modal, QRCode, Space } from "antd";

/** The short address that visitors open: it leads to the product and credits the creator. */
export const shortAddress = (pickSource: string, origin = location.origin) => `${origin}/picks/${pickSource}`;

/** A creator's link to hand on: to copy, or to show as a QR code. */
export function ShareLink({ pickSource, name, onClose }: { pickSource: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  return <LinkDialog title={t("showcase.link")} note={name} help={t("showcase.link_help")} address={shortAddress(pickSource)} onClose={onClose} />;
}

/** An address to hand on. */
export function LinkDialog({ title, note, help, address, onClose }: { title: string; note: string; help: string; address: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(address).then(
      () => void message.success(t("showcase.copied")),
      () => void message.warning(t("showcase.copy_by_hand")),
    );
  return (
    <Modal open title={title} onCancel={onClose} footer={null}>
      <p>{note}</p>
      <Space.Compact className="wb-full">
        <Input readOnly value={address} aria-label={title} onFocus={(event) => event.target.select()} data-testid="share-address" />
        <Button type="primary" onClick={() => void copy()} data-testid="share-copy">
          {t("showcase.copy")}
        </Button>
      </Space.Compact>
      <p className="wb-muted">{help}</p>
      <QRCode value={address} type="svg" color="#000" bgColor="#fff" />
    </Modal>
  );
}
