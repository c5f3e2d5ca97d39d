import { HistoryOutlined, ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Select, Space } from "antd";
import { type Key, useState } from "react";
import { Link, useNavigate } from "react-router";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { ColumnChoice, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { BulkBar } from "./BulkBar";
import { CategoryPicker } from "./CategoryPicker";
import { ProductCardRow, useProductColumns } from "./product-columns";
import { productsFetcher } from "./queries";

export const PRODUCT_STATES = ["all", "on_sale", "sold_out", "low_stock", "offline", "draft", "pending", "rejected", "banned"] as const;
const SORTS = ["updated", "new", "sales", "price"] as const;

const FILTERS = {
  q: { type: "text" },
  state: { type: "choice", choices: PRODUCT_STATES, default: "all" },
  category_id: { type: "id" },
  sort: { type: "choice", choices: SORTS, default: "updated" },
} as const satisfies FilterSchema;

export default function ProductsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [selected, setSelected] = useState<Key[]>([]);
  const editable = mayEdit(shop.permissions, "products");
  const filters = { ...values, state: values.state === "all" ? undefined : values.state, sort: values.sort === "updated" ? undefined : values.sort };
  const navigate = useNavigate();
  const pages = usePages(["products", shop.id, filters], productsFetcher(shop.id, filters));
  const columns = useProductColumns(editable);
  const create = (
    <Link to={`/shops/${shop.id}/products/new`}>
      <Button type="primary" icon={<PlusOutlined />} data-testid="product-new">
        {t("products.new")}
      </Button>
    </Link>
  );
  return (
    <div className="wb-page">
      <PageHead
        title={t("rooms.products")}
        actions={
          <>
            <Link to={`/shops/${shop.id}/products/stock`}>
              <Button icon={<HistoryOutlined />} data-testid="product-stock">
                {t("stock.title")}
              </Button>
            </Link>
            <ExportButton path={`/shops/${shop.id}/products/export`} query={{ q: filters.q, state: filters.state, category_id: filters.category_id }} testId="products-export" />
            {editable && (
              <Link to={`/shops/${shop.id}/products/import`}>
                <Button icon={<ImportOutlined />} data-testid="product-import">
                  {t("products.import")}
                </Button>
              </Link>
            )}
            {editable && create}
          </>
        }
      />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("products.search")} testId="products-search" />
        <Select
          className="wb-filter"
          value={values.state ?? "all"}
          onChange={(state) => change({ state })}
          aria-label={t("products.field.state")}
          data-testid="products-state"
          options={PRODUCT_STATES.map((state) => ({ value: state, label: t(`products.filter_state.${state}`) }))}
        />
        <CategoryPicker
          className="wb-filter"
          anyLevel
          value={values.category_id}
          onChange={(category_id) => change({ category_id })}
        />
        <Select
          className="wb-filter"
          value={values.sort ?? "updated"}
          onChange={(sort) => change({ sort })}
          aria-label={t("products.sort_by")}
          options={SORTS.map((sort) => ({ value: sort, label: t(`products.sort.${sort}`) }))}
        />
        <Space className="wb-filters-end">
          <SavedViews table="products" />
          <ColumnChoice name="products" columns={columns} />
        </Space>
      </div>
      {editable && selected.length > 0 && <BulkBar ids={selected.map(Number)} onDone={() => setSelected([])} />}
      <DataTable
        name="products"
        rowKey={(product) => product.id}
        columns={columns}
        pages={pages}
        {...(editable ? { selected, onSelect: setSelected } : {})}
        sort={values.sort}
        onSort={(sort) => change({ sort: (sort ?? "updated") as (typeof SORTS)[number] })}
        rowTestId="product-row"
        onOpen={(product) => void navigate(`/shops/${shop.id}/products/${product.id}`)}
        renderCard={(product) => <ProductCardRow product={product} editable={editable} />}
        empty={
          <EmptyList
            filtered={countActive(FILTERS, values) > 0}
            onReset={reset}
            title={t("products.empty")}
            help={t("products.empty_help")}
            action={
              editable && (
                <Space wrap>
                  {create}
                  <Link to={`/shops/${shop.id}/products/import`}>
                    <Button icon={<ImportOutlined />}>{t("products.import")}</Button>
                  </Link>
                </Space>
              )
            }
          />
        }
      />
    </div>
  );
}
