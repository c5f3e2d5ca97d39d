import type { ProductDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { useCart } from "../cart/queries";
import { Icon } from "../kit/Icon";
import { WatchButton } from "./WatchButton";
import type { Purchase } from "./usePurchase";

const STATES = new Set(["sold_out", "offline", "not_approved", "banned", "deleted", "draft"]);

/** The two buttons, or why there are none. */
export function BuyBar({ product, purchase }: { product: ProductDetail; purchase: Purchase }) {
  const { t } = useTranslation();
  const cart = useCart();
  const count = cart.data?.count ?? 0;
  return (
    <div className="buy-bar">
      <Link className="icon-button" to={`/messages/shop/${product.shop.id}?product=${product.id}`} aria-label={t("chat.ask_shop", { name: product.shop.name })} data-testid="ask-shop">
        <Icon name="comment" />
      </Link>
      <Link className="icon-button buy-cart" to="/cart" aria-label={t("nav.cart_count", { count })}>
        <Icon name="cart" />
        {count > 0 ? <b className="badge">{count > 99 ? "99+" : count}</b> : null}
      </Link>
      {product.sale_state.can_buy ? (
        <>
          <button type="button" className="button button-second" onClick={() => purchase.start("cart")} disabled={purchase.busy} data-testid="add-to-cart">
            {t("product.add_to_cart")}
          </button>
          <button type="button" className="button" onClick={() => purchase.start("buy")} data-testid="buy-now">
            {t("product.buy_now")}
          </button>
        </>
      ) : (
        <>
          <p className="cannot-buy" role="status">
            {t(`product.cannot.${STATES.has(product.sale_state.code) ? product.sale_state.code : "offline"}`)}
          </p>
          {product.sale_state.code === "sold_out" ? <WatchButton product={product} skuId={purchase.sku?.id} /> : null}
        </>
      )}
    </div>
  );
}
