import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Form, Skeleton, Space, Table, Tag } from "antd";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { CoverPicker } from "./DeskCover";
import "./live.css";
import { type DeskRow, useCreateRoom, useDeskRooms } from "./queries";
import { RoomDialog, type RoomFields } from "./RoomDialog";
import { STATE_COLOURS } from "./states";

/** A shop's live rooms: planned, on air, over. */
export default function LivePage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const rooms = useDeskRooms(shop.id);
  const [planning, setPlanning] = useState(false);
  const create = mayEdit(shop.permissions, "live") && (
    <Button type="primary" onClick={() => setPlanning(true)} data-testid="live-create">
      {t("live.create")}
    </Button>
  );
  const actions = (
    <>
      {rooms.data && rooms.data.items.length > 0 && <ExportButton path={`/shops/${shop.id}/live-rooms`} testId="live-export" />}
      {create}
    </>
  );
  const when = (row: DeskRow) => row.started_at ?? row.scheduled_at;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.live")} note={t("live.note")} actions={actions} />
      {rooms.isPending && <Skeleton active className="wb-panel" />}
      {rooms.isError && <ErrorView error={rooms.error} onRetry={() => void rooms.refetch()} />}
      {rooms.data?.items.length === 0 && <EmptyList filtered={false} onReset={() => undefined} title={t("live.empty")} help={t("live.empty_help")} action={create} />}
      {rooms.data && rooms.data.items.length > 0 && (
        <Table<DeskRow>
          size="small"
          rowKey="id"
          dataSource={rooms.data.items}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            { title: t("live.column.title"), key: "title", render: (_, row) => <RoomLink row={row} shopId={shop.id} /> },
            { title: t("live.column.state"), key: "state", render: (_, row) => <Tag color={STATE_COLOURS[row.state]}>{t(`live.state.${row.state}`)}</Tag> },
            { title: t("live.column.when"), key: "when", render: (_, row) => (when(row) ? format.dateTime(when(row)!) : "—") },
            { title: t("live.figure.visitors"), key: "visitors", align: "right", render: (_, row) => format.number(row.visitors) },
            { title: t("live.figure.gmv"), key: "gmv", align: "right", render: (_, row) => format.money(row.gmv) },
          ]}
        />
      )}
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
      <Form.Item label={t("live.cover.title")} extra={t("live.cover.help")}>
        <Space wrap>
          {cover && <Preview file={cover} />}
          <CoverPicker label={t(cover ? "live.cover.replace" : "live.cover.upload")} onPick={setCover} />
          {cover && (
            <Button type="link" onClick={() => setCover(null)}>
              {t("live.cover.remove")}
            </Button>
          )}
        </Space>
      </Form.Item>
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
