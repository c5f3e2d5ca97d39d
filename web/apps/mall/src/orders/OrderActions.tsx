import type { Order } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { checkoutAddress } from "../checkout/address";
import { usePayMethods, useStartPayment } from "../checkout/queries";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { type OrderAction, useOrderAction } from "./queries";

const AFTER_SALE = new Set(["part_shipped", "shipped", "done"]);
const REASONS = ["changed_mind", "wrong_item", "wrong_address", "cheaper", "slow", "other"] as const;

/** The buttons that fit the order's state, the main one last. */
export function OrderActions({ order }: { order: Order }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const report = useReport();
  const pay = useStartPayment();
  const [asking, setAsking] = useState<OrderAction | null>(null);
  const can = new Set(order.can);
  const methods = usePayMethods(can.has("pay"));
  const choose = () => navigate(`/pay?order=${encodeURIComponent(order.parent_order_no)}`);
  const payOrder = () => (methods.data && methods.data.length > 1 ? choose() : payNow());
  const payNow = () => pay.mutate(order.parent_order_no, { onSuccess: (answer) => globalThis.location.assign(answer.redirect_url), onError: report });
  const buyAgain = () => navigate(checkoutAddress(order.lines.map((line) => ({ sku_id: line.sku_id, quantity: line.quantity }))));
  if (can.size === 0 && !AFTER_SALE.has(order.state)) return null;
  return (
    <div className="order-actions">
      {can.has("cancel") ? (
        <button type="button" className="button button-small button-quiet" onClick={() => setAsking("cancel")} data-testid="cancel-order">
          {t("orders.do.cancel")}
        </button>
      ) : null}
      {can.has("refund") ? (
        <Link className="button button-small button-quiet" to={`/orders/${order.order_no}/aftersale?kind=pre_ship`} data-testid="refund-order">
          {t("orders.do.refund")}
        </Link>
      ) : null}
      {AFTER_SALE.has(order.state) ? (
        <Link className="button button-small button-quiet" to={`/orders/${order.order_no}/aftersale`} data-testid="aftersale-link">
          {t("aftersale.apply")}
        </Link>
      ) : null}
      {can.has("buy_again") ? (
        <button type="button" className="button button-small button-quiet" onClick={buyAgain} data-testid="buy-again">
          {t("orders.do.buy_again")}
        </button>
      ) : null}
      {can.has("review") ? (
        <Link className="button button-small" to={`/orders/${order.order_no}/review`} data-testid="review-link">
          {t("orders.do.review")}
        </Link>
      ) : null}
      {can.has("confirm_receipt") ? (
        <button type="button" className="button button-small" onClick={() => setAsking("confirm_receipt")} data-testid="confirm-receipt">
          {t("orders.do.confirm_receipt")}
        </button>
      ) : null}
      {can.has("pay") ? (
        <button type="button" className="button button-small" onClick={payOrder} disabled={pay.isPending} data-testid="pay-link">
          {t("orders.do.pay")}
        </button>
      ) : null}
      {asking ? <AskSheet order={order} action={asking} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function AskSheet({ order, action, onClose }: { order: Order; action: OrderAction; onClose: () => void }) {
  const { t } = useTranslation();
  const report = useReport();
  const act = useOrderAction();
  const [reason, setReason] = useState<string>(REASONS[0]);
  const asksReason = action !== "confirm_receipt";
  const confirm = () =>
    act.mutate(
      { orderNo: order.order_no, action, ...(asksReason ? { reason } : {}) },
      {
        onSuccess: () => {
          showToast(t(`orders.done.${action}`));
          onClose();
        },
        onError: (error) => {
          report(error);
          onClose();
        },
      },
    );
  return (
    <Sheet
      title={t(`orders.ask.${action}`)}
      onClose={onClose}
      footer={
        <div className="buy-bar">
          <button type="button" className="button button-second" onClick={onClose}>
            {t("orders.keep")}
          </button>
          <button type="button" className="button" onClick={confirm} disabled={act.isPending} data-testid="confirm-action">
            {t(`orders.do.${action}`)}
          </button>
        </div>
      }
    >
      <p>{t(`orders.ask_hint.${action}`)}</p>
      {asksReason ? (
        <div className="option-list" role="radiogroup" aria-label={t("orders.reason_label")}>
          {REASONS.map((key) => (
            <label key={key} className="option-row">
              <span>{t(`orders.reason.${key}`)}</span>
              <input type="radio" name="reason" checked={reason === key} onChange={() => setReason(key)} />
            </label>
          ))}
        </div>
      ) : null}
    </Sheet>
  );
}
