import { SendOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Tag } from "antd";
import type { Order } from "../api/types";
import { OrderFlag } from "../order-marks/MarkEditor";
import { Thumb } from "../products/Thumb";
import type { DataColumn } from "../table/DataTable";
import { useNow } from "../app/clock";
import { STATE_COLOURS, nextStepText, urgencyOf } from "./order-view";

interface OrderActions {
  open: (order: Order) => void;
  ship: ((order: Order) => void) | null;
}

export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Tag color={STATE_COLOURS[state] ?? "default"}>{t(`orders.state.${state}`, { defaultValue: state })}</Tag>;
}

/** What happens next, and how near its moment is. */
export function NextStep({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now_ms = useNow();
  const by = order.next_step.by;
  const urgency = order.next_step.who === "merchant" ? urgencyOf(by, now_ms) : "calm";
  return (
    <div className="wb-stack">
      <span>{nextStepText(t, order)}</span>
      {by && (
        <small className={`wb-by wb-by-${urgency}`}>
          {t(urgency === "late" ? "orders.was_due" : "orders.by", { time: format.dateTime(by) })}
        </small>
      )}
    </div>
  );
}

export function OrderLines({ order, limit = 2 }: { order: Order; limit?: number }) {
  const { t } = useTranslation();
  const rest = order.lines.length - limit;
  return (
    <div className="wb-stack">
      {order.lines.slice(0, limit).map((line) => (
        <div key={line.sku_id} className="wb-line">
          <Thumb url={line.picture_url} size={36} />
          <div className="wb-line-words">
            <span className="wb-clip">{line.name}</span>
            <small className="wb-muted">
              {line.option_text} × {line.quantity}
            </small>
          </div>
        </div>
      ))}
      {rest > 0 && <small className="wb-muted">{t("orders.more_lines", { count: rest })}</small>}
    </div>
  );
}

export function ShipButton({ order, ship }: { order: Order; ship: OrderActions["ship"] }) {
  const { t } = useTranslation();
  if ((order.state !== "paid" && order.state !== "part_shipped") || !ship) return null;
  return (
    <Button type="primary" size="small" icon={<SendOutlined />} data-testid="ship-button" onClick={() => ship(order)}>
      {t("orders.ship")}
    </Button>
  );
}

export function useOrderColumns({ open, ship }: OrderActions): DataColumn<Order>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: "order_no",
      title: t("orders.column.order_no"),
      width: 180,
      fixed: "left",
      render: (order) => (
        <Button type="link" size="small" onClick={() => open(order)} data-testid="order-open" className="wb-mono wb-link">
          {order.order_no} <OrderFlag flag={order.flag} note={order.seller_note} />
        </Button>
      ),
    },
    { key: "lines", title: t("orders.column.lines"), width: 250, render: (order) => <OrderLines order={order} /> },
    {
      key: "payable",
      title: t("orders.column.payable"),
      width: 110,
      align: "right",
      render: (order) => <span className="wb-number">{format.money(order.payable, true)}</span>,
    },
    { key: "state", title: t("orders.column.state"), width: 90, render: (order) => <StateTag state={order.state} /> },
    { key: "next", title: t("orders.column.next"), width: 180, render: (order) => <NextStep order={order} /> },
    { key: "buyer", title: t("orders.column.buyer"), width: 80, render: (order) => order.buyer_name || "—" },
    {
      key: "created_at",
      title: t("orders.column.created_at"),
      width: 115,
      render: (order) => <span className="wb-number">{format.dateTime(order.created_at)}</span>,
    },
    {
      key: "paid_at",
      title: t("orders.column.paid_at"),
      width: 140,
      extra: true,
      render: (order) => (order.paid_at ? <span className="wb-number">{format.dateTime(order.paid_at)}</span> : "—"),
    },
    {
      key: "actions",
      title: t("table.actions"),
      width: 95,
      fixed: "right",
      render: (order) => <ShipButton order={order} ship={ship} />,
    },
  ];
}

export function OrderCard({ order, open, ship }: { order: Order } & OrderActions) {
  const format = useFormat();
  return (
    <div className="wb-stack">
      <div className="wb-row-between">
        <Button type="link" size="small" onClick={() => open(order)} data-testid="order-open" className="wb-mono wb-link">
          {order.order_no}
        </Button>
        <StateTag state={order.state} />
      </div>
      <OrderLines order={order} />
      <div className="wb-row-between">
        <NextStep order={order} />
        <strong className="wb-number">{format.money(order.payable, true)}</strong>
      </div>
      <ShipButton order={order} ship={ship} />
    </div>
  );
}
