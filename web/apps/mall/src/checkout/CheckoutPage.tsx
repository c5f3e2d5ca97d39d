import { useQueryClient } from "@tanstack/react-query";
import { ApiError, type Address, type InvoiceTitle, type ParentOrder, type Quote } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { CheckoutInvoice } from "../invoice/CheckoutInvoice";
import { useAskInvoice } from "../invoice/queries";
import { Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { showToast } from "../kit/toast";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { useReport } from "../kit/useReport";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { newEventId } from "../signals/signals";
import { readAttribution, readLines } from "./address";
import { AddressPicker, AddressText } from "./AddressPicker";
import { useAddresses } from "./addresses";
import "./checkout.css";
import { type Change, ChangedSheet } from "./ChangedSheet";
import { CouponRow, Hints } from "../programmes/QuoteDiscounts";
import { PayMethods } from "./PayMethods";
import { QuoteShops } from "./QuoteShops";
import { sumsByKind, withCoupon } from "./coupons";
import { usePlaceOrder, useQuote, useStartPayment } from "./queries";

/** One sheet from address to payment. */
export function CheckoutPage() {
  const { t } = useTranslation();
  useTitle(t("checkout.title"));
  const [search] = useSearchParams();
  const lines = useMemo(() => readLines(search), [search]);
  const attribution = useMemo(() => readAttribution(search), [search]);
  const addresses = useAddresses();
  const [chosen, setChosen] = useState<Address | null>(null);
  const address = chosen ?? addresses.data?.find((one) => one.is_default) ?? addresses.data?.[0] ?? null;
  const [couponIds, setCouponIds] = useState<number[] | null>(null);
  const quote = useQuote(lines, attribution, address?.id ?? null, couponIds);
  return (
    <main className="page page-checkout">
      <PageHead title={t("checkout.title")} />
      {quote.isPending ? <SkeletonRows count={4} className="skeleton-block" /> : null}
      {quote.isError ? <QuoteError error={quote.error} onRetry={() => void quote.refetch()} /> : null}
      {quote.data ? (
        <CheckoutForm
          quote={quote.data}
          address={address}
          addressPending={addresses.isPending}
          onAddress={setChosen}
          fromCart={lines === null}
          stale={quote.isPlaceholderData}
          picked={couponIds !== null}
          onCoupons={setCouponIds}
          onRefresh={() => void quote.refetch()}
        />
      ) : null}
    </main>
  );
}

function QuoteError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  const code = error instanceof ApiError ? error.code : "";
  if (code === "cart_empty" || code === "nothing_selected" || code === "empty") {
    return <EmptyState icon="cart" title={t("checkout.nothing")} action={<Link className="button" to="/cart">{t("product.to_cart")}</Link>} />;
  }
  return <ErrorState error={error} onRetry={onRetry} />;
}

interface CheckoutFormProps {
  quote: Quote;
  address: Address | null;
  addressPending: boolean;
  onAddress: (address: Address) => void;
  fromCart: boolean;
  /** Another quote is on its way: what is shown can't be ordered. */
  stale: boolean;
  picked: boolean;
  onCoupons: (couponIds: number[] | null) => void;
  onRefresh: () => void;
}

function CheckoutForm({ quote: first, address, addressPending, onAddress, fromCart, stale, picked, onCoupons, onRefresh }: CheckoutFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [quote, setQuote] = useState(first);
  useEffect(() => setQuote(first), [first]);
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [picking, setPicking] = useState(false);
  const [change, setChange] = useState<Change | null>(null);
  const [title, setTitle] = useState<InvoiceTitle | null>(null);
  const submit = useSubmit({ quote, address, notes, fromCart, titleId: title?.id ?? null, onChange: setChange });
  const blocked = quote.problems.length > 0;

  return (
    <>
      <button type="button" className="card address-card" onClick={() => setPicking(true)} data-testid="checkout-address">
        <Icon name="place" />
        {address ? <AddressText address={address} /> : <span className="address-text">{addressPending ? t("common:loading") : t("checkout.add_address")}</span>}
        <Icon name="forward" size={16} />
      </button>
      <QuoteShops quote={quote} notes={notes} onNote={(shopId, text) => setNotes({ ...notes, [shopId]: text })} onCoupons={onCoupons} />
      <PlatformCoupons quote={quote} picked={picked} onCoupons={onCoupons} />
      <PayMethods />
      <CheckoutInvoice title={title} onTitle={setTitle} />
      <Sum quote={quote} />
      <div className="foot-bar checkout-foot">
        <span className="cart-sum">
          {t("checkout.payable")} <Price money={quote.payable} size="lg" />
        </span>
        <button
          type="button"
          className="button"
          disabled={submit.busy || blocked || stale}
          onClick={() => (address ? submit.send(quote) : setPicking(true))}
          data-testid="checkout-submit"
          aria-label={t("checkout.submit_sum", { sum: format.money(quote.payable) })}
        >
          {submit.busy ? t("checkout.submitting") : t("checkout.submit")}
        </button>
      </div>
      {picking ? (
        <AddressPicker
          chosenId={address?.id ?? null}
          onClose={() => setPicking(false)}
          onChoose={(next) => {
            onAddress(next);
            setPicking(false);
          }}
        />
      ) : null}
      {change ? (
        <ChangedSheet
          change={change}
          before={quote}
          onClose={() => {
            setChange(null);
            onRefresh();
          }}
          onAccept={(next) => {
            setChange(null);
            setQuote(next);
            submit.send(next);
          }}
        />
      ) : null}
    </>
  );
}

