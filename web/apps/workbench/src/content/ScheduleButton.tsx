import { ClockCircleOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, DatePicker, Modal, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import type { Work } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useDesk } from "./desk";

interface ScheduleButtonProps {
  work: Work;
  disabled: boolean;
  onChanged: (work: Work) => void;
}

/** Publishing at a time: set, moved, taken back. */
export function ScheduleButton({ work, disabled, onChanged }: ScheduleButtonProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const shop = useShop();
  const desk = useDesk(shop.id, work.id);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState<Dayjs | null>(null);
  const run = async (step: Promise<Work>) => {
    try {
      onChanged(await step);
      setOpen(false);
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  return (
    <>
      {work.publish_at && (
        <Tag icon={<ClockCircleOutlined />} color="processing" closable closeIcon onClose={(event) => { event.preventDefault(); void run(desk.unschedule()); }} data-testid="scheduled">
          {t("content.scheduled", { at: format.dateTime(work.publish_at) })}
        </Tag>
      )}
      <Button icon={<ClockCircleOutlined />} disabled={disabled} onClick={() => setOpen(true)} data-testid="schedule-button">
        {t("content.schedule")}
      </Button>
      <Modal
        open={open}
        title={t("content.schedule")}
        okText={t("content.schedule_set")}
        cancelText={t("actions.cancel")}
        okButtonProps={{ disabled: at === null }}
        onOk={() => at && run(desk.schedule(at.toISOString()))}
        onCancel={() => setOpen(false)}
      >
        <p className="wb-muted">{t("content.schedule_help")}</p>
        <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" value={at} onChange={setAt} className="wb-full" aria-label={t("content.schedule")} />
      </Modal>
    </>
  );
}
