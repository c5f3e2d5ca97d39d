import type { OrderDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useParams } from "react-router";
import { CaseMark } from "../aftersale/CaseStatus";
import { useOpenCases } from "../aftersale/queries";
import { AddressText } from "../checkout/AddressPicker";
import { InvoiceCard } from "../invoice/InvoiceCard";
import { Avatar, Picture, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { OrderActions } from "./OrderActions";
import "./orders.css";
import { OrderCover } from "../aftersale/FreightCover";
import { Parcels, WayActions } from "./Parcels";
import { PresaleTerms } from "../presale/PresaleTerms";
import { useOrder } from "./queries";
import { NextStep, OrderState } from "./status";

const EVENTS = new Set(["placed", "deposit_paid", "final_paid", "presale_closed", "paid", "paid_late", "part_shipped", "shipped", "received", "cancelled", "expired", "refund_asked", "refunded", "address_changed", "tracking_changed", "receipt_extended"]);

export function OrderPage() {
  const { t } = useTranslation();
  const orderNo = useParams().orderNo ?? "";
  const order = useOrder(orderNo);
  useTitle(t("orders.detail"));
  return (
    <main className="page page-order">
      <PageHead title={t("orders.detail")} />
      {order.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {order.isError ? <ErrorState error={order.error} onRetry={() => void order.refetch()} /> : null}
      {order.data ? <Detail order={order.data} /> : null}
    </main>
  );
}

function Detail({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div data-testid="order-detail" data-state={order.state}>
      <section className="card order-hero">
        <OrderState state={order.state} />
        <NextStep step={order.next_step} />
        <OrderActions order={order} />
        <CaseMark item={useOpenCases(Boolean(order.paid_at)).data?.get(order.order_no)} />
      </section>
      {order.presale ? <PresaleTerms order={order} presale={order.presale} /> : null}
      <WayActions order={order} />
      <Parcels order={order} />
      <Track order={order} />
      <section className="card address-card">
        <Icon name="place" />
        <AddressText address={order.address} />
      </section>
      <section className="card">
        <header className="order-head">
          <Avatar url={order.shop.avatar_url} name={order.shop.name} size={24} />
          <b>{format.named(order.shop)}</b>
          <Link className="button button-small button-quiet" to={`/messages/shop/${order.shop.id}?order=${order.order_no}`} data-testid="ask-shop">
            {t("chat.ask")}
          </Link>
        </header>
        <ul>
          {order.lines.map((line) => (
            <li key={line.sku_id}>
              <Link className="order-line" to={`/product/${line.product_id}`}>
                <Picture url={line.picture_url} alt="" className="line-picture" />
                <span className="order-line-text">
                  <span className="cart-line-name">{line.name}</span>
                  {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
                </span>
                <span className="quote-price">
                  <Price money={line.unit_price} size="sm" />
                  <span className="muted">×{line.quantity}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
        <Amounts order={order} />
        {order.paid_at ? <OrderCover orderNo={order.order_no} /> : null}
      </section>
      <InvoiceCard order={order} />
      <section className="card facts">
        <dl>
          <div>
            <dt>{t("orders.number")}</dt>
            <dd>
              {order.order_no}
              <button
                type="button"
                className="text-button"
                onClick={() => {
                  void navigator.clipboard.writeText(order.order_no).then(() => showToast(t("orders.copied")));
                }}
              >
                {t("orders.copy")}
              </button>
            </dd>
          </div>
          <div>
            <dt>{t("orders.created")}</dt>
            <dd>{format.dateTime(order.created_at)}</dd>
          </div>
          {order.paid_at ? (
            <div>
              <dt>{t("orders.paid_at")}</dt>
              <dd>{format.dateTime(order.paid_at)}</dd>
            </div>
          ) : null}
          {order.note ? (
            <div>
              <dt>{t("checkout.note")}</dt>
              <dd>{order.note}</dd>
            </div>
          ) : null}
        </dl>
      </section>
    </div>
  );
}

function Amounts({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <dl className="sum">
      {order.amounts
        .map((line) => (
          <div key={line.code}>
            <dt>{line.code === "goods" || line.code === "freight" ? t(`checkout.${line.code}`) : t(`programmes.kind.${line.code}`)}</dt>
            <dd>{line.code === "freight" && line.amount.amount_minor === 0 ? t("checkout.free") : format.money(line.amount, true)}</dd>
          </div>
        ))}
      <div className="sum-total">
        <dt>{order.paid_at ? t("orders.paid") : t("checkout.payable")}</dt>
        <dd>
          <Price money={order.payable} />
        </dd>
      </div>
    </dl>
  );
}

/** What happened to the order; where its parcels are stands above. */
function Track({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const steps = order.timeline.filter((event) => EVENTS.has(event.code)).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (steps.length === 0) return null;
  return (
    <section className="card" data-testid="order-timeline">
      <ol className="timeline">
        {steps.map((step) => (
          <li key={`${step.at}-${step.code}`}>
            <b>{t(`orders.event.${step.code}`)}</b>
            <time dateTime={step.at}>{format.dateTime(step.at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
