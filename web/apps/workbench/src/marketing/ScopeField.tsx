import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Segmented, Select, Space } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { get } from "../api/http";
import type { MerchantProduct, Page } from "../api/types";
import { CategoryPicker } from "../products/CategoryPicker";
import { Labelled } from "./CreateDialog";
import type { CouponDraft } from "./terms";

interface ScopeFieldProps {
  draft: CouponDraft;
  platform: boolean;
  problem: string | null;
  onChange: (changes: Partial<CouponDraft>) => void;
}

/** What a coupon is for: everything, some products of the shop, or categories with all below them. */
export function ScopeField({ draft, platform, problem, onChange }: ScopeFieldProps) {
  const { t } = useTranslation();
  const kinds = platform ? (["all", "categories"] as const) : (["all", "products", "categories"] as const);
  return (
    <Labelled name="scope" label={t("marketing.field.scope")} problem={problem}>
      <Space orientation="vertical" className="wb-full">
        <Segmented
          value={draft.scope}
          onChange={(scope) => onChange({ scope, scopeIds: [] })}
          options={kinds.map((kind) => ({ value: kind, label: t(`marketing.scope.${kind}`) }))}
        />
        {draft.scope === "products" && <ProductChoice ids={draft.scopeIds} onChange={(scopeIds) => onChange({ scopeIds })} />}
        {draft.scope === "categories" && (
          <CategoryPicker id="programme-scope" anyLevel value={draft.scopeIds[0]} onChange={(id) => onChange({ scopeIds: id === undefined ? [] : [id] })} />
        )}
      </Space>
    </Labelled>
  );
}

function ProductChoice({ ids, onChange }: { ids: number[]; onChange: (ids: number[]) => void }) {
  const { t } = useTranslation();
  const { shopId } = useParams();
  const [typed, setTyped] = useState("");
  const products = useQuery({
    queryKey: ["products", shopId, "choice", typed],
    queryFn: ({ signal }) => get<Page<MerchantProduct>>(`/shops/${shopId}/products`, { q: typed, limit: 50 }, signal),
  });
  return (
    <Select
      id="programme-scope"
      mode="multiple"
      className="wb-full"
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={products.isFetching}
      value={ids}
      onChange={onChange}
      maxCount={100}
      placeholder={t("marketing.scope_products")}
      options={products.data?.items.map((product) => ({ value: product.id, label: product.name })) ?? []}
    />
  );
}
