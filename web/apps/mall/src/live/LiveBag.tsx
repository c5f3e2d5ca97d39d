import { useTranslation } from "@xingqu/i18n";
import { Icon } from "../kit/Icon";
import { Picture, Price } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { EmptyState } from "../kit/states";
import { Countdown } from "../programmes/Countdown";
import type { Room } from "./roomState";

type Item = Room["items"][number];

/** The lowest price that the room has for an item now, if it has one of which a unit is left. */
export function roomPrice(item: Item): Item["prices"][number] | undefined {
  return item.prices.find((one) => one.state === "running" && one.left > 0);
}

/** What a product costs here, and how long or for how many. */
function ItemPrice({ item }: { item: Item }) {
  const { t } = useTranslation();
  const own = roomPrice(item);
  if (!own) return <Price money={item.product.price} size="sm" was={item.product.list_price} />;
  return (
    <span className="live-own-price" data-testid="live-room-price" data-kind={own.kind}>
      <small className="discount-sum">{t(own.kind === "flash_sale" ? "live.flash" : "live.room_price")}</small> <Price money={own.price} size="sm" was={item.product.price} />{" "}
      <small>
        {t("live.left_of", { count: own.left })} · {t("live.limit", { count: own.limit_per_person })}
      </small>
      {own.kind === "flash_sale" ? <Countdown endsAt={own.ends_at} /> : null}
    </span>
  );
}

/** The product that is being explained, with what is left of it. */
export function PopUp({ item, onOpen }: { item: Item; onOpen: (item: Item) => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="live-popup" data-testid="live-popup" aria-live="polite" onClick={() => onOpen(item)}>
      <Picture url={item.product.picture_url} alt="" className="live-popup-picture" eager />
      <span className="live-popup-words">
        <small>{t("live.explaining")}</small>
        <b>{item.label || item.product.short_name || item.product.name}</b>
        <span className="live-popup-line">
          <ItemPrice item={item} /> <small>{item.available > 0 ? t("live.left", { count: item.available }) : t("live.sold_out")}</small>
        </span>
      </span>
    </button>
  );
}

/** Every product of the show, in its order. */
export function LiveBag({ room, onOpen, onClose }: { room: Room; onOpen: (item: Item) => void; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t("live.bag", { count: room.items.length })} height="tall" onClose={onClose} testId="live-bag">
      {room.items.length === 0 ? <EmptyState icon="shop" title={t("live.bag_empty")} /> : null}
      <ol className="live-bag-list">
        {room.items.map((item) => (
          <li key={item.id}>
            <button type="button" className="live-bag-row" onClick={() => onOpen(item)}>
              <Picture url={item.product.picture_url} alt="" className="live-bag-picture" />
              <span className="live-popup-words">
                <b>
                  {item.position}. {item.label || item.product.short_name || item.product.name}
                </b>
                <small>{item.id === room.explaining_item_id ? t("live.explaining") : item.available > 0 ? t("live.left", { count: item.available }) : t("live.sold_out")}</small>
                <ItemPrice item={item} />
              </span>
              <Icon name="forward" size={18} />
            </button>
          </li>
        ))}
      </ol>
    </Sheet>
  );
}