interface SubmitInput {
  quote: Quote;
  address: Address | null;
  notes: Record<string, string>;
  fromCart: boolean;
  titleId: number | null;
  onChange: (change: Change) => void;
}

/** Places the order and goes on to the payment page. A repeat of the same order uses the same key. */
function useSubmit({ address, notes, fromCart, titleId, onChange }: SubmitInput) {
  const report = useReport();
  const navigate = useNavigate();
  const place = usePlaceOrder();
  const pay = useStartPayment();
  const invoice = useAskInvoice();
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useRef({ of: "", value: "" });
  const [leaving, setLeaving] = useState(false);

  const goToPay = (order: ParentOrder) => {
    setLeaving(true);
    pay.mutate(order.order_no, {
      onSuccess: (answer) => globalThis.location.assign(answer.redirect_url),
      // the order stands; it can be paid from the orders page
      onError: (error) => {
        setLeaving(false);
        if (error instanceof ApiError && error.code === "sign_in_required") {
          navigate(`/sign-in?next=${encodeURIComponent(`/pay?order=${order.order_no}`)}`, { replace: true });
          return;
        }
        report(error);
        navigate("/orders?tab=unpaid", { replace: true });
      },
    });
  };
  const send = (quote: Quote) => {
    if (!address) return;
    const contents = JSON.stringify([quote.quote_token, address.id, notes]);
    if (key.current.of !== contents) key.current = { of: contents, value: newEventId() };
    place.mutate(
      { idempotencyKey: key.current.value, quoteToken: quote.quote_token, addressId: address.id, notes, fromCart },
      {
        onSuccess: (order) => {
          if (titleId === null) return goToPay(order);
          setLeaving(true);
          const orderNos = order.shop_orders.map((one) => one.order_no);
          // the order stands whether or not its invoice could be asked for
          invoice.mutate({ orderNos, titleId }, { onError: () => showToast(t("invoice.failed")), onSettled: () => goToPay(order) });
        },
        onError: (error) => {
          if (error instanceof ApiError && error.code === "price_changed" && error.data.quote) onChange({ kind: "price", quote: error.data.quote as Quote });
          else if (error instanceof ApiError && error.code === "sold_out") {
            void client.invalidateQueries({ queryKey: ["product"] });
            onChange({ kind: "sold_out", skus: (error.data.skus ?? []) as Change["skus"] });
          } else report(error);
        },
      },
    );
  };
  return { send, busy: place.isPending || pay.isPending || leaving };
}

function PlatformCoupons({ quote, picked, onCoupons }: { quote: Quote; picked: boolean; onCoupons: (couponIds: number[] | null) => void }) {
  const { t } = useTranslation();
  if (quote.coupons.length === 0 && quote.discounts.length === 0 && quote.hints.length === 0 && !picked) return null;
  return (
    <section className="card" data-testid="platform-coupons">
      <CouponRow options={quote.coupons} label={t("programmes.kind.platform_coupon")} onPick={(id) => onCoupons(withCoupon(quote, null, id))} />
      <Hints quote={quote} />
      {picked ? (
        <button type="button" className="text-button" onClick={() => onCoupons(null)} data-testid="coupon-best">
          {t("programmes.use_best")}
        </button>
      ) : null}
    </section>
  );
}

function Sum({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card sum">
      <dl>
        <div>
          <dt>{t("checkout.goods")}</dt>
          <dd>{format.money(quote.goods_total, true)}</dd>
        </div>
        <div>
          <dt>{t("checkout.freight")}</dt>
          <dd>{quote.freight_total.amount_minor === 0 ? t("checkout.free") : format.money(quote.freight_total, true)}</dd>
        </div>
        {sumsByKind(quote).map((line) => (
          <div key={line.kind}>
            <dt>{t(`programmes.kind.${line.kind}`)}</dt>
            <dd>-{format.money(line.amount, true)}</dd>
          </div>
        ))}
        <div className="sum-total">
          <dt>{t("checkout.payable")}</dt>
          <dd>{format.money(quote.payable, true)}</dd>
        </div>
      </dl>
      {quote.expected_arrival ? <p className="muted">{t("checkout.arrival", { from: format.dayMonth(quote.expected_arrival.earliest), to: format.dayMonth(quote.expected_arrival.latest) })}</p> : null}
    </section>
  );
}
