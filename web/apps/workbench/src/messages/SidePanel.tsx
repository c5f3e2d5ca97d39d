import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, InputNumber, Select, Skeleton, Space } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get, put } from "../api/http";
import type { Chat, Member, Page } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { StateTag } from "../orders/order-columns";
import { type Said, sendMessage, useChatRefresh, useChatSide } from "./queries";

/** Who answers, the buyer's orders here, and cards to send. */
export function SidePanel({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const refresh = useChatRefresh(shop.id);
  const side = useChatSide(shop.id, chat.id);
  const members = useQuery({ queryKey: ["members", shop.id], queryFn: ({ signal }) => get<Page<Member>>(`/organisations/${shop.id}/members`, undefined, signal) });
  const [productId, setProductId] = useState<number | null>(null);
  const editable = mayEdit(shop.permissions, "messages");
  const act = async (call: Promise<unknown>) => {
    try {
      await call;
      await refresh();
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  const say = (said: Said) => void act(sendMessage(shop.id, chat.id, said));
  return (
    <aside className="wb-chat-side">
      <Select
        allowClear
        className="wb-full"
        disabled={!editable}
        value={chat.assigned_to?.person_id ?? null}
        placeholder={t("messages.assign")}
        aria-label={t("messages.assign")}
        options={members.data?.items.map((member) => ({ value: member.person_id, label: member.display_name })) ?? []}
        onChange={(person) => void act(put(`/shops/${shop.id}/chats/${chat.id}/assigned`, { person_id: person ?? null }))}
      />
      {editable && (
        <Space.Compact block>
          <InputNumber style={{ flex: 1 }} min={1} precision={0} controls={false} value={productId} placeholder={t("messages.product_id")} aria-label={t("messages.product_id")} onChange={setProductId} />
          <Button disabled={!productId} onClick={() => productId && say({ kind: "product", product_id: productId })}>
            {t("messages.send_product")}
          </Button>
        </Space.Compact>
      )}
      <h2>{t("messages.buyer_orders")}</h2>
      {side.isPending && <Skeleton active paragraph={{ rows: 3 }} />}
      {side.data?.orders.length === 0 && <p className="wb-muted">{t("messages.no_orders")}</p>}
      <ul className="wb-plain-list">
        {side.data?.orders.map((order) => (
          <li key={order.order_no} className="wb-chat-order">
            <Link to={`/shops/${shop.id}/orders?order=${order.order_no}`} className="wb-mono">
              {order.order_no}
            </Link>
            <span>
              <StateTag state={order.state} /> {format.money(order.payable)}
            </span>
            <small className="wb-muted wb-clip">{order.lines[0]?.name}</small>
            {editable && (
              <Button size="small" type="link" className="wb-link" onClick={() => say({ kind: "order", order_no: order.order_no })}>
                {t("messages.send_order")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </aside>
  );
}
