import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useQuery } from "@tanstack/react-query";
import { Icon } from "../kit/Icon";

type Cover = { covered: boolean; limit_minor: number; used: boolean };

/** What the insurance of return freight (运费险) pays for a product bought now; nothing when it is not insured. */
export function ProductCover({ productId }: { productId: number }) {
  const { data } = useQuery({
    queryKey: ["product", productId, "cover"],
    queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}/freight-cover", { params: { path: { product_id: productId } } })),
    staleTime: 300_000,
  });
  return <CoverRow cover={data} />;
}

/** The same of an order, as it was promised when it was paid. */
export function OrderCover({ orderNo }: { orderNo: string }) {
  const { data } = useQuery({
    queryKey: ["orders", "cover", orderNo],
    queryFn: () => unwrap(api.GET("/api/v1/orders/{order_no}/freight-cover", { params: { path: { order_no: orderNo } } })),
  });
  return <CoverRow cover={data} />;
}

function CoverRow({ cover }: { cover: Cover | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!cover?.covered) return null;
  return (
    <div className="line-row" data-testid="freight-cover">
      <span className="line-label">{t("promise.freight_insurance")}</span>
      <span className="line-value">
        <Icon name="shield" size={14} /> {cover.used ? t("aftersale.insured_used") : t("aftersale.insured", { limit: format.money({ amount_minor: cover.limit_minor, currency: "CNY" }, true) })}
      </span>
    </div>
  );
}
