import { PrinterOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Space, Tabs, Tag } from "antd";
import { type Key, type ReactNode, useState } from "react";
import type { Order } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { OrderDrawer } from "../orders/OrderDrawer";
import { ShipDialog } from "../orders/ShipDialog";
import { OrderCard, useOrderColumns } from "../orders/order-columns";
import { ordersFetcher, useOrderCounts } from "../orders/queries";
import { ColumnChoice, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { NumberDialog } from "./NumberForm";
import { PackageList } from "./PackageList";
import { DESK_TABS, inTimePercent, listsOrders } from "./package-view";
import { labelsAddress, useDesk, useDeskCounts } from "./queries";

const FILTERS = {
  tab: { type: "choice", choices: DESK_TABS, default: "to_ship" },
  q: { type: "text" },
  order: { type: "text", max_length: 64 },
} as const satisfies FilterSchema;

/** The shipping desk: what must go, what is packed, where the rest is. */
export default function ShippingPage() {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const [selected, setSelected] = useState<Key[]>([]);
  const tab = values.tab ?? "to_ship";
  const choose = (key: string) => {
    setSelected([]);
    change({ tab: key as "packed", order: undefined });
  };
  const bar = (columnChoice: ReactNode) => (
    <div className="wb-filters">
      <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("shipping.search")} testId="desk-search" />
      <Punctuality />
      <Space>
        <DeskExport tab={tab} q={values.q} />
        <SavedViews table="shipping" transient={["order"]} />
        {columnChoice}
      </Space>
    </div>
  );
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.shipping")} actions={<DeskActions tab={tab} selected={selected} onDone={() => setSelected([])} />} />
      <DeskTabs active={tab} onChange={choose} />
      {listsOrders(tab) ? (
        <OrdersToShip bar={bar} tab={tab} q={values.q} selected={selected} onSelect={setSelected} onReset={() => change({ q: undefined })} order={values.order} open={(order) => change({ order })} />
      ) : (
        <PackageList key={tab} bar={bar} tab={tab} q={values.q} selected={selected} onSelect={setSelected} onReset={() => change({ q: undefined })} />
      )}
    </div>
  );
}

/** What the tab shows as a file: its orders, or its packages. */
function DeskExport({ tab, q }: { tab: string; q: string | undefined }) {
  const shop = useShop();
  if (!mayEdit(shop.permissions, "orders")) return null;
  const [path, query] = listsOrders(tab) ? ["orders", { state: tab, q }] : ["packages", { tab, q }];
  return <ExportButton path={`/shops/${shop.id}/${path}`} query={query} testId="desk-export" />;
}

