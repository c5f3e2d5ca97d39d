import { CopyOutlined, EditOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { post } from "../api/http";
import type { MerchantProduct, ProductEdit } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import type { DataColumn } from "../table/DataTable";
import { QuickEdit } from "./QuickEdit";
import { SaleStateTag } from "./SaleStateTag";
import { Thumb } from "./Thumb";
import { categoryPaths, useCategories, useProductActions } from "./queries";

function ProductName({ product }: { product: MerchantProduct }) {
  const shop = useShop();
  return (
    <div className="wb-line">
      <Thumb url={product.picture_url} size={44} />
      <div className="wb-line-words">
        <Link to={`/shops/${shop.id}/products/${product.id}`} className="wb-clip-2" data-testid="product-open">
          {product.name}
        </Link>
        <small className="wb-muted">ID {product.id}</small>
      </div>
    </div>
  );
}

/** Price and stock in the list, each opening the quick editor. */
function PriceCell({ product, editable }: { product: MerchantProduct; editable: boolean }) {
  const format = useFormat();
  const words = product.price ? format.money(product.price) : "—";
  return editable ? <QuickEdit product={product}>{words}</QuickEdit> : <span className="wb-number">{words}</span>;
}

function StockCell({ product, editable }: { product: MerchantProduct; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = format.number(product.stock_total);
  return (
    <span className="wb-stock">
      {product.low_stock && <Tag color="warning">{t("products.low_stock")}</Tag>}
      {editable ? <QuickEdit product={product}>{words}</QuickEdit> : <span className="wb-number">{words}</span>}
    </span>
  );
}

/** The one thing to do next with this product. */
function NextAction({ product }: { product: MerchantProduct }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const actions = useProductActions(shop.id);
  const [busy, setBusy] = useState(false);
  const waits = product.check_status === "pending";
  const action = product.status === "online" ? "offline" : product.check_status === "approved" ? "online" : "submit";
  const run = async () => {
    setBusy(true);
    try {
      await actions.act(product.id, action);
      void message.success(t(`products.done.${action}`));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      await actions.refresh();
      setBusy(false);
    }
  };
  return (
    <Button size="small" loading={busy} disabled={waits} onClick={() => void run()} data-testid={`product-${action}`}>
      {t(`products.${action}`)}
    </Button>
  );
}

function CopyButton({ product }: { product: MerchantProduct }) {
  const { t } = useTranslation();
  const shop = useShop();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const copy = async () => {
    setBusy(true);
    try {
      const made = await post<ProductEdit>(`/shops/${shop.id}/products/${product.id}/copy`);
      void message.success(t("batch.copied"));
      await navigate(`/shops/${shop.id}/products/${made.id}`);
    } catch (error) {
      void message.error(errorText(t, error));
      setBusy(false);
    }
  };
  return (
    <Button size="small" type="text" icon={<CopyOutlined />} loading={busy} title={t("batch.copy")} aria-label={`${t("batch.copy")}: ${product.name}`} onClick={() => void copy()} data-testid="product-copy" />
  );
}

export function useProductColumns(editable: boolean): DataColumn<MerchantProduct>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const categories = useCategories();
  const paths = categoryPaths(categories.data ?? [], format.named);
  return [
    { key: "name", title: t("products.field.name"), width: 250, fixed: "left", render: (row) => <ProductName product={row} /> },
    { key: "state", title: t("products.field.state"), width: 110, render: (row) => <SaleStateTag product={row} /> },
    {
      key: "price",
      title: t("products.field.price"),
      width: 110,
      align: "right",
      sort: { descend: "price" },
      render: (row) => <PriceCell product={row} editable={editable} />,
    },
    {
      key: "stock",
      title: t("products.field.stock"),
      width: 130,
      align: "right",
      render: (row) => <StockCell product={row} editable={editable} />,
    },
    {
      key: "sold",
      title: t("products.field.sold"),
      width: 80,
      align: "right",
      sort: { descend: "sales" },
      render: (row) => <span className="wb-number">{format.number(row.sold_count)}</span>,
    },
    {
      key: "category",
      title: t("products.field.category"),
      width: 140,
      render: (row) => (row.category_id === null ? "—" : (paths.get(row.category_id) ?? "—")),
    },
    {
      key: "score",
      title: t("products.field.score"),
      width: 110,
      align: "right",
      extra: true,
      render: (row) => (row.score === null ? "—" : `${row.score.toFixed(1)} (${format.number(row.review_count)})`),
    },
    {
      key: "tags",
      title: t("products.field.tags"),
      width: 200,
      extra: true,
      render: (row) => row.feature_tags.slice(0, 4).map((tag) => <Tag key={tag.id}>{tag.name}</Tag>),
    },
    {
      key: "updated_at",
      title: t("products.field.updated_at"),
      width: 120,
      render: (row) => <span className="wb-number">{format.dateTime(row.updated_at)}</span>,
    },
    {
      key: "actions",
      title: t("table.actions"),
      width: 200,
      fixed: "right",
      render: (row) => (
        <span className="wb-row-actions">
          {editable && <NextAction product={row} />}
          {editable && <CopyButton product={row} />}
          <Link to={`/shops/${shop.id}/products/${row.id}`} aria-label={t("products.edit_named", { name: row.name })}>
            <Button size="small" type="text" icon={<EditOutlined />} tabIndex={-1} />
          </Link>
        </span>
      ),
    },
  ];
}

export function ProductCardRow({ product, editable }: { product: MerchantProduct; editable: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="wb-stack">
      <ProductName product={product} />
      <div className="wb-row-between">
        <SaleStateTag product={product} />
        <span>
          <PriceCell product={product} editable={editable} /> · {t("products.field.stock")}{" "}
          <StockCell product={product} editable={editable} />
        </span>
      </div>
      {editable && (
        <div>
          <NextAction product={product} />
        </div>
      )}
    </div>
  );
}
