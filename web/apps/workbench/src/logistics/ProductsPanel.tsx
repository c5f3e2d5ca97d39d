import { useTranslation } from "@xingqu/i18n";
import { App, Button, InputNumber, Space } from "antd";
import { type Key, useState } from "react";
import type { MerchantProduct } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { usePages } from "../table/use-pages";
import { TemplateSelect } from "./TemplateDrawer";
import { productsFetcher, useLogistics, useProductsFreight, useTemplates } from "./queries";

/** By which template products are brought, and what they weigh: for many at once. */
export function ProductsPanel() {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const [q, setQ] = useState<string>();
  const [selected, setSelected] = useState<Key[]>([]);
  const [template, setTemplate] = useState<number | null>(null);
  const [kilograms, setKilograms] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const templates = useTemplates(shop.id);
  const freight = useProductsFreight(shop.id);
  const logistics = useLogistics(shop.id);
  const pages = usePages(["products", shop.id, "freight", q], productsFetcher(shop.id, q));
  const known = new Map((freight.data ?? []).map((row) => [row.product_id, row]));
  const name = (id: number) => templates.data?.find((one) => one.id === known.get(id)?.template_id)?.name ?? t("logistics.shops_default");
  const weight = (id: number) => {
    const grams = known.get(id)?.weight_g ?? 0;
    return grams ? `${grams / 1000} kg` : "—";
  };
  const save = async () => {
    setBusy(true);
    try {
      await logistics.setProducts({ product_ids: selected.map(Number), template_id: template, weight_g: kilograms === null ? null : Math.round(kilograms * 1000) });
      setSelected([]);
      void message.success(t("settings.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="wb-filters">
        <SearchBox value={q} onChange={setQ} placeholder={t("logistics.search_products")} testId="freight-products-search" />
        {mayEdit(shop.permissions, "settings") && (
          <Space wrap className="wb-filters-end">
            <TemplateSelect templates={templates.data ?? []} value={template} onChange={setTemplate} />
            <InputNumber min={0} max={9999} precision={3} value={kilograms} onChange={setKilograms} suffix="kg" placeholder={t("logistics.weight_kept")} aria-label={t("logistics.weight")} />
            <Button type="primary" loading={busy} disabled={selected.length === 0} onClick={() => void save()} data-testid="freight-products-save">
              {t("logistics.apply", { count: selected.length })}
            </Button>
          </Space>
        )}
      </div>
      <DataTable<MerchantProduct>
        name="freight-products"
        rowKey={(one) => one.id}
        pages={pages}
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            key: "name",
            title: t("orders.column.lines"),
            width: 320,
            fixed: "left",
            render: (one) => (
              <div className="wb-line">
                <Thumb url={one.picture_url} size={36} />
                <span className="wb-clip">{one.name}</span>
              </div>
            ),
          },
          { key: "template", title: t("logistics.template"), width: 200, render: (one) => name(one.id) },
          { key: "weight", title: t("logistics.weight"), width: 120, align: "right", render: (one) => weight(one.id) },
        ]}
        renderCard={(one) => (
          <div className="wb-stack">
            <span>{one.name}</span>
            <small className="wb-muted">
              {name(one.id)} · {weight(one.id)}
            </small>
          </div>
        )}
        empty={<EmptyList filtered={Boolean(q)} onReset={() => setQ(undefined)} title={t("logistics.no_products")} help={t("logistics.no_products_help")} />}
      />
    </>
  );
}
