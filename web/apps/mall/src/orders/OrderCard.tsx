import type { AftersaleCase, Order } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { CaseMark } from "../aftersale/CaseStatus";
import { Avatar, Picture, Price } from "../kit/basics";
import { OrderActions } from "./OrderActions";
import { NextStep, OrderState } from "./status";

export function OrderCard({ order, openCase }: { order: Order; openCase?: AftersaleCase | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <article className="card order-card" data-testid="order-card" data-order-no={order.order_no} data-state={order.state}>
      <header className="order-head">
        <Avatar url={order.shop.avatar_url} name={order.shop.name} size={24} />
        <b>{format.named(order.shop)}</b>
        <OrderState state={order.state} />
      </header>
      <Link className="order-lines" to={`/orders/${order.order_no}`}>
        <span className="visually-hidden">{t("orders.open", { number: order.order_no })}</span>
        {order.lines.slice(0, 3).map((line) => (
          <span key={line.sku_id} className="order-line">
            <Picture url={line.picture_url} alt="" className="line-picture" />
            <span className="order-line-text">
              <span className="cart-line-name">{line.name}</span>
              {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
            </span>
            <span className="quote-price">
              <Price money={line.unit_price} size="sm" />
              <span className="muted">×{line.quantity}</span>
            </span>
          </span>
        ))}
        {order.lines.length > 3 ? <span className="muted">{t("orders.more_lines", { count: order.lines.length - 3 })}</span> : null}
      </Link>
      <div className="order-sum">
        <NextStep step={order.next_step} />
        <span>
          {t("orders.total", { count: items })} <Price money={order.payable} />
        </span>
      </div>
      <CaseMark item={openCase} />
      <OrderActions order={order} />
    </article>
  );
}
