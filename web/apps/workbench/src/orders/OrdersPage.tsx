import { DownloadOutlined, FileTextOutlined, PrinterOutlined, SendOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, DatePicker, Dropdown, Space, Tabs } from "antd";
import dayjs from "dayjs";
import { type Key, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Order } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { localDay } from "../format/size";
import { ColumnChoice, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { downloadText, writeCsv } from "../table/csv";
import { countActive, type FilterSchema } from "../table/url-filters";
import { fetchAll, usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { BatchShipDialog } from "./BatchShipDialog";
import { OrderDrawer } from "./OrderDrawer";
import { ShipDialog } from "./ShipDialog";
import { OrderCard, useOrderColumns } from "./order-columns";
import { orderCsv } from "./order-csv";
import { ORDER_TABS, stateOfTab } from "./order-view";
import { ordersFetcher, useOrderCounts } from "./queries";

const EXPORT_LIMIT_ROWS = 5000;

const FILTERS = {
  tab: { type: "choice", choices: ORDER_TABS, default: "all" },
  q: { type: "text" },
  from: { type: "day" },
  to: { type: "day" },
  order: { type: "text", max_length: 64 },
  batch: { type: "choice", choices: ["1"] },
} as const satisfies FilterSchema;

export default function OrdersPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const navigate = useNavigate();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [selected, setSelected] = useState<Key[]>([]);
  const [shipping, setShipping] = useState<Order | null>(null);
  const editable = mayEdit(shop.permissions, "orders");
  const filters = {
    state: stateOfTab(values.tab),
    q: values.q,
    from: values.from && dayjs(values.from).startOf("day").toISOString(),
    to: values.to && dayjs(values.to).endOf("day").toISOString(),
  };
  const fetcher = ordersFetcher(shop.id, filters);
  const pages = usePages(["orders", shop.id, filters], fetcher);
  const open = (order: Order) => change({ order: order.order_no });
  const columns = useOrderColumns({ open, ship: editable ? setShipping : null });
  const filtered = countActive(FILTERS, { ...values, order: undefined, batch: undefined, tab: undefined }) > 0;
  return (
    <div className="wb-page">
      <PageHead
        title={t("rooms.orders")}
        actions={
          <>
            <ExportButton fetcher={fetcher} />
            <Button
              icon={<PrinterOutlined />}
              data-testid="packing-slips"
              disabled={selected.length === 0}
              title={selected.length === 0 ? t("orders.select_to_print") : undefined}
              onClick={() => void navigate(`/shops/${shop.id}/orders/packing-slips?orders=${selected.join(",")}`)}
            >
              {t("orders.packing_slips", { count: selected.length })}
            </Button>
            {editable && (
              <Button type="primary" icon={<SendOutlined />} data-testid="ship-batch" onClick={() => change({ batch: "1" })}>
                {t("orders.batch_ship")}
              </Button>
            )}
          </>
        }
      />
      <OrderTabs active={values.tab ?? "all"} onChange={(tab) => change({ tab: tab as "all", order: undefined })} />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("orders.search")} testId="orders-search" />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          value={[values.from ? dayjs(values.from) : null, values.to ? dayjs(values.to) : null]}
          onChange={(range) =>
            change({
              from: range?.[0] ? localDay(range[0].toDate()) : undefined,
              to: range?.[1] ? localDay(range[1].toDate()) : undefined,
            })
          }
          placeholder={[t("orders.from"), t("orders.to")]}
          aria-label={t("orders.date_range")}
        />
        <Space className="wb-filters-end">
          <SavedViews list="orders" />
          <ColumnChoice name="orders" columns={columns} />
        </Space>
      </div>
      <DataTable
        name="orders"
        rowKey={(order) => order.order_no}
        columns={columns}
        pages={pages}
        selected={selected}
        onSelect={setSelected}
        rowTestId="order-row"
        renderCard={(order) => <OrderCard order={order} open={open} ship={editable ? setShipping : null} />}
        empty={
          <EmptyList
            filtered={filtered}
            onReset={reset}
            title={t(`orders.empty_${values.tab ?? "all"}`, { defaultValue: t("orders.empty_all") })}
            help={t("orders.empty_help")}
            action={<Link to={`/shops/${shop.id}/products`}>{t("orders.empty_action")}</Link>}
          />
        }
      />
      <OrderDrawer
        orderNo={values.order}
        onClose={() => change({ order: undefined })}
        onShip={editable ? setShipping : null}
      />
      {shipping && <ShipDialog order={shipping} onClose={() => setShipping(null)} />}
      {values.batch && editable && <BatchShipDialog onClose={() => change({ batch: undefined })} />}
    </div>
  );
}

function OrderTabs({ active, onChange }: { active: string; onChange: (tab: string) => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const counts = useOrderCounts(shop.id);
  const late = counts.data?.late_to_ship ?? 0;
  return (
    <Tabs
      activeKey={active}
      onChange={onChange}
      className="wb-tabs"
      items={ORDER_TABS.map((tab) => {
        const count = tab === "all" ? undefined : counts.data?.[tab];
        return {
          key: tab,
          label: (
            <span data-testid={`orders-tab-${tab}`}>
              {t(`orders.tab.${tab}`)}
              {count !== undefined && count > 0 && <span className="wb-tab-count">{count}</span>}
              {tab === "to_ship" && late > 0 && <span className="wb-tab-late">{t("orders.late", { count: late })}</span>}
            </span>
          ),
        };
      })}
    />
  );
}

function ExportButton({ fetcher }: { fetcher: ReturnType<typeof ordersFetcher> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const run = async (kind: "orders" | "ship") => {
    setBusy(true);
    try {
      const rows = await fetchAll(fetcher, EXPORT_LIMIT_ROWS);
      const name = `orders-${localDay(new Date())}.csv`;
      const content =
        kind === "orders"
          ? orderCsv(t, rows)
          : [[t("orders.column.order_no"), t("orders.column.carrier"), t("orders.column.tracking_no")], ...rows.map((row) => [row.order_no, "", ""])];
      downloadText(name, writeCsv(content));
      void message.success(t("table.exported", { count: rows.length, shown: format.number(rows.length) }));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      menu={{
        items: [
          { key: "orders", icon: <DownloadOutlined />, label: t("orders.export_list"), onClick: () => void run("orders") },
          { key: "ship", icon: <FileTextOutlined />, label: t("orders.export_ship_template"), onClick: () => void run("ship") },
        ],
      }}
    >
      <Button icon={<DownloadOutlined />} loading={busy} data-testid="orders-export">
        {t("table.export")}
      </Button>
    </Dropdown>
  );
}
