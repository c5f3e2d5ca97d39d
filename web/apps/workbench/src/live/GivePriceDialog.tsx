import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, DatePicker, Modal, Select, Skeleton } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PriceWords } from "./DeskPrices";
import { type Drafts, type PricingRoom, pricesOf } from "./prices";
import { pricingRoomsQuery, useGivePrice } from "./queries";
import { SkuPrices } from "./SkuPrices";

const CONFIRM = { "data-testid": "room-price-confirm" } as const;

/** A price for one's own product in one room: whose, which product, from when to when, how much for how many. */
export function GivePriceDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const rooms = useQuery(pricingRoomsQuery(shopId));
  const give = useGivePrice(shopId);
  const [roomId, setRoomId] = useState<number | null>(null);
  const [itemId, setItemId] = useState<number | null>(null);
  const [from, setFrom] = useState<Dayjs | null>(null);
  const [until, setUntil] = useState<Dayjs | null>(null);
  const [drafts, setDrafts] = useState<Drafts>({});
  const room = rooms.data?.find((one) => one.id === roomId);
  const item = room?.items.find((one) => one.id === itemId);
  const prices = pricesOf(drafts);
  const save = () => {
    if (room && item) give.mutate({ roomId: room.id, itemId: item.id, body: { prices, starts_at: from?.toISOString() ?? null, ends_at: until?.toISOString() ?? null } }, { onSuccess: onClose });
  };
  const pick = (id: number) => {
    setRoomId(id);
    setItemId(null);
    setDrafts({});
  };
  return (
    <Modal open title={t("live.prices.give")} okText={t("live.price.confirm")} okButtonProps={{ ...CONFIRM, disabled: !item || prices.length === 0 }} confirmLoading={give.isPending} onOk={save} onCancel={onClose} destroyOnHidden>
      <p className="wb-muted">{t("live.prices.give_help")}</p>
      {rooms.isPending && <Skeleton active />}
      {rooms.isError && <ErrorView error={rooms.error} onRetry={() => void rooms.refetch()} />}
      {rooms.data?.length === 0 && <Alert type="info" showIcon title={t("live.prices.no_rooms")} />}
      {rooms.data && rooms.data.length > 0 && (
        <div className="live-rules">
          <RoomChoice rooms={rooms.data} value={roomId} onChange={pick} />
          {room && (
            <Select<number>
              className="wb-full"
              data-testid="room-price-item"
              aria-label={t("live.prices.column.product")}
              placeholder={t("live.prices.choose_product")}
              value={itemId}
              onChange={(id) => {
                setItemId(id);
                setDrafts({});
              }}
              options={room.items.map((one) => ({ value: one.id, label: `${one.position}. ${one.product.name}` }))}
            />
          )}
          {item && item.prices.length > 0 && (
            <Alert
              type="warning"
              title={t("live.prices.replaces")}
              description={
                <ul className="wb-plain-list">
                  {item.prices.map((one) => (
                    <li key={`${one.sale_id}-${one.sku_id}`}>
                      <PriceWords price={one} />
                    </li>
                  ))}
                </ul>
              }
            />
          )}
          {item && <SkuPrices shopId={shopId} productId={item.product.id} drafts={drafts} onChange={setDrafts} />}
          {item && (
            <div className="wb-filters">
              <DatePicker showTime value={from} onChange={setFrom} placeholder={t("live.prices.from")} aria-label={t("live.prices.from")} />
              <DatePicker showTime value={until} onChange={setUntil} placeholder={t("live.prices.until")} aria-label={t("live.prices.until")} />
            </div>
          )}
        </div>
      )}
      {give.isError && <ErrorView error={give.error} />}
    </Modal>
  );
}

/** Rooms with goods of the shop, a creator's together. */
function RoomChoice({ rooms, value, onChange }: { rooms: PricingRoom[]; value: number | null; onChange: (id: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = new Map<string, PricingRoom[]>();
  for (const room of rooms) {
    const name = room.is_own ? t("live.prices.own") : room.creator ? format.displayName(room.creator) : `#${room.id}`;
    groups.set(name, [...(groups.get(name) ?? []), room]);
  }
  const words = (room: PricingRoom) => {
    const when = room.started_at ?? room.scheduled_at;
    return [room.title, t(`live.state.${room.state}`), ...(when ? [format.dateTime(when)] : [])].join(" · ");
  };
  return (
    <Select<number>
      className="wb-full"
      data-testid="room-price-room"
      aria-label={t("live.prices.column.room")}
      placeholder={t("live.prices.choose_room")}
      value={value}
      onChange={onChange}
      options={[...groups].map(([label, found]) => ({ label, options: found.map((room) => ({ value: room.id, label: words(room) })) }))}
    />
  );
}
