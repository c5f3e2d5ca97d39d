import { useFormat, useTranslation } from "@xingqu/i18n";
import { Segmented, Space, Tag } from "antd";
import { Link } from "react-router";
import { ColumnChoice, DataTable, type DataColumn } from "../table/DataTable";
import { useShopNames } from "../operator/shops";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { type Settlement, settlementsPage } from "./queries";

const STATES = ["all", "pending", "on_hold", "settled", "void"] as const;
const FILTERS = { tab: { type: "text" }, state: { type: "choice", choices: STATES, default: "all" } } as const satisfies FilterSchema;
const COLOUR = { pending: "processing", settled: "success", void: "default" } as const;

/** Orders on their way from receipt to the balance; without a shop (for operators) those of all. */
export function SettlementsPanel({ path, queryKey, shopId }: { path: string; queryKey: unknown[]; shopId: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { values, change } = useUrlFilters(FILTERS);
  const state = STATES.find((one) => one === values.state) ?? "all";
  const setState = (next: (typeof STATES)[number]) => change({ state: next });
  const pages = usePages<Settlement>([...queryKey, state], settlementsPage(path, state));
  const shown = (row: Settlement) => (
    <>
      <Tag color={row.waits_for ? "warning" : COLOUR[row.state]}>{row.waits_for ? t("funds.state.on_hold") : t(`funds.state.${row.state}`)}</Tag>
      {row.waits_for && <span className="wb-muted">{t(`funds.waits_for.${row.waits_for}`)}</span>}
    </>
  );
  const order = (row: Settlement) => (shopId === null ? row.order_no : <Link to={`/shops/${shopId}/orders?order=${row.order_no}`}>{row.order_no}</Link>);
  const shopName = useShopNames(shopId === null ? pages.rows.map((row) => row.shop_id) : []);
  const columns: DataColumn<Settlement>[] = [
    { key: "order", title: t("funds.column.order"), width: 220, fixed: "left", render: order },
    ...(shopId === null ? [{ key: "shop", title: t("funds.column.shop"), width: 180, render: (row: Settlement) => shopName(row.shop_id) }] : []),
    { key: "state", title: t("funds.column.state"), width: 200, render: shown },
    { key: "net", title: t("funds.column.net"), width: 140, align: "right", render: (row) => format.money(row.net, true) },
    { key: "received", title: t("funds.column.received"), width: 180, render: (row) => format.dateTime(row.received_at) },
    { key: "due", title: t("funds.column.due"), width: 180, render: (row) => format.dateTime(row.due_at) },
    { key: "days", title: t("funds.column.days"), width: 120, align: "right", render: (row) => row.days },
    { key: "settled", title: t("funds.column.settled"), width: 180, render: (row) => (row.settled_at ? format.dateTime(row.settled_at) : "–") },
  ];
  return (
    <>
      <div className="wb-filters">
        <Segmented size="small" value={state} onChange={setState} options={STATES.map((one) => ({ value: one, label: t(`funds.state.${one}`) }))} />
        <Space className="wb-filters-end">
          <ExportButton path={path} query={{ state: state === "all" ? undefined : state }} testId="settlements-export" />
          {shopId !== null && <SavedViews table="settlements" />}
          <ColumnChoice name="settlements" columns={columns} />
        </Space>
      </div>
      <DataTable
        name="settlements"
        columns={columns}
        rowKey={(row) => row.order_no}
        pages={pages}
        rowTestId="settlement"
        empty={<EmptyList filtered={state !== "all"} onReset={() => setState("all")} title={t("funds.no_settlements")} help={t("funds.no_settlements_help")} />}
        renderCard={(row) => (
          <>
            <div>{order(row)}</div>
            <div>
              {shown(row)} {format.money(row.net, true)}
            </div>
            <div className="wb-muted">
              {t("funds.column.due")} {format.dateTime(row.due_at)}
            </div>
          </>
        )}
      />
    </>
  );
}
