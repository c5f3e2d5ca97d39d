import { useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import { AskDialog } from "../funds/dialogs";
import { type OwnRestriction, useOwnRestrictions } from "./queries";

/** What the platform forbids this account now, why, until when; with its one appeal and the answer. */
export function OwnRestrictions({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useOwnRestrictions(creatorId);
  const [appealing, setAppealing] = useState<OwnRestriction | null>(null);
  const inForce = (found.data ?? []).filter((row) => row.is_in_force);
  return (
    <>
      {inForce.map((row) => (
        <Alert
          key={row.id}
          type="error"
          showIcon
          className="wb-section"
          data-testid={`restricted-${row.kind}`}
          title={`${t(`governance.own.${row.kind}`)} · ${row.until ? t("governance.own.until", { when: format.dateTime(row.until) }) : t("governance.for_good")}`}
          description={
            <>
              <p>{row.reason}</p>
              {row.appeal && (
                <p>
                  {t("governance.appeal")}: {row.appeal} ({t(`governance.state.${row.state}`)})
                </p>
              )}
              {row.answer && (
                <p>
                  {t("governance.answer")}: {row.answer}
                </p>
              )}
            </>
          }
          action={
            editable &&
            row.state === "valid" && (
              <Button size="small" onClick={() => setAppealing(row)} data-testid="restriction-appeal">
                {t("governance.appeal")}
              </Button>
            )
          }
        />
      ))}
      {appealing && <AppealDialog creatorId={creatorId} row={appealing} onClose={() => setAppealing(null)} />}
    </>
  );
}

function AppealDialog({ creatorId, row, onClose }: { creatorId: number; row: OwnRestriction; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const send = async () => {
    client.setQueryData(["own-restrictions", creatorId], await post<OwnRestriction[]>(`/creators/${creatorId}/restrictions/${row.id}/appeal`, { text: text.trim() }));
  };
  return (
    <AskDialog title={t("governance.appeal")} confirm={t("governance.appeal")} done={t("governance.appeal_done")} ready={text.trim() !== ""} onSend={send} onClose={onClose}>
      {(tried) => (
        <Form.Item label={t("governance.appeal_text")} htmlFor="appeal-text" {...(tried && text.trim() === "" ? { validateStatus: "error" as const, help: t("governance.reason_missing") } : {})}>
          <Input.TextArea id="appeal-text" rows={4} maxLength={1000} value={text} onChange={(event) => setText(event.target.value)} data-testid="appeal-text" />
        </Form.Item>
      )}
    </AskDialog>
  );
}
