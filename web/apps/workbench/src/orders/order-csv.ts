import type { TFunction } from "i18next";
import type { Order } from "../api/types";
import { moneyToInput } from "../format/money-input";

/** One row a line item, so that quantities can be summed in a spreadsheet. */
export function orderCsv(t: TFunction, orders: readonly Order[]): (string | number)[][] {
  const head = ["order_no", "state", "created_at", "paid_at", "buyer", "product", "option", "sku_id", "quantity", "unit_price", "payable", "currency"];
  const rows = orders.flatMap((order) =>
    order.lines.map((line, index) => [
      order.order_no,
      t(`orders.state.${order.state}`),
      order.created_at,
      order.paid_at ?? "",
      order.buyer_name,
      line.name,
      line.option_text,
      line.sku_id,
      line.quantity,
      moneyToInput(line.unit_price.amount_minor),
      // The order's sum stands on its first line only: adding up the column gives the true total.
      index === 0 ? moneyToInput(order.payable.amount_minor) : "",
      order.payable.currency,
    ]),
  );
  return [head.map((key) => t(`orders.csv.${key}`)), ...rows];
}
