import { FileTextOutlined, PrinterOutlined, SendOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, DatePicker, Space, Tabs } from "antd";
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
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { downloadText, writeCsv } from "../table/csv";
import { countActive, type FilterSchema } from "../table/url-filters";
import { fetchAll, usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { MoreFilters } from "../order-marks/MoreFilters";
import { MORE_FILTERS, toQuery } from "../order-marks/filters";
import { BatchShipDialog } from "./BatchShipDialog";
import { OrderDrawer } from "./OrderDrawer";
import { ShipDialog } from "./ShipDialog";
import { OrderCard, useOrderColumns } from "./order-columns";
import { ORDER_TABS, countText, stateOfTab } from "./order-view";
import { type OrderFilters, ordersFetcher, useOrderCounts } from "./queries";

const EXPORT_LIMIT_ROWS = 5000;

const FILTERS = {
  tab: { type: "choice", choices: ORDER_TABS, default: "all" },
  q: { type: "text" },
  from: { type: "day" },
  to: { type: "day" },
  ...MORE_FILTERS,
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
    ...toQuery(values),
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
            <ExportOrders fetcher={fetcher} filters={filters} />
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
        <MoreFilters values={values} change={(part) => change(part as Parameters<typeof change>[0])} />
        <Space className="wb-filters-end">
          <SavedViews table="orders" transient={["order", "batch"]} />
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
        onOpen={open}
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
              {count !== undefined && count > 0 && <span className="wb-tab-count">{countText(count)}</span>}
              {tab === "to_ship" && late > 0 && <span className="wb-tab-late">{t("orders.late", { count: late })}</span>}
            </span>
          ),
        };
      })}
    />
  );
}

function ExportOrders({ fetcher, filters }: { fetcher: ReturnType<typeof ordersFetcher>; filters: OrderFilters }) {
  const { t } = useTranslation();
  const shop = useShop();
  const format = useFormat();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const shipTemplate = async () => {
    setBusy(true);
    try {
      const rows = await fetchAll(fetcher, EXPORT_LIMIT_ROWS);
      const head = [t("orders.column.order_no"), t("orders.column.carrier"), t("orders.column.tracking_no")];
      downloadText(`orders-${localDay(new Date())}.csv`, writeCsv([head, ...rows.map((row) => [row.order_no, "", ""])]));
      void message.success(t("table.exported", { count: rows.length, shown: format.number(rows.length) }));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <ExportButton
      path={`/shops/${shop.id}/orders`}
      query={{ ...filters }}
      testId="orders-export"
      loading={busy}
      more={[{ key: "ship", icon: <FileTextOutlined />, label: t("orders.export_ship_template"), onClick: () => void shipTemplate() }]}
    />
  );
}
