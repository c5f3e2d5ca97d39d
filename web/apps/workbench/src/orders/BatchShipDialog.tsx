import { UploadOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Input, Modal, Table, Tag } from "antd";
import { type ChangeEvent, useMemo, useRef, useState } from "react";
import type { BatchShipResult } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useCarriers, useShipping } from "./queries";
import { type CheckedShipRow, readShipRows } from "./ship-rows";

const ROWS_LIMIT = 200;

/** Many parcels at once: pasted rows or a CSV file, each line answered on its own. */
export function BatchShipDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const carriers = useCarriers();
  const shipping = useShipping(shop.id);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [results, setResults] = useState<BatchShipResult["items"] | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const rows = useMemo(() => readShipRows(text, carriers.data ?? []), [text, carriers.data]);
  const good = rows.filter((row) => row.problem === null);
  const tooMany = good.length > ROWS_LIMIT;
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const answer = await shipping.shipBatch(good);
      setResults(answer.items);
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const onFile = (event: ChangeEvent<HTMLInputElement>) => {
    const picked = event.target.files?.[0];
    event.target.value = "";
    if (picked) void picked.text().then(setText);
  };
  const shippedCount = results?.filter((each) => each.shipped).length ?? 0;
  const footer = results
    ? [
        <Button key="close" type="primary" onClick={onClose}>
          {t("actions.done")}
        </Button>,
      ]
    : [
        <Button key="cancel" onClick={onClose}>
          {t("actions.cancel")}
        </Button>,
        <Button
          key="send"
          type="primary"
          loading={busy}
          disabled={good.length === 0 || tooMany}
          onClick={() => void send()}
          data-testid="batch-confirm"
        >
          {t("orders.batch_send", { count: good.length })}
        </Button>,
      ];
  return (
    <Modal open width={760} title={t("orders.batch_ship")} onCancel={onClose} footer={footer}>
      {!results && (
        <>
          <p className="wb-muted">{t("orders.batch_help", { count: ROWS_LIMIT })}</p>
          <Input.TextArea
            rows={6}
            className="wb-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("orders.batch_example")}
            aria-label={t("orders.batch_rows")}
            data-testid="batch-text"
          />
          <div className="wb-batch-file">
            <Button icon={<UploadOutlined />} onClick={() => file.current?.click()}>
              {t("orders.batch_file")}
            </Button>
            <input ref={file} type="file" accept=".csv,.txt,.tsv,text/csv" hidden onChange={onFile} data-testid="batch-file" />
          </div>
          {tooMany && <Alert type="warning" showIcon title={t("orders.batch_over_limit", { count: ROWS_LIMIT })} />}
        </>
      )}
      {refusal !== null && (
        <Alert type="error" showIcon title={errorText(t, refusal)} description={t("orders.batch_refused_safe")} />
      )}
      {results && (
        <Alert
          type={shippedCount === results.length ? "success" : "warning"}
          showIcon
          title={t("orders.batch_result", { shipped: shippedCount, count: results.length })}
        />
      )}
      {rows.length > 0 && <RowsTable rows={rows} results={results} />}
    </Modal>
  );
}

function RowsTable({ rows, results }: { rows: CheckedShipRow[]; results: BatchShipResult["items"] | null }) {
  const { t } = useTranslation();
  const byOrder = new Map(results?.map((result) => [result.order_no, result]));
  const status = (row: CheckedShipRow) => {
    if (row.problem) return <Tag color="error">{t(`orders.ship_problem.${row.problem}`)}</Tag>;
    const result = byOrder.get(row.order_no);
    if (!result) return results ? <Tag>{t("orders.not_sent")}</Tag> : <Tag color="processing">{t("orders.row_ready")}</Tag>;
    if (result.shipped) return <Tag color="success">{t("orders.state.shipped")}</Tag>;
    const code = result.error?.code ?? "unknown";
    return <Tag color="error">{t(`errors.${code}`, { defaultValue: result.error?.message ?? t("errors.unknown") })}</Tag>;
  };
  return (
    <Table<CheckedShipRow>
      size="small"
      className="wb-batch-table"
      rowKey="line"
      dataSource={rows}
      pagination={false}
      scroll={{ x: 600, y: 260 }}
      columns={[
        { title: t("orders.line"), dataIndex: "line", width: 60 },
        { title: t("orders.column.order_no"), dataIndex: "order_no", width: 180, className: "wb-mono" },
        { title: t("orders.column.carrier"), dataIndex: "carrier_code", width: 100 },
        { title: t("orders.column.tracking_no"), dataIndex: "tracking_no", width: 160, className: "wb-mono" },
        { title: t("orders.column.state"), key: "status", width: 200, render: (_, row) => status(row) },
      ]}
    />
  );
}
