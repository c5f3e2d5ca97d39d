import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Input, Modal, Space } from "antd";
import { type ChangeEvent, useEffect, useMemo, useRef, useState } from "react";
import type { BatchShipResult, Carrier } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { downloadText, writeCsv } from "../table/csv";
import { ShipRowsTable, useTold } from "./ShipRowsTable";
import { readShipFile, shipSheetAddress, useCarriers, useShipCheck, useShipping } from "./queries";
import { readShipRows } from "./ship-rows";
import "./batch.css";

const ROWS_LIMIT = 200;
const NO_CARRIERS: Carrier[] = [];
const REST_MS = 400;

/** Many parcels at once: the sheet of waiting orders filled in, a file of another program, or pasted rows. Every line is checked
 * before anything is sent, and answered on its own. */
export function BatchShipDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const carriers = useCarriers().data ?? NO_CARRIERS;
  const shipping = useShipping(shop.id);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState<"reading" | "sending" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [results, setResults] = useState<BatchShipResult["items"] | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const typed = useRested(text);
  const rows = useMemo(() => readShipRows(typed, carriers), [typed, carriers]);
  const formed = rows.filter((row) => row.problem === null);
  const tooMany = formed.length > ROWS_LIMIT;
  const check = useShipCheck(shop.id, results ? [] : formed, ROWS_LIMIT);
  const good = formed.filter((row) => check.data?.get(row.order_no)?.can_ship);
  const checking = check.isFetching || typed !== text;
  const tell = useTold(carriers, check.data, results);
  const wait = async (what: "reading" | "sending", work: () => Promise<void>) => {
    setBusy(what);
    setRefusal(null);
    try {
      await work();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(null);
    }
  };
  const send = () => wait("sending", async () => setResults((await shipping.shipBatch(good)).items));
  const onFile = (event: ChangeEvent<HTMLInputElement>) => {
    const picked = event.target.files?.[0];
    event.target.value = "";
    if (picked) void wait("reading", async () => setText((await readShipFile(shop.id, picked)).text));
  };
  const shippedCount = results?.filter((each) => each.shipped).length ?? 0;
  const wrong = rows.filter((row) => tell(row).colour === "error");
  const saveWrong = () => {
    const head = [t("orders.column.order_no"), t("orders.column.carrier"), t("orders.column.tracking_no"), t("orders.wrong_why"), t("orders.wrong_right")];
    const lines = wrong.map((row) => [row.order_no, row.carrier_code, row.tracking_no, tell(row).words, tell(row).hint]);
    downloadText("not-shipped.csv", writeCsv([head, ...lines]));
  };
  const footer = results ? (
    <Button type="primary" onClick={onClose}>
      {t("actions.done")}
    </Button>
  ) : (
    <Space wrap>
      <Button onClick={onClose}>{t("actions.cancel")}</Button>
      <Button type="primary" loading={busy === "sending"} disabled={good.length === 0 || tooMany || checking} onClick={() => void send()} data-testid="batch-confirm">
        {t("orders.batch_send", { count: good.length })}
      </Button>
    </Space>
  );
  return (
    <Modal open width={860} title={t("orders.batch_ship")} onCancel={onClose} footer={footer}>
      <div className="wb-batch">
      {!results && (
        <>
          <ol className="wb-muted">
            <li>{t("orders.batch_step_sheet", { count: ROWS_LIMIT })}</li>
            <li>{t("orders.batch_step_fill")}</li>
            <li>{t("orders.batch_step_check")}</li>
          </ol>
          <Space wrap className="wb-batch-file">
            <Button icon={<DownloadOutlined />} href={shipSheetAddress(shop.id)} download data-testid="batch-sheet">
              {t("orders.batch_sheet")}
            </Button>
            <Button icon={<UploadOutlined />} loading={busy === "reading"} onClick={() => file.current?.click()}>
              {t("orders.batch_file")}
            </Button>
            <input ref={file} type="file" accept=".xlsx,.csv,.txt,.tsv,text/csv" hidden onChange={onFile} aria-label={t("orders.batch_file")} data-testid="batch-file" />
          </Space>
          <Input.TextArea
            rows={5}
            className="wb-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("orders.batch_example")}
            aria-label={t("orders.batch_rows")}
            data-testid="batch-text"
          />
          {tooMany && <Alert type="warning" showIcon title={t("orders.batch_over_limit", { count: ROWS_LIMIT })} />}
        </>
      )}
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} description={t("orders.batch_refused_safe")} />}
      {check.isError && !results && <Alert type="error" showIcon title={errorText(t, check.error)} action={<Button size="small" onClick={() => void check.refetch()}>{t("actions.retry")}</Button>} />}
      {results && <Alert type={shippedCount === rows.length ? "success" : "warning"} showIcon title={t("orders.batch_result", { shipped: shippedCount, count: rows.length })} />}
      {rows.length > 0 && !checking && wrong.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t(results ? "orders.batch_left" : "orders.batch_wrong", { count: wrong.length })}
          action={
            <Button size="small" icon={<DownloadOutlined />} onClick={saveWrong} data-testid="batch-save-wrong">
              {t("orders.batch_save_wrong")}
            </Button>
          }
        />
      )}
      {rows.length > 0 && <ShipRowsTable rows={rows} carriers={carriers} checks={check.data} results={results} />}
      </div>
    </Modal>
  );
}

/** The text once nobody has typed for a moment: each check asks the server. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
