import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type ProductDetail, unwrap } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useLocation, useNavigate } from "react-router";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";

/** "Tell me when it is back", for the SKU that is picked or for all of a product that is sold out. */
export function WatchButton({ product, skuId }: { product: ProductDetail; skuId: number | undefined }) {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const here = useLocation();
  const report = useReport();
  const client = useQueryClient();
  const person = session.data?.person;
  const key = ["stock-watches", product.id];
  const watches = useQuery({
    queryKey: key,
    enabled: Boolean(person),
    queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}/stock-watches", { params: { path: { product_id: product.id } } })),
  });
  const wanted = skuId !== undefined ? [skuId] : product.skus.map((sku) => sku.id);
  const waiting = wanted.every((id) => watches.data?.sku_ids.includes(id));
  const change = useMutation({
    mutationFn: async () => {
      for (const sku_id of wanted) {
        const params = { params: { path: { sku_id } } };
        await unwrap(waiting ? api.DELETE("/api/v1/stock-watches/{sku_id}", params) : api.PUT("/api/v1/stock-watches/{sku_id}", params));
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: key });
      showToast(t(waiting ? "product.watch.stopped" : "product.watch.started"));
    },
    onError: report,
  });
  const run = () => {
    if (person) change.mutate();
    else navigate(`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`);
  };
  return (
    <button type="button" className={waiting ? "button button-second" : "button"} aria-pressed={waiting} disabled={change.isPending} onClick={run} data-testid="stock-watch">
      {t(waiting ? "product.watch.waiting" : "product.watch.ask")}
    </button>
  );
}
