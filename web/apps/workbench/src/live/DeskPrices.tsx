import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, InputNumber, Modal, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import type { DeskProps } from "./DeskPage";
import { type Drafts, hasEnd, pricesOf, type RoomPrice } from "./prices";
import { SkuPrices } from "./SkuPrices";

type Item = DeskProps["room"]["items"][number];
const FLASH_MINUTES = 5;
const CONFIRM = { "data-testid": "live-price-confirm" } as const;

/** The prices that the room has for an item, what is left of them, and an end to each. */
export function ItemPrices({ room, act, editable, item }: DeskProps & { item: Item }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [adding, setAdding] = useState<"prices" | "flash" | null>(null);
  const over = room.state === "ended" || room.state === "banned";
  // Of goods that a creator sells for another shop, that shop sets the price.
  const foreign = item.product.shop_id !== room.shop_id;
  const changeable = editable && !over && !foreign;
  const end = (saleId: number) => act.mutate({ verb: "post", path: `/sales/${saleId}/end` });
  return (
    <div className="live-desk-prices">
      {item.prices.map((one) => (
        <Tag key={`${one.sale_id}-${one.sku_id}`} color={one.kind === "flash_sale" ? "volcano" : one.state === "running" ? "blue" : "default"} closable={changeable} onClose={() => end(one.sale_id)} data-testid="live-price">
          <PriceWords price={one} />
        </Tag>
      ))}
      {foreign && !over && <small className="wb-muted">{t(item.prices.length > 0 ? "live.price.by_shop" : "live.price.none_by_shop", { shop: format.named({ name: item.product.shop_name, name_en: item.product.shop_name_en }) })}</small>}
      {changeable && (
        <>
          <Button size="small" type="link" onClick={() => setAdding("prices")} data-testid="live-set-price">
            {t("live.price.set")}
          </Button>
          {room.state !== "scheduled" && (
            <Button size="small" type="link" onClick={() => setAdding("flash")} data-testid="live-start-flash">
              {t("live.price.start_flash")}
            </Button>
          )}
        </>
      )}
      {adding && <PriceDialog room={room} act={act} item={item} kind={adding} onClose={() => setAdding(null)} />}
    </div>
  );
}

/** Kind, amount, what is left, and from when to when where that is not the room's time. */
export function PriceWords({ price }: { price: RoomPrice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = [`${t(`live.price.${price.kind === "flash_sale" ? "flash" : "room"}`)} ${format.money(price.price)}`, t("live.price.left", { left: price.left, units: price.units })];
  if (price.state === "upcoming") parts.push(t("live.price.from", { time: format.dateTime(price.starts_at) }));
  if (price.kind === "flash_sale" || hasEnd(price)) parts.push(t("live.price.until", { time: format.dateTime(price.ends_at) }));
  if (price.state === "paused") parts.push(t("live.price.on_air_only"));
  return parts.join(" · ");
}

function PriceDialog({ room, act, item, kind, onClose }: Pick<DeskProps, "room" | "act"> & { item: Item; kind: "prices" | "flash"; onClose: () => void }) {
  const { t } = useTranslation();
  const [drafts, setDrafts] = useState<Drafts>({});
  const [minutes, setMinutes] = useState<number | null>(FLASH_MINUTES);
  const prices = pricesOf(drafts);
  const save = () =>
    act.mutate({ verb: "post", path: `/items/${item.id}/${kind}`, body: kind === "flash" ? { prices, duration_s: (minutes ?? FLASH_MINUTES) * 60 } : { prices } }, { onSuccess: onClose });
  return (
    <Modal
      open
      title={t(kind === "flash" ? "live.price.start_flash" : "live.price.set")}
      okText={t("live.price.confirm")}
      okButtonProps={{ ...CONFIRM, disabled: prices.length === 0 }}
      confirmLoading={act.isPending}
      onOk={save}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="wb-muted">{t(kind === "flash" ? "live.price.flash_help" : "live.price.help")}</p>
      <SkuPrices shopId={room.shop_id} productId={item.product.id} drafts={drafts} onChange={setDrafts} />
      {kind === "flash" && <InputNumber aria-label={t("live.price.minutes")} prefix={t("live.price.minutes")} min={1} max={120} precision={0} value={minutes} onChange={setMinutes} />}
      {act.isError && <ErrorView error={act.error} />}
    </Modal>
  );
}
