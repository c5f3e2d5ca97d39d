import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Select, Space, Tag } from "antd";
import { Link } from "react-router";
import { get } from "../api/http";
import type { Page, StockMovement, Warehouse } from "../api/types";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { campaignText } from "../order-marks/campaign";
import { type DataColumn, ColumnChoice, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { LevelsPanel } from "./LevelsPanel";
import { WarehousesPanel } from "./WarehousesPanel";

const KINDS = ["all", "initial", "adjust", "hold", "consume", "release", "return", "move", "allot", "takeback"] as const;
const FILTERS = {
  kind: { type: "choice", choices: KINDS, default: "all" },
  warehouse_id: { type: "id" },
  product_id: { type: "id" },
  sku_id: { type: "id" },
  order_ref: { type: "text" },
} as const satisfies FilterSchema;

const signed = (units: number) => (units > 0 ? `+${units}` : String(units));

/** Every change of a shop's stock, by filters; its warehouses; and where the units of one SKU are. */
export default function StockPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const editable = mayEdit(shop.permissions, "products");
  const filters = { ...values, kind: values.kind === "all" ? undefined : values.kind, order_ref: values.order_ref || undefined };
  const warehouses = useQuery({ queryKey: ["warehouses", shop.id], queryFn: ({ signal }) => get<Warehouse[]>(`/shops/${shop.id}/warehouses`, undefined, signal) });
  const pages = usePages<StockMovement>(["movements", shop.id, filters], (cursor, signal) =>
    get<Page<StockMovement>>(`/shops/${shop.id}/stock-movements`, { ...filters, ...(cursor ? { cursor } : {}), limit: 50 }, signal),
  );
  const name = (row: StockMovement) => (
    <Space orientation="vertical" size={0}>
      <Link to={`/shops/${shop.id}/products/${row.product_id}`}>{row.product_name}</Link>
      <Button type="link" size="small" className="wb-link" onClick={() => change({ sku_id: row.sku_id })} data-testid="movement-sku">
        {row.option_text || `SKU ${row.sku_id}`}
      </Button>
    </Space>
  );
  const kind = (row: StockMovement) => (
    <Space size={4} wrap>
      {t(`stock.kind.${row.kind}`)}
      {row.campaign && <Tag>{t("stock.campaign")}</Tag>}
    </Space>
  );
  const reason = (row: StockMovement) => row.reason || (/^sample:/.test(row.order_ref) ? t("stock.for_sample", { number: row.order_ref.slice(7) }) : row.order_ref.includes(":") ? campaignText(t, row.order_ref) : row.order_ref);
  const columns: DataColumn<StockMovement>[] = [
    { key: "at", title: t("stock.column.at"), width: 170, render: (row) => format.dateTime(row.at) },
    { key: "product", title: t("stock.column.product"), render: name },
    { key: "kind", title: t("stock.column.kind"), width: 150, render: kind },
    { key: "on_hand", title: t("stock.column.on_hand"), width: 90, align: "right", render: (row) => signed(row.on_hand_delta) },
    { key: "held", title: t("stock.column.held"), width: 90, align: "right", render: (row) => signed(row.held_delta) },
    { key: "warehouse", title: t("stock.column.warehouse"), width: 120, render: (row) => row.warehouse_name },
    { key: "reason", title: t("stock.column.reason"), render: reason },
  ];
  return (
    <div className="wb-page">
      <PageHead title={t("stock.title")} back={<Link to={`/shops/${shop.id}/products`}>{t("stock.back")}</Link>} />
      <div className="wb-filters">
        <Select
          className="wb-filter"
          value={values.kind ?? "all"}
          onChange={(next) => change({ kind: next })}
          aria-label={t("stock.column.kind")}
          data-testid="movements-kind"
          options={KINDS.map((one) => ({ value: one, label: one === "all" ? t("stock.all_kinds") : t(`stock.kind.${one}`) }))}
        />
        <Select
          className="wb-filter"
          value={values.warehouse_id ?? 0}
          onChange={(id) => change({ warehouse_id: id || undefined })}
          aria-label={t("stock.column.warehouse")}
          options={[{ value: 0, label: t("stock.all_warehouses") }, ...(warehouses.data ?? []).map((house) => ({ value: house.id, label: house.name }))]}
        />
        <SearchBox value={values.order_ref} onChange={(order_ref) => change({ order_ref })} placeholder={t("stock.order")} testId="movements-order" />
        <Space className="wb-filters-end">
          <ExportButton path={`/shops/${shop.id}/stock-movements`} query={filters} testId="movements-export" />
          <SavedViews table="stock" />
          <ColumnChoice name="movements" columns={columns} />
        </Space>
      </div>
      {values.sku_id !== undefined && <LevelsPanel shopId={shop.id} skuId={values.sku_id} editable={editable} onMoved={() => void pages.query.refetch()} />}
      <DataTable
        name="movements"
        rowKey={(row) => row.id}
        columns={columns}
        pages={pages}
        rowTestId="movement-row"
        renderCard={(row) => (
          <Card size="small">
            {name(row)}
            <div>
              {kind(row)} · {t("stock.column.on_hand")} {signed(row.on_hand_delta)} · {t("stock.column.held")} {signed(row.held_delta)}
            </div>
            <span className="wb-muted">
              {format.dateTime(row.at)} · {row.warehouse_name} {reason(row)}
            </span>
          </Card>
        )}
        empty={<EmptyList filtered={countActive(FILTERS, values) > 0} onReset={reset} title={t("stock.empty")} help={t("stock.empty_help")} />}
      />
      <WarehousesPanel shopId={shop.id} warehouses={warehouses.data ?? []} editable={editable} />
    </div>
  );
}
