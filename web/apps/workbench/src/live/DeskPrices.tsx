import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, InputNumber, Modal, Skeleton, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { minor } from "../marketing/terms";
import { useProduct } from "../products/queries";
import type { DeskProps } from "./DeskPage";

type Item = DeskProps["room"]["items"][number];
interface Draft {
  price: string;
  units: number | null;
  limit: number | null;
}
const EMPTY: Draft = { price: "", units: 10, limit: 1 };
const FLASH_MINUTES = 5;
const CONFIRM = { "data-testid": "live-price-confirm" } as const;

/** The prices that the room has for an item, what is left of them, and an end to each. */
export function ItemPrices({ room, act, editable, item }: DeskProps & { item: Item }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [adding, setAdding] = useState<"prices" | "flash" | null>(null);
  // Of goods that a creator sells for another shop, that shop sets the price.
  const over = room.state === "ended" || room.state === "banned" || item.product.shop_id !== room.shop_id;
  const end = (saleId: number) => act.mutate({ verb: "post", path: `/sales/${saleId}/end` });
  return (
    <div className="live-desk-prices">
      {item.prices.map((one) => (
        <Tag key={`${one.sale_id}-${one.sku_id}`} color={one.kind === "flash_sale" ? "volcano" : "blue"} closable={editable && !over} onClose={() => end(one.sale_id)} data-testid="live-price">
          {t(`live.price.${one.kind === "flash_sale" ? "flash" : "room"}`)} {format.money(one.price)} · {t("live.price.left", { left: one.left, units: one.units })}
          {one.kind === "flash_sale" ? ` · ${t("live.price.until", { time: format.dateTime(one.ends_at) })}` : ""}
        </Tag>
      ))}
      {editable && !over && (
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

function PriceDialog({ room, act, item, kind, onClose }: Pick<DeskProps, "room" | "act"> & { item: Item; kind: "prices" | "flash"; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const product = useProduct(room.shop_id, item.product.id);
  const [drafts, setDrafts] = useState<Record<number, Draft>>({});
  const [minutes, setMinutes] = useState<number | null>(FLASH_MINUTES);
  const change = (skuId: number, changes: Partial<Draft>) => setDrafts({ ...drafts, [skuId]: { ...EMPTY, ...drafts[skuId], ...changes } });
  const prices = (product.data?.skus ?? []).flatMap((sku) => {
    const draft = drafts[sku.id];
    const price = draft?.price.trim() ? minor(draft.price, null) : null;
    return draft && price && draft.units && draft.limit ? [{ sku_id: sku.id, price_minor: price, units: draft.units, limit_per_person: draft.limit }] : [];
  });
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
      {product.isPending && <Skeleton active />}
      {product.isError && <ErrorView error={product.error} />}
      <ul className="wb-plain-list">
        {product.data?.skus.map((sku) => {
          const draft = drafts[sku.id] ?? EMPTY;
          return (
            <li key={sku.id} className="wb-filters" data-testid="live-price-sku">
              <span>
                {sku.option_text || product.data.name} <small className="wb-muted">{format.money(sku.price)}</small>
              </span>
              <Input aria-label={t("live.price.field")} placeholder={t("live.price.field")} prefix="¥" inputMode="decimal" maxLength={12} style={{ width: 120 }} value={draft.price} onChange={(event) => change(sku.id, { price: event.target.value })} data-testid="live-price-input" />
              <InputNumber aria-label={t("live.price.units")} prefix={t("live.price.units")} min={1} precision={0} value={draft.units} onChange={(units) => change(sku.id, { units })} />
              <InputNumber aria-label={t("live.price.limit")} prefix={t("live.price.limit")} min={1} max={1000} precision={0} value={draft.limit} onChange={(limit) => change(sku.id, { limit })} />
            </li>
          );
        })}
      </ul>
      {kind === "flash" && <InputNumber aria-label={t("live.price.minutes")} prefix={t("live.price.minutes")} min={1} max={120} precision={0} value={minutes} onChange={setMinutes} />}
      {act.isError && <ErrorView error={act.error} />}
    </Modal>
  );
}
