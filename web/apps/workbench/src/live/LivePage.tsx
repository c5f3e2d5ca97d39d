import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Space, Tag } from "antd";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { errorText } from "../app/errors";
import { ErrorView } from "../app/ErrorView";
import { FieldGroup } from "../app/Field";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { usePages } from "../table/use-pages";
import { CoverPicker } from "./DeskCover";
import "./live.css";
import { type DeskRow, deskRoomsPage, roomsKey, useCreateRoom } from "./queries";
import { RoomDialog, type RoomFields } from "./RoomDialog";
import { STATE_COLOURS } from "./states";

/** A shop's live rooms: planned, on air, over. */
export default function LivePage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const pages = usePages<DeskRow>(roomsKey(shop.id), deskRoomsPage(shop.id));
  const [planning, setPlanning] = useState(false);
  const create = mayEdit(shop.permissions, "live") && (
    <Button type="primary" onClick={() => setPlanning(true)} data-testid="live-create">
      {t("live.create")}
    </Button>
  );
  const actions = (
    <>
      {shop.kind === "merchant" && (
        <Link to={`/shops/${shop.id}/live/prices`} data-testid="live-prices-link">
          {t("live.prices.title")}
        </Link>
      )}
      {pages.rows.length > 0 && <ExportButton path={`/shops/${shop.id}/live-rooms`} testId="live-export" />}
      {create}
    </>
  );
  const when = (row: DeskRow) => {
    const moment = row.started_at ?? row.scheduled_at;
    return moment ? format.dateTime(moment) : "—";
  };
  const state = (row: DeskRow) => <Tag color={STATE_COLOURS[row.state]}>{t(`live.state.${row.state}`)}</Tag>;
  const columns: DataColumn<DeskRow>[] = [
    { key: "title", title: t("live.column.title"), width: 320, fixed: "left", render: (row) => <RoomLink row={row} shopId={shop.id} /> },
    { key: "state", title: t("live.column.state"), width: 120, render: state },
    { key: "when", title: t("live.column.when"), width: 180, render: when },
    { key: "visitors", title: t("live.figure.visitors"), width: 120, align: "right", render: (row) => format.number(row.visitors) },
    { key: "gmv", title: t("live.figure.gmv"), width: 140, align: "right", render: (row) => format.money(row.gmv) },
  ];
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.live")} note={t("live.note")} actions={actions} />
      <DataTable
        name="live-rooms"
        columns={columns}
        rowKey={(row) => String(row.id)}
        pages={pages}
        rowTestId="live-room"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("live.empty")} help={t("live.empty_help")} action={create} />}
        renderCard={(row) => (
          <>
            <RoomLink row={row} shopId={shop.id} />
            <div>
              {state(row)} <span className="wb-muted">{when(row)}</span>
            </div>
            <div className="wb-muted">
              {t("live.figure.visitors")} {format.number(row.visitors)} · {t("live.figure.gmv")} {format.money(row.gmv)}
            </div>
          </>
        )}
      />
      {planning && <PlanDialog shopId={shop.id} onClose={() => setPlanning(false)} />}
    </div>
  );
}

function RoomLink({ row, shopId }: { row: DeskRow; shopId: number }) {
  return (
    <Link className="wb-line" to={`/shops/${shopId}/live/${row.id}`}>
      {row.cover_url && <img src={row.cover_url} alt="" className="live-row-cover" loading="lazy" />}
      {row.title}
    </Link>
  );
}

function PlanDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateRoom(shopId);
  const { message } = App.useApp();
  const [cover, setCover] = useState<File | null>(null);
  const save = (fields: RoomFields) =>
    create.mutate(
      { ...fields, cover },
      {
        onSuccess: ({ room, refusal }) => {
          if (refusal) void message.error(errorText(t, refusal));
          void navigate(`/shops/${shopId}/live/${room.id}`);
        },
      },
    );
  return (
    <RoomDialog busy={create.isPending} error={create.isError && <ErrorView error={create.error} />} onSave={save} onClose={onClose}>
      <FieldGroup label={t("live.cover.title")} extra={t("live.cover.help")}>
        <Space wrap>
          {cover && <Preview file={cover} />}
          <CoverPicker label={t(cover ? "live.cover.replace" : "live.cover.upload")} onPick={setCover} />
          {cover && (
            <Button type="link" onClick={() => setCover(null)}>
              {t("live.cover.remove")}
            </Button>
          )}
        </Space>
      </FieldGroup>
    </RoomDialog>
  );
}

/** A picture that has been chosen and not been sent yet. */
function Preview({ file }: { file: File }) {
  const { t } = useTranslation();
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img src={url} alt={t("live.cover.title")} className="live-desk-cover" data-testid="live-cover-preview" />;
}
