import type { Bundle } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useNavigate } from "react-router";
import { useAddBundle } from "../cart/queries";
import { checkoutAddress } from "../checkout/address";
import { Picture, Price } from "../kit/basics";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import "./programmes.css";
import { useProductProgrammes } from "./queries";

/** The sets that a product is in, to buy whole. */
export function BundleCards({ productId }: { productId: number }) {
  const { t } = useTranslation();
  const programmes = useProductProgrammes(productId);
  const bundles = (programmes.data?.bundles ?? []).filter((bundle) => bundle.reason === null || bundle.reason === "sold_out");
  if (bundles.length === 0) return null;
  return (
    <section className="bundles" aria-label={t("bundle.title")} data-testid="bundles">
      <h2>{t("bundle.title")}</h2>
      {bundles.map((bundle) => (
        <BundleCard key={bundle.id} bundle={bundle} />
      ))}
      <p className="muted">{t("bundle.why")}</p>
    </section>
  );
}

function BundleCard({ bundle }: { bundle: Bundle }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const report = useReport();
  const add = useAddBundle();
  const toCart = () =>
    add.mutate(
      { bundleId: bundle.id, quantity: 1 },
      { onSuccess: () => showToast(t("product.in_cart"), { action: { label: t("product.to_cart"), run: () => navigate("/cart") } }), onError: report },
    );
  return (
    <article className="bundle" data-testid="bundle">
      <ul className="bundle-parts">
        {bundle.items.map((item) => (
          <li key={item.sku_id}>
            <Link to={`/product/${item.product_id}`} title={`${item.name} ${item.option_text}`}>
              <Picture url={item.picture_url} alt={item.name} />
              <small>
                {format.money(item.price)} ×{item.quantity}
              </small>
            </Link>
          </li>
        ))}
      </ul>
      <p>
        <b>{bundle.name}</b> <Price money={bundle.price} was={bundle.usual_price} /> <span className="discount-sum">{t("bundle.saves", { sum: format.money(bundle.saves) })}</span>
      </p>
      {bundle.available > 0 ? (
        <div className="buy-bar">
          <button type="button" className="button button-second button-small" disabled={add.isPending} onClick={toCart} data-testid="bundle-cart">
            {t("bundle.to_cart")}
          </button>
          <button type="button" className="button button-small" onClick={() => navigate(checkoutAddress(bundle.items.map(({ sku_id, quantity }) => ({ sku_id, quantity }))))} data-testid="bundle-buy">
            {t("bundle.buy")}
          </button>
        </div>
      ) : (
        <p className="muted">{t("bundle.sold_out")}</p>
      )}
    </article>
  );
}
