import { CopyOutlined, PrinterOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Skeleton, Timeline } from "antd";
import { Link } from "react-router";
import type { Order, OrderDetail } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { ReturnDeposit } from "./ReturnDeposit";
import { useShop } from "../app/session";
import { Attributions } from "../order-marks/Attributions";
import { MarkEditor } from "../order-marks/MarkEditor";
import { Thumb } from "../products/Thumb";
import { NextStep, ShipButton, StateTag } from "./order-columns";
import { useCarriers, useOrder } from "./queries";

const TO_SHIP: readonly string[] = ["paid", "part_shipped"];

interface OrderDrawerProps {
  orderNo: string | undefined;
  onClose: () => void;
  onShip: ((order: Order) => void) | null;
}

/** Everything about one order beside the list. */
export function OrderDrawer({ orderNo, onClose, onShip }: OrderDrawerProps) {
  const { t } = useTranslation();
  const shop = useShop();
  const order = useOrder(shop.id, orderNo);
  return (
    <Drawer
      open={Boolean(orderNo)}
      onClose={onClose}
      size={560}
      title={<span className="wb-mono">{orderNo}</span>}
      data-testid="order-drawer"
      extra={
        orderNo && (
          <Link to={`/shops/${shop.id}/orders/packing-slips?orders=${orderNo}`}>
            <Button icon={<PrinterOutlined />} aria-label={t("orders.packing_slip")} />
          </Link>
        )
      }
      footer={order.data && onShip && TO_SHIP.includes(order.data.state) && <ShipButton order={order.data} ship={onShip} />}
    >
      {order.isPending && orderNo && <Skeleton active paragraph={{ rows: 10 }} />}
      {order.isError && <ErrorView error={order.error} onRetry={() => void order.refetch()} />}
      {order.data && <OrderBody order={order.data} />}
    </Drawer>
  );
}

export function addressText(address: NonNullable<OrderDetail["address"]>): string {
  return [address.province, address.city, address.district, address.detail].filter(Boolean).join(" ");
}

function OrderBody({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const shop = useShop();
  const format = useFormat();
  const carriers = useCarriers();
  const carrier = carriers.data?.find((each) => each.code === order.package?.carrier_code);
  return (
    <div className="wb-order">
      <section className="wb-order-now">
        <StateTag state={order.state} />
        <NextStep order={order} />
        <ReturnDeposit order={order} />
        {order.refund_reason && <p>{t("orders.refund_reason", { reason: order.refund_reason })}</p>}
        {order.cancel_reason && <p>{t(`orders.cancel_reason.${order.cancel_reason}`, { defaultValue: order.cancel_reason })}</p>}
      </section>
      <section>
        <h2>{t("orders.section.lines")}</h2>
        {order.lines.map((line) => (
          <div key={line.sku_id} className="wb-line wb-line-large">
            <Thumb url={line.picture_url} size={52} />
            <div className="wb-line-words">
              <span>{line.name}</span>
              <small className="wb-muted">{line.option_text}</small>
            </div>
            <span className="wb-number">
              {format.money(line.unit_price)} × {line.quantity}
            </span>
          </div>
        ))}
        <dl className="wb-sum">
          {order.amounts.map((row) => (
            <div key={row.code}>
              <dt>{t(`orders.amount.${row.code}`, { defaultValue: row.code })}</dt>
              <dd className="wb-number">{format.money(row.amount, true)}</dd>
            </div>
          ))}
          <div className="wb-sum-total">
            <dt>{t(order.state === "unpaid" || order.state === "part_paid" ? "orders.amount.to_pay" : "orders.amount.payable")}</dt>
            <dd className="wb-number">{format.money(order.payable, true)}</dd>
          </div>
        </dl>
      </section>
      {order.address && <AddressSection address={order.address} note={order.note} />}
      <Attributions order={order} />
      <MarkEditor key={`${order.order_no}-${order.flag}-${order.seller_note}`} order={order} />
      <Link to={`/shops/${shop.id}/orders?like=${order.order_no}`} data-testid="same-buyer">
        {t("order_marks.same_buyer")}
      </Link>
      {order.package && (
        <section>
          <h2>{t("orders.section.package")}</h2>
          <p>
            {carrier ? format.named(carrier) : order.package.carrier_code} <span className="wb-mono">{order.package.tracking_no}</span>
          </p>
        </section>
      )}
      <section>
        <h2>{t("orders.section.timeline")}</h2>
        <Timeline
          items={order.timeline.map((step, index) => ({
            key: index,
            content: (
              <div className="wb-stack">
                <span>{t(`orders.timeline.${step.code}`, { defaultValue: step.code, ...step.data })}</span>
                <small className="wb-muted">{format.dateTime(step.at)}</small>
              </div>
            ),
          }))}
        />
      </section>
    </div>
  );
}

function AddressSection({ address, note }: { address: NonNullable<OrderDetail["address"]>; note: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = `${address.recipient} ${address.phone} ${addressText(address)}`;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t("orders.copied")),
      () => message.info(text),
    );
  return (
    <section>
      <h2>{t("orders.section.address")}</h2>
      <div className="wb-row-between">
        <p data-testid="order-address">
          {address.recipient} {address.phone}
          <br />
          {addressText(address)}
        </p>
        <Button type="text" icon={<CopyOutlined />} aria-label={t("orders.copy_address")} onClick={() => void copy()} />
      </div>
      {note && (
        <p>
          <strong>{t("orders.buyer_note")}</strong> {note}
        </p>
      )}
    </section>
  );
}
