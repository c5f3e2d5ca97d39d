import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Image, Input, Space, Upload } from "antd";
import { type Dispatch, type SetStateAction, useState } from "react";
import type { ShopDocument } from "../api/types";
import { errorText } from "../app/errors";
import { uploadDocument } from "./queries";
import type { DocumentKind } from "./rules";

interface DocumentPickerProps {
  shopId: number;
  kind: DocumentKind;
  locked: boolean;
  documents: readonly ShopDocument[];
  onChange: Dispatch<SetStateAction<ShopDocument[]>>;
}

const MOST_OTHER = 5;

/** Pictures of one kind: uploaded as they are picked, named by the submission that is sent. */
export function DocumentPicker({ shopId, kind, locked, documents, onChange }: DocumentPickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const [validUntil, setValidUntil] = useState("");
  const [busy, setBusy] = useState(false);
  const own = documents.filter((one) => one.kind === kind);
  const upload = async (file: File) => {
    setBusy(true);
    try {
      const added = await uploadDocument(shopId, kind, file, validUntil);
      onChange((now) => [...now, added]);
      setValidUntil("");
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Space wrap align="start">
      <Image.PreviewGroup>
        {own.map((one) => (
          <Space key={one.id} orientation="vertical" size={4}>
            <Image src={one.url} width={112} alt={t(`onboarding.field.${kind}`)} />
            {one.valid_until && <small className="wb-muted">{t("onboarding.valid_until", { day: format.date(one.valid_until) })}</small>}
            {!locked && (
              <Button size="small" type="text" icon={<DeleteOutlined />} onClick={() => onChange((now) => now.filter((each) => each.id !== one.id))}>
                {t("onboarding.remove")}
              </Button>
            )}
          </Space>
        ))}
      </Image.PreviewGroup>
      {!locked && own.length < (kind === "other" ? MOST_OTHER : 1) && (
        <Space orientation="vertical" size={4}>
        {kind !== "licence" && (
          <label className="wb-papers-until">
            <small className="wb-muted">{t("onboarding.until_label")}</small>
            <Input type="date" size="small" value={validUntil} onChange={(event) => setValidUntil(event.target.value)} data-testid={`papers-until-${kind}`} />
          </label>
        )}
        <Upload
          accept="image/jpeg,image/png,image/webp"
          showUploadList={false}
          beforeUpload={(file) => {
            void upload(file);
            return false;
          }}
        >
          <Button icon={<PlusOutlined />} loading={busy} data-testid={`papers-upload-${kind}`}>
            {t("onboarding.upload")}
          </Button>
        </Upload>
        </Space>
      )}
    </Space>
  );
}
