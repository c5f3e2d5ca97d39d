import { useTranslation } from "@xingqu/i18n";
import { DatePicker, Form, Input, Modal, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import type { ReactNode } from "react";
import type { DeskRoom } from "./queries";

const MODES = ["off", "draft", "publish"] as const;

interface Plan {
  title: string;
  scheduled_at?: Dayjs | null;
  is_ai_host?: boolean;
  replay_mode?: (typeof MODES)[number];
  clip_mode?: (typeof MODES)[number];
}

export type RoomFields = Omit<Plan, "scheduled_at"> & { scheduled_at?: string | null };

interface RoomDialogProps {
  /** Absent: a room is planned. */
  room?: DeskRoom;
  busy: boolean;
  error: ReactNode;
  /** More fields, at the end. */
  children?: ReactNode;
  onSave: (fields: RoomFields) => void;
  onClose: () => void;
}

/** What a room is called, when it begins, who hosts it, and what becomes of its recording. */
export function RoomDialog({ room, busy, error, children, onSave, onClose }: RoomDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Plan>();
  const planned = !room || room.state === "scheduled";
  const finish = ({ scheduled_at, ...plain }: Plan) => onSave({ ...plain, ...(planned && scheduled_at ? { scheduled_at: scheduled_at.toISOString() } : {}) });
  const modes = MODES.map((mode) => ({ value: mode, label: t(`live.mode.${mode}`) }));
  return (
    <Modal open title={t(room ? "live.settings" : "live.create")} okText={t(room ? "live.selling.save" : "live.plan")} confirmLoading={busy} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <Form
        form={form}
        layout="vertical"
        onFinish={finish}
        initialValues={room ? { title: room.title, scheduled_at: room.scheduled_at ? dayjs(room.scheduled_at) : null, is_ai_host: room.is_ai_host, replay_mode: room.replay_mode, clip_mode: room.clip_mode } : { is_ai_host: false }}
      >
        <Form.Item name="title" label={t("live.field.title")} rules={[{ required: true, whitespace: true, max: 60 }]}>
          <Input maxLength={60} showCount data-testid="live-title" />
        </Form.Item>
        {planned && (
          <Form.Item name="scheduled_at" label={t("live.field.scheduled_at")}>
            <DatePicker showTime className="wb-full" allowClear={!room?.scheduled_at} />
          </Form.Item>
        )}
        <Form.Item name="is_ai_host" label={t("live.field.is_ai_host")} extra={t("live.ai_help")} valuePropName="checked">
          <Switch data-testid="live-ai-host" />
        </Form.Item>
        {room &&
          (["replay_mode", "clip_mode"] as const).map((name) => (
            <Form.Item key={name} name={name} label={t(`live.field.${name}`)}>
              <Select options={modes} />
            </Form.Item>
          ))}
        {children}
      </Form>
      {error}
    </Modal>
  );
}
