import { useFormat, useTranslation } from "@xingqu/i18n";
import { Tag } from "antd";
import { Link } from "react-router";
import type { OrderDetail } from "../api/types";
import { useShop } from "../app/session";
import { campaignText } from "./campaign";

type Row = OrderDetail["attributions"][number];

/** What led to each line of an order, and who is credited with it. */
export function Attributions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const names = new Map(order.lines.map((line) => [line.sku_id, line.name]));
  return (
    <section data-testid="order-attribution">
      <h2>{t("order_marks.led")}</h2>
      <p className="wb-muted">{t("order_marks.led_help")}</p>
      {order.attributions.map((row) => (
        <div key={row.sku_id} className="wb-stack">
          {order.attributions.length > 1 && <strong>{names.get(row.sku_id)}</strong>}
          <Credit row={row} />
        </div>
      ))}
    </section>
  );
}

function Credit({ row }: { row: Row }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const surface = (code: string) => t(`order_marks.surface.${code}`, { defaultValue: code });
  const parts = [
    row.creator_name,
    row.content_id && t("order_marks.led_content", { id: row.content_id }),
    row.live_room_id && t("order_marks.led_room", { id: row.live_room_id }),
    row.ad_id && t("order_marks.led_ad", { id: row.ad_id }),
  ].filter(Boolean);
  const at = row.credited_at ? format.dateTime(row.credited_at) : "";
  return (
    <>
      <span>
        {t("order_marks.led_source", { source: surface(row.source) })} {row.campaign && <Tag>{campaignText(t, row.campaign)}</Tag>}
      </span>
      {parts.length > 0 ? (
        <span>{t("order_marks.led_credit", { name: parts.join(" · "), source: surface(row.credited_source ?? row.source), at })}</span>
      ) : (
        <span className="wb-muted">{t("order_marks.led_nobody")}</span>
      )}
      {row.creator_id && <Link to={`/shops/${shop.id}/orders?creator=${row.creator_id}`}>{t("order_marks.led_same")}</Link>}
    </>
  );
}
