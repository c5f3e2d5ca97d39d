import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";

export type PoolProduct = components["schemas"]["ProductCardOut"];

/** The products of a pool by hand: searched for, added, put in order, taken out. */
export function PoolProducts({ shopId, products, onChange }: { shopId: number; products: PoolProduct[]; onChange: (products: PoolProduct[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery({ queryKey: ["product-pools", shopId, "candidates", q], queryFn: ({ signal }) => get<PoolProduct[]>(`/shops/${shopId}/product-pools/products`, { q }, signal) });
  const known = new Set(products.map((product) => product.id));
  const choices = (found.data ?? []).filter((product) => !known.has(product.id));
  return (
    <>
      <Select
        showSearch={{ filterOption: false, onSearch: setTyped }}
        value={null}
        loading={found.isFetching}
        placeholder={t("matching.add_products")}
        aria-label={t("matching.add_products")}
        notFoundContent={t("matching.no_candidates")}
        options={choices.map((product) => ({ value: product.id, label: `${product.name} · ${format.money(product.price)} · ${format.named({ name: product.shop_name, name_en: product.shop_name_en })}` }))}
        onChange={(id: number | null) => {
          const product = choices.find((one) => one.id === id);
          if (product) onChange([...products, product]);
        }}
        className="wb-full"
        data-testid="pool-add-product"
      />
      <ul className="wb-plain-list" data-testid="pool-products">
        {products.map((product, at) => (
          <li key={product.id} className="wb-row-between">
            <span>
              {product.name} <span className="wb-muted">{format.money(product.price)}</span>
            </span>
            <span>
              <Button size="small" type="text" disabled={at === 0} onClick={() => onChange([product, ...products.filter((one) => one.id !== product.id)])}>
                {t("matching.to_top")}
              </Button>
              <Button size="small" type="text" danger onClick={() => onChange(products.filter((one) => one.id !== product.id))} data-testid="pool-remove-product">
                {t("matching.take_out")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
