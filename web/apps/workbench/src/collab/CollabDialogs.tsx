import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Form, Input, Skeleton, Upload, type UploadFile } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { ErrorView } from "../app/ErrorView";
import { AskDialog } from "../funds/dialogs";
import { type CollaborationDetail, type Side, useBreakOff, useCollaborationActions } from "./queries";
import { PayWay } from "./SampleStepDialog";
import { useMoney } from "./Words";

interface Talk {
  side: Side;
  address: string;
  item: CollaborationDetail;
  onClose: () => void;
}

function Words({ value, onChange, problem }: { value: string; onChange: (text: string) => void; problem: boolean }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t("collab.words")} htmlFor="collab-words" {...(problem ? { validateStatus: "error" as const, help: t("collab.words_wrong") } : {})}>
      <Input.TextArea id="collab-words" rows={3} maxLength={1000} value={value} onChange={(event) => onChange(event.target.value)} data-testid="collab-words" />
    </Form.Item>
  );
}

/** Pays the slot fee into custody. */
export function FundDialog({ side, address, item, onClose }: Talk) {
  const { t } = useTranslation();
  const money = useMoney();
  const actions = useCollaborationActions(side.root);
  const [way, setWay] = useState<"balance" | "provider">("balance");
  const send = async () => {
    const started = await actions.fund(address, item.version, way);
    if (started.redirect_url) location.assign(started.redirect_url);
  };
  return (
    <AskDialog title={t("collab.do.fund")} confirm={t("collab.do.fund")} done={t("collab.done")} ready onSend={send} onClose={onClose}>
      {() => (
        <>
          <p>{t("collab.fund_help", { amount: money(item.terms.slot_fee_minor, item.currency) })}</p>
          <PayWay way={way} onChange={setWay} side="merchant" />
        </>
      )}
    </AskDialog>
  );
}

/** Declines the other side's terms, or takes one's own back. */
export function TurnDownDialog({ side, address, item, name, onClose }: Talk & { name: string }) {
  const { t } = useTranslation();
  const actions = useCollaborationActions(side.root);
  const [text, setText] = useState("");
  return (
    <AskDialog title={t(`collab.do.${name}`)} confirm={t(`collab.do.${name}`)} done={t("collab.done")} ready onSend={async () => void (await actions.step(address, "turn-down", { version: item.version, text: text.trim() }))} onClose={onClose}>
      {() => <Words value={text} onChange={setText} problem={false} />}
    </AskDialog>
  );
}

/** Ends it before its end; what that means in money is shown first, and is what is done. */
export function BreakOffDialog({ side, address, item, onClose }: Talk) {
  const { t } = useTranslation();
  const money = useMoney();
  const actions = useCollaborationActions(side.root);
  const shown = useBreakOff(address);
  const [text, setText] = useState("");
  const send = async () => {
    try {
      await actions.step(address, "break-off", { version: item.version, creator_minor: shown.data?.creator_minor ?? 0, text: text.trim() });
    } finally {
      void shown.refetch();
    }
  };
  return (
    <AskDialog title={t("collab.do.break_off")} confirm={t("collab.do.break_off")} done={t("collab.done")} ready={shown.isSuccess} onSend={send} onClose={onClose}>
      {() => (
        <>
          {shown.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
          {shown.isError && <ErrorView error={shown.error} onRetry={() => void shown.refetch()} />}
          {shown.isSuccess && (
            <ul data-testid="break-off-money">
              <li>{t("collab.break_off.released", { amount: money(shown.data.released_minor) })}</li>
              <li>{t("collab.break_off.creator", { amount: money(shown.data.creator_minor) })}</li>
              <li>{t("collab.break_off.shop", { amount: money(shown.data.shop_minor) })}</li>
            </ul>
          )}
          <p className="wb-muted">{t(`collab.break_off.help.${side.name}`)}</p>
          <Words value={text} onChange={setText} problem={false} />
        </>
      )}
    </AskDialog>
  );
}

/** Asks the platform, or says something in a dispute; with up to nine pictures. */
export function DisputeDialog({ side, address, item, name, onClose }: Talk & { name: string }) {
  const { t } = useTranslation();
  const actions = useCollaborationActions(side.root);
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [files, setFiles] = useState<UploadFile<{ id: number }>[]>([]);
  const busy = files.some((file) => file.status === "uploading");
  const picture_ids = files.flatMap((file) => (file.response ? [file.response.id] : []));
  const send = async () => {
    if (name === "dispute") await actions.step(address, "dispute", { version: item.version, text: text.trim(), picture_ids });
    else await actions.step(address, "statements", { text: text.trim(), picture_ids });
  };
  return (
    <AskDialog title={t(`collab.do.${name}`)} confirm={t(`collab.do.${name}`)} done={t("collab.done")} ready={text.trim() !== "" && !busy} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t("collab.dispute_help")}</p>
          <Words value={text} onChange={setText} problem={tried && text.trim() === ""} />
          <Upload
            listType="picture-card"
            accept="image/jpeg,image/png,image/webp"
            multiple
            fileList={files}
            onChange={({ fileList }) => setFiles(fileList.filter((file) => file.status !== "error").slice(0, 9))}
            customRequest={({ file, onSuccess, onError }) => {
              actions.picture(address, file as File).then(
                (answer) => onSuccess?.(answer),
                (error: unknown) => {
                  void message.error(errorText(t, error));
                  onError?.(error as Error);
                },
              );
            }}
          >
            {files.length < 9 && (
              <span>
                <PlusOutlined /> {t("collab.evidence")}
              </span>
            )}
          </Upload>
        </>
      )}
    </AskDialog>
  );
}
