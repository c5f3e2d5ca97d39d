import { DeleteOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Form, Input, Popover, Space, Table, TimePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { post, put, remove } from "../api/http";
import type { QuickReply, ResponseFigures } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useQuickReplies, useResponseFigures } from "./queries";

/** The response figure of today; a click opens the days and what it counts. */
export function Figure() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const figures = useResponseFigures(shop.id);
  const today = figures.data?.days[0];
  if (!figures.data || !today) return null;
  const words = today.rate === null ? t("messages.figure_none") : t("messages.figure_today", { rate: format.percent(today.rate), fast: today.fast, turns: today.turns });
  return (
    <Popover trigger="click" placement="bottomRight" title={t("messages.figure")} content={<Days figures={figures.data} />}>
      <Button type="text" data-testid="response-figure">
        {t("messages.figure")} · {words}
      </Button>
    </Popover>
  );
}

function Days({ figures }: { figures: ResponseFigures }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="wb-popover">
      <p className="wb-muted">{t("messages.definition")}</p>
      <Table
        size="small"
        rowKey="day"
        pagination={false}
        scroll={{ y: 240 }}
        dataSource={figures.days}
        columns={[
          { title: t("messages.day"), dataIndex: "day" },
          { title: t("messages.turns"), dataIndex: "turns", align: "right" },
          { title: t("messages.fast"), dataIndex: "fast", align: "right" },
          { title: t("messages.rate"), key: "rate", align: "right", render: (_, day) => (day.rate === null ? "—" : format.percent(day.rate)) },
        ]}
      />
    </div>
  );
}

const clockOf = (minute: number) => dayjs().startOf("day").add(minute, "minute");

/** Quick replies and service hours. */
export function DeskSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const replies = useQuickReplies(shop.id);
  const figures = useResponseFigures(shop.id);
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const base = `/shops/${shop.id}/chats`;
  const act = async (call: Promise<unknown>, key: string) => {
    try {
      await call;
      await client.invalidateQueries({ queryKey: [key, shop.id] });
      return true;
    } catch (error) {
      void message.error(errorText(t, error));
      return false;
    }
  };
  const add = async () => {
    if (await act(post<QuickReply[]>(`${base}/quick-replies`, { title: title.trim(), text: text.trim() }), "quick-replies")) {
      setTitle("");
      setText("");
    }
  };
  const hours = figures.data?.hours;
  return (
    <Drawer open onClose={onClose} size={480} title={t("messages.quick_manage")}>
      <Form layout="vertical" onFinish={() => void add()}>
        <Form.Item>
          <Input value={title} maxLength={40} placeholder={t("messages.quick_title")} aria-label={t("messages.quick_title")} onChange={(event) => setTitle(event.target.value)} data-testid="quick-title" />
        </Form.Item>
        <Form.Item>
          <Input.TextArea value={text} maxLength={1000} placeholder={t("messages.quick_text")} aria-label={t("messages.quick_text")} onChange={(event) => setText(event.target.value)} data-testid="quick-text" />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={!title.trim() || !text.trim()} data-testid="quick-add">
          {t("messages.quick_add")}
        </Button>
      </Form>
      {replies.data?.length === 0 && <p className="wb-muted">{t("messages.quick_empty")}</p>}
      <ul className="wb-plain-list">
        {replies.data?.map((reply) => (
          <li key={reply.id} className="wb-row-between">
            <span>
              <strong>{reply.title}</strong> <span className="wb-muted">{reply.text}</span>
            </span>
            <Button type="text" icon={<DeleteOutlined />} aria-label={`${t("actions.delete")} ${reply.title}`} onClick={() => void act(remove(`${base}/quick-replies/${reply.id}`), "quick-replies")} />
          </li>
        ))}
      </ul>
      <h2>{t("messages.hours")}</h2>
      {hours && (
        <Space wrap>
          <TimePicker.RangePicker
            format="HH:mm"
            minuteStep={30}
            value={[clockOf(hours.start_minute), clockOf(Math.min(hours.end_minute, 1439))]}
            aria-label={t("messages.hours")}
            onChange={(range) => {
              const [start, end] = (range ?? []).map((each) => (each ? each.hour() * 60 + each.minute() : null));
              if (start != null && end != null) void act(put(`${base}/hours`, { start_minute: start, end_minute: end === 1439 ? 1440 : end }), "chat-figures");
            }}
          />
        </Space>
      )}
      <p className="wb-muted">{t("messages.definition")}</p>
    </Drawer>
  );
}
