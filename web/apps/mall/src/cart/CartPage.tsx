import type { CartLine, CartShop, Quote, QuoteLine } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useNavigate } from "react-router";
import { checkoutAddress } from "../checkout/address";
import { Avatar, Picture, Price, Stepper } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { cartLimitText } from "../product/limit";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./cart.css";
import { useCartQuote } from "../checkout/queries";
import { Countdown } from "../programmes/Countdown";
import { DiscountLines, Hints } from "../programmes/QuoteDiscounts";
import { useAddToCart, useCart, useChangeLine, useRemoveLine, useSelectLines } from "./queries";

const buyable = (line: CartLine) => line.sale_state.can_buy && line.available > 0;

export function CartPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const report = useReport();
  useTitle(t("nav.cart"));
  const cart = useCart();
  const select = useSelectLines();
  const lines = cart.data?.shops.flatMap((shop) => shop.lines) ?? [];
  const selectable = lines.filter(buyable);
  const selected = selectable.filter((line) => line.selected);
  const all = selectable.length > 0 && selected.length === selectable.length;
  // the sum of the selected lines with their best discounts; until it is there, the sum without
  const priced = useCartQuote(selected.map((line) => `${line.sku_id}x${line.quantity}@${line.price.amount_minor}`).join());
  const quote = selected.length > 0 && priced.data?.problems.length === 0 ? priced.data : null;
  const sum = quote ? { ...quote.goods_total, amount_minor: quote.goods_total.amount_minor - quote.discount_total.amount_minor } : cart.data?.selected_total;
  return (
    <main className="page page-cart">
      <PageHead title={cart.data && cart.data.count > 0 ? t("cart.title_count", { count: cart.data.count }) : t("nav.cart")} root />
      {cart.isPending ? <SkeletonRows count={4} /> : null}
      {cart.isError ? <ErrorState error={cart.error} onRetry={() => void cart.refetch()} /> : null}
      {cart.isSuccess && lines.length === 0 ? (
        <EmptyState icon="cart" title={t("cart.empty")} hint={t("cart.empty_hint")} action={<Link className="button" to="/mall">{t("mall.to_mall")}</Link>} />
      ) : null}
      {cart.data?.shops.map((shop) => (
        <ShopLines key={shop.shop.id} shop={shop} quote={quote} />
      ))}
      {quote && (quote.discounts.length > 0 || quote.hints.length > 0) ? (
        <section className="card">
          <DiscountLines discounts={quote.discounts} />
          <Hints quote={quote} />
        </section>
      ) : null}
      {lines.length > 0 ? (
        <div className="foot-bar cart-foot">
          <label className="check">
            <input type="checkbox" checked={all} onChange={() => select.mutate({ sku_ids: selectable.map((line) => line.sku_id), selected: !all }, { onError: report })} />
            {t("cart.all")}
          </label>
          <span className="cart-sum">
            {t("cart.sum")} <Price money={sum!} size="lg" />
            {quote && quote.discount_total.amount_minor > 0 ? <span className="saved-sum">{t("programmes.saved", { sum: format.money(quote.discount_total) })}</span> : null}
          </span>
          <button type="button" className="button" disabled={selected.length === 0} onClick={() => navigate(checkoutAddress([]))} data-testid="cart-checkout" aria-label={t("cart.checkout_sum", { count: selected.length, sum: format.money(sum!) })}>
            {t("cart.checkout", { count: selected.length })}
          </button>
        </div>
      ) : null}
    </main>
  );
}

