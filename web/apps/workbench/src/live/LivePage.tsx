import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, DatePicker, Form, Input, Modal, Skeleton, Space, Table, Tag } from "antd";
import type { Dayjs } from "dayjs";
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

interface Plan {
  title: string;
  scheduled_at?: Dayjs;
}

function PlanDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateRoom(shopId);
  const { message } = App.useApp();
  const [form] = Form.useForm<Plan>();
  const [cover, setCover] = useState<File | null>(null);
  const finish = ({ title, scheduled_at }: Plan) =>
    create.mutate(
      { title, scheduled_at: scheduled_at?.toISOString() ?? null, cover },
      {
        onSuccess: ({ room, refusal }) => {
          if (refusal) void message.error(errorText(t, refusal));
          void navigate(`/shops/${shopId}/live/${room.id}`);
        },
      },
    );
  return (
    <Modal open title={t("live.create")} okText={t("live.plan")} confirmLoading={create.isPending} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <Form form={form} layout="vertical" onFinish={finish}>
        <Form.Item name="title" label={t("live.field.title")} rules={[{ required: true, whitespace: true, max: 60 }]}>
          <Input maxLength={60} showCount data-testid="live-title" />
        </Form.Item>
        <Form.Item name="scheduled_at" label={t("live.field.scheduled_at")}>
          <DatePicker showTime className="wb-full" />
        </Form.Item>
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
      </Form>
      {create.isError && <ErrorView error={create.error} />}
    </Modal>
  );
}

/** A picture that has been chosen and not been sent yet. */
function Preview({ file }: { file: File }) {
  const { t } = useTranslation();
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img src={url} alt={t("live.cover.title")} className="live-desk-cover" data-testid="live-cover-preview" />;
}
