import { useFormat, useTranslation } from "@xingqu/i18n";
import { Grid, Table, Tag } from "antd";
import type { BatchShipCheck, BatchShipResult, Carrier, ShipRefusal } from "../api/types";
import { type CheckedShipRow, hintOf } from "./ship-rows";

interface Props {
  rows: CheckedShipRow[];
  carriers: readonly Carrier[];
  /** What shipping a row would come to, by order number; undefined until it was asked. */
  checks: Map<string, BatchShipCheck["items"][number]> | undefined;
  results: BatchShipResult["items"] | null;
}

type Told = { colour: string; words: string; hint: string };

/** Each line of the file with what becomes of it, and what would be right where it is wrong. */
export function ShipRowsTable({ rows, carriers, checks, results }: Props) {
  const { t } = useTranslation();
  const screens = Grid.useBreakpoint();
  const tell = useTold(carriers, checks, results);
  const outcome = (row: CheckedShipRow) => {
    const { colour, words, hint } = tell(row);
    return (
      <div className="wb-stack" data-testid="ship-row-told">
        <span>
          <Tag color={colour}>{words}</Tag>
        </span>
        {hint && <small className="wb-muted">{hint}</small>}
      </div>
    );
  };
  if (screens.sm === false)
    return (
      <ul className="wb-plain-list wb-cards">
        {rows.map((row) => (
          <li key={row.line} className="wb-card-row">
            <div className="wb-card-body">
              <div className="wb-mono">{row.order_no || t("orders.line_number", { line: row.line })}</div>
              <div>
                {row.carrier_code} <span className="wb-mono">{row.tracking_no}</span>
              </div>
              {outcome(row)}
            </div>
          </li>
        ))}
      </ul>
    );
  return (
    <Table<CheckedShipRow>
      size="small"
      className="wb-batch-table"
      rowKey="line"
      dataSource={rows}
      pagination={false}
      scroll={{ x: 720, y: 320 }}
      columns={[
        { title: t("orders.line"), dataIndex: "line", width: 56 },
        { title: t("orders.column.order_no"), dataIndex: "order_no", width: 190, className: "wb-mono" },
        { title: t("orders.column.carrier"), dataIndex: "carrier_code", width: 90 },
        { title: t("orders.column.tracking_no"), dataIndex: "tracking_no", width: 160, className: "wb-mono" },
        { title: t("orders.column.state"), key: "status", width: 240, render: (_, row) => outcome(row) },
      ]}
    />
  );
}

/** The words for a row, as they stand on screen and in the file of rows that were not shipped. */
export function useTold(carriers: readonly Carrier[], checks: Props["checks"], results: Props["results"]) {
  const { t } = useTranslation();
  const format = useFormat();
  const shipped = new Map(results?.map((result) => [result.order_no, result]));
  const refused = (error: ShipRefusal | null): Told => {
    const code = error?.code ?? "unknown";
    const state = typeof error?.data?.["state"] === "string" ? t(`orders.state.${error.data["state"]}`, { defaultValue: "" }) : "";
    return {
      colour: "error",
      words: t(`orders.ship_refused.${code}`, { defaultValue: "" }) || t(`errors.${code}`, { defaultValue: error?.message ?? t("errors.unknown") }),
      hint: t(`orders.ship_hint.${code}`, { state, defaultValue: "" }),
    };
  };
  return (row: CheckedShipRow): Told => {
    if (row.problem) {
      const hint = hintOf(row, carriers, (carrier) => format.named(carrier));
      return { colour: "error", words: t(`orders.ship_problem.${row.problem}`), hint: hint ? t(`orders.ship_hint.${hint.code}`, hint.values) : "" };
    }
    const result = shipped.get(row.order_no);
    if (result) return result.shipped ? { colour: "success", words: t("orders.state.shipped"), hint: "" } : refused(result.error);
    const check = checks?.get(row.order_no);
    if (check && !check.can_ship) return refused(check.error);
    if (results) return { colour: "default", words: t("orders.not_sent"), hint: "" };
    return check ? { colour: "processing", words: t("orders.row_ready"), hint: "" } : { colour: "default", words: t("orders.row_checking"), hint: "" };
  };
}
