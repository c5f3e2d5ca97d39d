import { PrinterOutlined } from "@ant-design/icons";
import { useQueries } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Empty, Skeleton } from "antd";
import { Link, useSearchParams } from "react-router";
import { get } from "../api/http";
import type { OrderDetail } from "../api/types";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { addressText } from "./OrderDrawer";

const SLIPS_LIMIT = 100;

/** One slip a parcel, one parcel a printed page. */
export default function PackingSlipsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const [params] = useSearchParams();
  const numbers = (params.get("orders") ?? "").split(",").filter(Boolean).slice(0, SLIPS_LIMIT);
  const orders = useQueries({
    queries: numbers.map((number) => ({
      queryKey: ["order", shop.id, number],
      queryFn: () => get<OrderDetail>(`/shops/${shop.id}/orders/${number}`),
    })),
  });
  const failed = orders.filter((query) => query.isError).length;
  return (
    <div className="wb-page wb-slips">
      <PageHead
        title={t("orders.packing_slips", { count: numbers.length })}
        back={<Link to={`/shops/${shop.id}/orders?tab=to_ship`}>{t("orders.back_to_orders")}</Link>}
        actions={
          <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()} disabled={orders.some((query) => query.isPending)}>
            {t("orders.print")}
          </Button>
        }
      />
      {failed > 0 && <Alert type="warning" showIcon title={t("orders.slips_failed", { count: failed })} />}
      {numbers.length === 0 && <Empty description={t("orders.select_to_print")} />}
      {orders.map((query, index) =>
        query.data ? <Slip key={query.data.order_no} order={query.data} /> : query.isPending && <Skeleton key={numbers[index]} active />,
      )}
    </div>
  );
}

function Slip({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  return (
    <article className="wb-slip">
      <header className="wb-row-between">
        <h2>{format.named(shop)}</h2>
        <span className="wb-mono">{order.order_no}</span>
      </header>
      {order.address && (
        <p className="wb-slip-address">
          <strong>
            {order.address.recipient} {order.address.phone}
          </strong>
          <br />
          {addressText(order.address)}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th>{t("orders.csv.product")}</th>
            <th>{t("orders.csv.option")}</th>
            <th>{t("orders.csv.quantity")}</th>
            <th aria-label={t("orders.packed")}>✓</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.sku_id}>
              <td>{line.name}</td>
              <td>{line.option_text}</td>
              <td>{line.quantity}</td>
              <td>☐</td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.note && <p>{`${t("orders.buyer_note")} ${order.note}`}</p>}
      <footer className="wb-muted">
        {t("orders.ordered_at", { time: format.dateTime(order.created_at) })} · {t("orders.thanks")}
      </footer>
    </article>
  );
}
