import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Space, Tag } from "antd";
import { useState } from "react";
import { RulesPanel } from "../reputation/RulesPanel";
import { PageHead } from "../app/PageHead";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { AnswerDialog, RestrictDialog } from "./dialogs";
import { QUEUES, type Queue, type Restriction, restrictionsPage } from "./queries";
import { PastRooms } from "./PastRooms";
import { RoomsOnAir } from "./RoomsOnAir";

/** Who may not go live or sell, appeals to answer, and what is on air. */
export default function RestrictionsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [queue, setQueue] = useState<Queue>("in_force");
  const pages = usePages<Restriction>(["restrictions", queue], restrictionsPage(queue));
  const [adding, setAdding] = useState(false);
  const [doing, setDoing] = useState<{ row: Restriction; step: "answer" | "lift" } | null>(null);
  const until = (row: Restriction) => (row.until ? format.dateTime(row.until) : t("governance.for_good"));
  const state = (row: Restriction) => (row.is_in_force || ["appealed", "voided", "lifted"].includes(row.state) ? t(`governance.state.${row.state}`) : t("governance.over"));
  const steps = (row: Restriction) =>
    (row.is_in_force || row.state === "appealed") && (
      <Space>
        {row.state === "appealed" && (
          <Button size="small" type="primary" onClick={() => setDoing({ row, step: "answer" })} data-testid="restriction-answer">
            {t("governance.answer_appeal")}
          </Button>
        )}
        {row.is_in_force && (
          <Button size="small" onClick={() => setDoing({ row, step: "lift" })} data-testid="restriction-lift">
            {t("governance.lift")}
          </Button>
        )}
      </Space>
    );
  const words = (row: Restriction) => (
    <>
      <div>{row.reason}</div>
      {row.appeal && (
        <small className="wb-muted">
          {t("governance.appeal")}: {row.appeal}
        </small>
      )}
    </>
  );
  const who = (row: Restriction) => (
    <a href={`/creator/${row.creator_id}`}>
      {row.creator_name} <span className="wb-muted">@{row.creator_handle}</span>
    </a>
  );
  const what = (row: Restriction) => (
    <>
      <Tag color={row.severity === "serious" ? "red" : "orange"}>{t(`governance.severity.${row.severity}`)}</Tag> {t(`governance.kind.${row.kind}`)}
    </>
  );
  const columns: DataColumn<Restriction>[] = [
    { key: "who", title: t("governance.who"), width: 200, fixed: "left", render: who },
    { key: "what", title: t("governance.what"), width: 200, render: what },
    { key: "reason", title: t("governance.reason"), width: 300, render: words },
    { key: "made", title: t("governance.made"), width: 180, render: (row) => `${format.dateTime(row.made_at)} ${row.made_by}` },
    { key: "until", title: t("governance.until"), width: 180, render: until },
    { key: "state", title: t("governance.status"), width: 110, render: state },
    { key: "do", title: "", width: 200, render: steps },
  ];
  return (
    <div className="wb-page">
      <PageHead
        title={t("operator.room.creators")}
        note={<span className="wb-muted">{t("governance.note")}</span>}
        actions={
          <Button type="primary" onClick={() => setAdding(true)} data-testid="restrict">
            {t("governance.restrict")}
          </Button>
        }
      />
      <RoomsOnAir />
      <PastRooms />
      <Segmented className="wb-section" value={queue} onChange={setQueue} options={QUEUES.map((value) => ({ value, label: t(`governance.queue.${value}`) }))} />
      <DataTable
        name="restrictions"
        columns={columns}
        rowKey={(row) => String(row.id)}
        pages={pages}
        rowTestId="restriction"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t(`governance.none.${queue}`)} help={t("governance.none_help")} />}
        renderCard={(row) => (
          <div className="wb-panel">
            {who(row)}
            <p>{what(row)}</p>
            {words(row)}
            <p className="wb-muted">
              {state(row)} · {until(row)}
            </p>
            {steps(row)}
          </div>
        )}
      />
      <RulesPanel />
      {adding && <RestrictDialog onClose={() => setAdding(false)} />}
      {doing && <AnswerDialog {...doing} onClose={() => setDoing(null)} />}
    </div>
  );
}
