import { useTranslation } from "@xingqu/i18n";
import { DatePicker, Form, Input, Radio, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { FieldGroup } from "../app/Field";
import { AskDialog } from "../funds/dialogs";
import { type Restriction, type RoomOnAir, useFoundCreators, useGovernance } from "./queries";

const wrong = (is: boolean, help: string) => (is ? { validateStatus: "error" as const, help } : {});

/** Who, what, why, until when. */
export function RestrictDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { restrict } = useGovernance();
  const [q, setQ] = useState("");
  const found = useFoundCreators(q);
  const [creatorId, setCreatorId] = useState<number>();
  const [kind, setKind] = useState("live");
  const [severity, setSeverity] = useState("general");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState<Dayjs | null>(() => dayjs().add(7, "day"));
  const send = async () => void (await restrict({ creator_id: creatorId, kind, severity, reason: reason.trim(), until: until?.toISOString() ?? null }));
  return (
    <AskDialog title={t("governance.restrict")} confirm={t("governance.restrict")} done={t("governance.restrict_done")} ready={creatorId !== undefined && reason.trim() !== ""} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("governance.who")} htmlFor="restrict-who" {...wrong(tried && creatorId === undefined, t("governance.who_missing"))}>
            <Select
              id="restrict-who"
              showSearch={{ filterOption: false, onSearch: setQ }}
              value={creatorId}
              onChange={setCreatorId}
              loading={found.isFetching}
              placeholder={t("governance.who_help")}
              options={(found.data ?? []).map((one) => ({ value: one.id, label: `${one.name} @${one.handle}` }))}
            />
          </Form.Item>
          <FieldGroup label={t("governance.what")}>
            <Radio.Group value={kind} onChange={(event) => setKind(event.target.value as string)} options={["live", "selling"].map((value) => ({ value, label: t(`governance.kind.${value}`) }))} />
          </FieldGroup>
          <FieldGroup label={t("governance.degree")}>
            <Radio.Group value={severity} onChange={(event) => setSeverity(event.target.value as string)} options={["general", "serious"].map((value) => ({ value, label: t(`governance.severity.${value}`) }))} />
          </FieldGroup>
          <Form.Item label={t("governance.reason")} htmlFor="restrict-reason" {...wrong(tried && reason.trim() === "", t("governance.reason_missing"))}>
            <Input.TextArea id="restrict-reason" rows={3} maxLength={400} value={reason} onChange={(event) => setReason(event.target.value)} data-testid="restrict-reason" />
          </Form.Item>
          <Form.Item label={t("governance.until")} htmlFor="restrict-until">
            <DatePicker id="restrict-until" showTime value={until} minDate={dayjs()} onChange={setUntil} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}

/** Answer an appeal, or lift a restriction. */
export function AnswerDialog({ row, step, onClose }: { row: Restriction; step: "answer" | "lift"; onClose: () => void }) {
  const { t } = useTranslation();
  const { answer, lift } = useGovernance();
  const [isVoid, setVoid] = useState(false);
  const [text, setText] = useState("");
  const needed = step === "answer" && text.trim() === "";
  const send = () => (step === "answer" ? answer(row.id, { void: isVoid, answer: text.trim() }) : lift(row.id, { answer: text.trim() }));
  const title = t(step === "answer" ? "governance.answer_appeal" : "governance.lift");
  return (
    <AskDialog title={title} confirm={title} done={t("governance.done")} ready={!needed} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          {step === "answer" ? (
            <>
              <p>{row.appeal}</p>
              <Form.Item>
                <Radio.Group value={isVoid} onChange={(event) => setVoid(event.target.value as boolean)} options={[false, true].map((value) => ({ value, label: t(value ? "governance.void" : "governance.uphold") }))} />
              </Form.Item>
            </>
          ) : (
            <p className="wb-muted">{t("governance.lift_help")}</p>
          )}
          <Form.Item label={t("governance.answer")} htmlFor="restriction-text" {...wrong(tried && needed, t("governance.reason_missing"))}>
            <Input.TextArea id="restriction-text" rows={3} maxLength={400} value={text} onChange={(event) => setText(event.target.value)} data-testid="restriction-text" />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}

/** End or ban a room that is on air. */
export function RoomDialog({ room, step, onClose }: { room: RoomOnAir; step: "end" | "ban"; onClose: () => void }) {
  const { t } = useTranslation();
  const { endRoom, banRoom } = useGovernance();
  const [reason, setReason] = useState("");
  const send = () => (step === "end" ? endRoom : banRoom)(room.id, reason.trim());
  return (
    <AskDialog title={t(`governance.room.${step}`)} confirm={t(`governance.room.${step}`)} done={t("governance.done")} ready={reason.trim() !== ""} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t(`governance.room.${step}_help`)}</p>
          <Form.Item label={t("governance.reason")} htmlFor="room-reason" {...wrong(tried && reason.trim() === "", t("governance.reason_missing"))}>
            <Input id="room-reason" maxLength={120} value={reason} onChange={(event) => setReason(event.target.value)} data-testid="room-reason" />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