function ShopLines({ shop, quote }: { shop: CartShop; quote: Quote | null }) {
  const format = useFormat();
  const priced = quote?.shops.find((one) => one.shop.id === shop.shop.id);
  const report = useReport();
  const select = useSelectLines();
  const selectable = shop.lines.filter(buyable);
  const all = selectable.length > 0 && selectable.every((line) => line.selected);
  return (
    <section className="cart-shop">
      <label className="check cart-shop-head">
        <input
          type="checkbox"
          checked={all}
          disabled={selectable.length === 0}
          onChange={() => select.mutate({ sku_ids: selectable.map((line) => line.sku_id), selected: !all }, { onError: report })}
        />
        <Avatar url={shop.shop.avatar_url} name={shop.shop.name} size={24} />
        <b>{format.named(shop.shop)}</b>
      </label>
      <ul>
        {shop.lines.map((line) => (
          <CartRow key={line.sku_id} line={line} priced={priced?.lines.find((one) => one.sku_id === line.sku_id)} />
        ))}
      </ul>
      <DiscountLines discounts={priced?.discounts ?? []} />
    </section>
  );
}

function CartRow({ line, priced }: { line: CartLine; priced: QuoteLine | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const change = useChangeLine();
  const remove = useRemoveLine();
  const add = useAddToCart();
  const can = buyable(line);
  const limited = cartLimitText(t, line);
  const removeWithUndo = () => {
    remove.mutate(line.sku_id, {
      onSuccess: () =>
        showToast(t("cart.removed"), {
          action: { label: t("common:actions.undo"), run: () => add.mutate({ sku_id: line.sku_id, quantity: line.quantity }, { onError: report }) },
        }),
      onError: report,
    });
  };
  return (
    <li className={`cart-line${can ? "" : " cart-line-gone"}`} data-testid="cart-line">
      <label className="check">
        <input
          type="checkbox"
          checked={line.selected && can}
          disabled={!can}
          aria-label={t("cart.select", { name: line.name })}
          onChange={() => change.mutate({ sku_id: line.sku_id, selected: !line.selected }, { onError: report })}
        />
      </label>
      <Link to={`/product/${line.product_id}`} tabIndex={-1} aria-hidden="true">
        <Picture url={line.picture_url} alt="" className="line-picture" />
      </Link>
      <div className="cart-line-main">
        <Link className="cart-line-name" to={`/product/${line.product_id}`}>
          {line.name}
        </Link>
        {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
        <PriceNote line={line} />
        {can && line.available < line.quantity ? <p className="note note-bad">{t("cart.only_left", { count: line.available })}</p> : null}
        {limited ? <p className={`note${line.limit && line.quantity > line.limit.most ? " note-bad" : ""}`}>{limited}</p> : null}
        {can ? null : <p className="note">{line.available <= 0 ? t("product.cannot.sold_out") : t("product.cannot.offline")}</p>}
        <div className="cart-line-foot">
          <span>
            <Price money={priced?.usual_price ? priced.unit_price : line.price} was={priced?.usual_price ?? null} />
            {priced?.flash_ends_at ? (
              <small className="saved-sum">
                {t(priced.price_kind === "room_price" ? "programmes.room_price" : priced.price_kind === "prize" ? "programmes.prize" : "programmes.flash")}{" "}
                {priced.price_kind === "room_price" ? null : <Countdown endsAt={priced.flash_ends_at} />}
              </small>
            ) : null}
          </span>
          {can ? (
            <Stepper
              value={line.quantity}
              max={Math.max(1, Math.min(line.available, line.limit && !line.limit.sign_in ? line.limit.most : line.available))}
              label={t("product.quantity")}
              onChange={(quantity) => change.mutate({ sku_id: line.sku_id, quantity }, { onError: report })}
            />
          ) : null}
          <button type="button" className="icon-button" onClick={removeWithUndo} disabled={remove.isPending} aria-label={t("cart.remove", { name: line.name })} title={format.money(line.price)}>
            <Icon name="trash" size={18} />
          </button>
        </div>
      </div>
    </li>
  );
}

function PriceNote({ line }: { line: CartLine }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!line.price_then) return null;
  const change = line.price.amount_minor - line.price_then.amount_minor;
  if (change === 0) return null;
  const difference = format.money({ amount_minor: Math.abs(change), currency: line.price.currency });
  return <p className={`note${change > 0 ? " note-bad" : " note-good"}`}>{change > 0 ? t("cart.dearer", { difference }) : t("cart.cheaper", { difference })}</p>;
}
