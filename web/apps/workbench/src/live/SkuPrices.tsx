import { useFormat, useTranslation } from "@xingqu/i18n";
import { Input, InputNumber, Skeleton } from "antd";
import { ErrorView } from "../app/ErrorView";
import { useProduct } from "../products/queries";
import { type Drafts, EMPTY_DRAFT, type PriceDraft } from "./prices";

/** A price, units and a limit for each SKU of one's own product; those without a price keep the usual one. */
export function SkuPrices({ shopId, productId, drafts, onChange }: { shopId: number; productId: number; drafts: Drafts; onChange: (drafts: Drafts) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const product = useProduct(shopId, productId);
  const change = (skuId: number, changes: Partial<PriceDraft>) => onChange({ ...drafts, [skuId]: { ...EMPTY_DRAFT, ...drafts[skuId], ...changes } });
  if (product.isPending) return <Skeleton active />;
  if (product.isError) return <ErrorView error={product.error} />;
  return (
    <ul className="wb-plain-list">
      {product.data.skus.map((sku) => {
        const draft = drafts[sku.id] ?? EMPTY_DRAFT;
        return (
          <li key={sku.id} className="wb-filters" data-testid="live-price-sku">
            <span>
              {sku.option_text || product.data.name} <small className="wb-muted">{format.money(sku.price)}</small>
            </span>
            <Input aria-label={t("live.price.field")} placeholder={t("live.price.field")} prefix="¥" inputMode="decimal" maxLength={12} style={{ width: 120 }} value={draft.price} onChange={(event) => change(sku.id, { price: event.target.value })} data-testid="live-price-input" />
            <InputNumber aria-label={t("live.price.units")} prefix={t("live.price.units")} min={1} precision={0} value={draft.units} onChange={(units) => change(sku.id, { units })} />
            <InputNumber aria-label={t("live.price.limit")} prefix={t("live.price.limit")} min={1} max={1000} precision={0} value={draft.limit} onChange={(limit) => change(sku.id, { limit })} />
          </li>
        );
      })}
    </ul>
  );
}
