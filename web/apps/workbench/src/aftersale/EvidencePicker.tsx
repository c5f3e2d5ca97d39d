import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Upload } from "antd";
import type { UploadFile } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { uploadEvidence } from "./queries";

const MOST = 9;

/** Up to nine pictures; each is uploaded as it is picked and hangs on the entry that is sent. */
export function EvidencePicker({ root, caseNo, onChange }: { root: string; caseNo: string; onChange: (ids: number[], busy: boolean) => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [files, setFiles] = useState<UploadFile<{ id: number }>[]>([]);
  const tell = (next: UploadFile<{ id: number }>[]) => {
    const kept = next.filter((file) => file.status !== "error").slice(0, MOST);
    setFiles(kept);
    onChange(
      kept.flatMap((file) => (file.response ? [file.response.id] : [])),
      kept.some((file) => file.status === "uploading"),
    );
  };
  return (
    <Upload
      listType="picture-card"
      accept="image/jpeg,image/png,image/webp"
      multiple
      fileList={files}
      onChange={({ fileList }) => tell(fileList)}
      customRequest={({ file, onSuccess, onError }) => {
        uploadEvidence(root, caseNo, file as File).then(
          (answer) => onSuccess?.(answer),
          (error: unknown) => {
            void message.error(errorText(t, error));
            onError?.(error as Error);
          },
        );
      }}
    >
      {files.length < MOST && (
        <span>
          <PlusOutlined /> {t("aftersale.add_picture")}
        </span>
      )}
    </Upload>
  );
}
