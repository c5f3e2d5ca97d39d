import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Select, Skeleton, Table, type TableColumnType, Tag } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import type { WebhookDelivery } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { textKey, useDeliveries } from "./queries";

const COLOURS: Record<string, string> = { waiting: "blue", delivered: "green", failed: "red" };
const STATES = ["waiting", "delivered", "failed"] as const;

/** What became of each delivery; any of them can be sent again. */
export function DeliveriesPanel({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const [state, setState] = useState("");
  const deliveries = useDeliveries(shopId, state);
  const rows = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  const replay = (id: number) =>
    post(`/shops/${shopId}/webhook-deliveries/${id}/replay`)
      .then(() => message.success(t("open.replayed")))
      .then(() => deliveries.refetch())
      .catch((error: unknown) => message.error(errorText(t, error)));
  const columns: TableColumnType<WebhookDelivery>[] = [
    { title: t("open.column.at"), dataIndex: "at", render: (at: string) => format.dateTime(at) },
    { title: t("open.column.topic"), dataIndex: "topic", render: (topic: string) => t(`open.topic.${textKey(topic)}`, { defaultValue: topic }) },
    { title: t("open.column.reference"), dataIndex: "reference", render: (text: string) => <code>{text}</code> },
    { title: t("open.column.url"), dataIndex: "url", ellipsis: true, width: 260, render: (url: string) => <span title={url}>{url}</span> },
    {
      title: t("open.column.state"),
      dataIndex: "state",
      render: (_, row) => (
        <>
          <Tag color={COLOURS[row.state] ?? "default"}>{t(`open.state.${row.state}`)}</Tag>
          {row.due_at && row.attempts > 0 && <small className="wb-muted">{t("open.next_try", { time: format.dateTime(row.due_at) })}</small>}
        </>
      ),
    },
    { title: t("open.column.answer"), dataIndex: "answer", ellipsis: true, width: 180 },
    { title: t("open.column.attempts"), dataIndex: "attempts", align: "right" },
    {
      key: "replay",
      render: (_, row) => (
        <Button size="small" onClick={() => void replay(row.id)} disabled={row.state === "waiting"} data-testid="webhook-replay">
          {t("open.replay")}
        </Button>
      ),
    },
  ];
  if (deliveries.isPending) return <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />;
  if (deliveries.isError) return <ErrorView error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  return (
    <>
      <div className="wb-filters">
        <Select
          value={state}
          onChange={setState}
          aria-label={t("open.column.state")}
          popupMatchSelectWidth={false}
          options={[{ value: "", label: t("open.all_states") }, ...STATES.map((value) => ({ value, label: t(`open.state.${value}`) }))]}
        />
        {rows.length > 0 && <ExportButton path={`/shops/${shopId}/webhook-deliveries`} query={{ state: state || undefined }} testId="deliveries-export" />}
      </div>
      {rows.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={state !== ""} onReset={() => setState("")} title={t("open.deliveries_empty")} help={t("open.deliveries_empty_help")} />
        </div>
      ) : (
        <Table<WebhookDelivery> size="small" rowKey="id" columns={columns} dataSource={rows} pagination={false} scroll={{ x: "max-content" }} />
      )}
      {deliveries.hasNextPage && (
        <Button onClick={() => void deliveries.fetchNextPage()} loading={deliveries.isFetchingNextPage}>
          {t("open.more")}
        </Button>
      )}
    </>
  );
}