function DeskTabs({ active, onChange }: { active: string; onChange: (tab: string) => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const orders = useOrderCounts(shop.id);
  const packages = useDeskCounts(shop.id);
  const counts: Record<string, number> = { ...packages.data?.tabs, to_ship: orders.data?.to_ship ?? 0, late_to_ship: orders.data?.late_to_ship ?? 0 };
  return (
    <Tabs
      activeKey={active}
      onChange={onChange}
      className="wb-tabs"
      items={DESK_TABS.map((tab) => ({
        key: tab,
        label: (
          <span data-testid={`desk-tab-${tab}`}>
            {t(`shipping.tab.${tab}`)}
            {(counts[tab] ?? 0) > 0 && <span className="wb-tab-count">{counts[tab]}</span>}
          </span>
        ),
      }))}
    />
  );
}

function Punctuality() {
  const { t } = useTranslation();
  const figures = useDeskCounts(useShop().id).data?.figures;
  if (!figures) return null;
  const percent = inTimePercent(figures);
  return (
    <Tag className="wb-filters-end" color={percent === null || percent >= 95 ? "green" : "red"} title={t("shipping.in_time_help")}>
      {percent === null ? t("shipping.in_time_none") : t("shipping.in_time", { percent, due: figures.due })}
    </Tag>
  );
}

function DeskActions({ tab, selected, onDone }: { tab: string; selected: Key[]; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const desk = useDesk(shop.id);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  if (!mayEdit(shop.permissions, "orders")) return null;
  const ids = selected.map(Number);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      void message.success(t("shipping.done"));
      onDone();
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const each = async (calls: (() => Promise<unknown>)[]) => {
    for (const call of calls) await call();
  };
  if (listsOrders(tab)) {
    const numbers = selected.map(String);
    return (
      <>
        <Button loading={busy} disabled={numbers.length < 2} onClick={() => void run(() => desk.pack(numbers))} data-testid="pack-together" title={t("shipping.pack_together_help")}>
          {t("shipping.pack_together")}
        </Button>
        <Button type="primary" loading={busy} disabled={numbers.length === 0} onClick={() => void run(() => each(numbers.map((one) => () => desk.pack([one]))))} data-testid="pack-each">
          {t("shipping.pack_each", { count: numbers.length })}
        </Button>
      </>
    );
  }
  const label = (
    <Button icon={<PrinterOutlined />} disabled={ids.length === 0} onClick={() => globalThis.open(labelsAddress(shop.id, ids), "_blank", "noopener")} data-testid="print-labels">
      {t("shipping.print", { count: ids.length })}
    </Button>
  );
  if (tab !== "packed") return label;
  return (
    <>
      <Button loading={busy} disabled={ids.length < 2} onClick={() => void run(() => desk.merge(ids))} data-testid="merge-packages">
        {t("shipping.merge")}
      </Button>
      <Button disabled={ids.length === 0} onClick={() => setAsking(true)} data-testid="make-waybills">
        {t("shipping.do.waybill")}
      </Button>
      {label}
      <Button type="primary" loading={busy} disabled={ids.length === 0} onClick={() => void run(() => each(ids.map((id) => () => desk.handOver(id))))} data-testid="hand-over">
        {t("shipping.hand_over_all", { count: ids.length })}
      </Button>
      {asking && (
        <NumberDialog
          carrierOnly
          title={t("shipping.do.waybill")}
          onConfirm={async ({ carrier_code }) => {
            const rows = await desk.waybills(ids, carrier_code);
            const refused = rows.find((row) => row.error);
            if (refused?.error) void message.error(t(`errors.${refused.error.code}`, { defaultValue: refused.error.message }));
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface ListProps {
  /** The line of search and tools above the list, with the list's choice of columns. */
  bar: (columnChoice: ReactNode) => ReactNode;
  tab: string;
  q: string | undefined;
  selected: Key[];
  onSelect: (keys: Key[]) => void;
  onReset: () => void;
  order: string | undefined;
  open: (orderNo: string | undefined) => void;
}

function OrdersToShip({ bar, tab, q, selected, onSelect, onReset, order, open }: ListProps) {
  const { t } = useTranslation();
  const shop = useShop();
  const [shipping, setShipping] = useState<Order | null>(null);
  const ship = mayEdit(shop.permissions, "orders") ? setShipping : null;
  const filters = { state: tab, q };
  const pages = usePages(["orders", shop.id, filters], ordersFetcher(shop.id, filters));
  const show = (one: Order) => open(one.order_no);
  const columns = useOrderColumns({ open: show, ship });
  return (
    <>
      {bar(<ColumnChoice name="desk-orders" columns={columns} />)}
      <DataTable
        name="desk-orders"
        rowKey={(one) => one.order_no}
        columns={columns}
        pages={pages}
        selected={selected}
        onSelect={onSelect}
        rowTestId="desk-order"
        renderCard={(one) => <OrderCard order={one} open={show} ship={ship} />}
        empty={<EmptyList filtered={Boolean(q)} onReset={onReset} title={t(`shipping.empty.${tab}`)} help={t("shipping.empty_help")} />}
      />
      <OrderDrawer orderNo={order} onClose={() => open(undefined)} onShip={ship} />
      {shipping && <ShipDialog order={shipping} onClose={() => setShipping(null)} />}
    </>
  );
}
