import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, InputNumber, Segmented, Select, Tag } from "antd";
import { useState } from "react";
import { minor } from "../marketing/terms";
import { useProduct } from "../products/queries";
import type { DeskProps } from "./DeskPage";
import type { Selling } from "./queries";

const PRIZES = ["coupon", "product"] as const;

/** Lucky bags of the room, and a new one: what is won, by how many, when, and what one has to do. */
export function LuckyBags({ room, selling, act, onAir }: { room: DeskProps["room"]; selling: Selling; act: DeskProps["act"]; onAir: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      {selling.bags.map((one) => (
        <Tag key={one.id} color={one.state === "open" ? "gold" : "default"} data-testid="live-desk-bag">
          {t("live.selling.bag")} {one.name} · {one.winner_pays ? `${one.product_name} · ` : ""}
          {t("live.selling.entrants", { count: one.entrants })} · {one.state === "open" ? format.dateTime(one.draw_at) : t(`live.selling.bag_${one.state}`)}
        </Tag>
      ))}
      {onAir && <NewBag room={room} act={act} />}
    </div>
  );
}

function NewBag({ room, act }: Pick<DeskProps, "room" | "act">) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [prize, setPrize] = useState<(typeof PRIZES)[number]>("coupon");
  const [off, setOff] = useState("");
  const [skuId, setSkuId] = useState<number | null>(null);
  const [winners, setWinners] = useState<number | null>(10);
  const [minutes, setMinutes] = useState<number | null>(5);
  const [word, setWord] = useState("");
  const [watch, setWatch] = useState<number | null>(0);
  const discount = minor(off, null);
  const what = prize === "product" ? { sku_id: skuId } : { coupon: { discount_minor: discount, threshold_minor: 0 } };
  const open = () =>
    act.mutate({ verb: "post", path: "/lucky-bags", body: { name: name.trim(), winner_count: winners ?? 1, draw_in_s: (minutes ?? 5) * 60, word: word.trim(), watch_s: (watch ?? 0) * 60, ...what } }, { onSuccess: () => setName("") });
  return (
    <>
      <div className="wb-filters">
        <Input aria-label={t("live.selling.bag_title")} placeholder={t("live.selling.bag_title")} maxLength={40} style={{ width: 130 }} value={name} onChange={(event) => setName(event.target.value)} data-testid="live-bag-name" />
        <Segmented aria-label={t("live.selling.prize_kind")} value={prize} onChange={setPrize} options={PRIZES.map((value) => ({ value, label: t(`live.selling.prize_${value}`) }))} data-testid="live-bag-prize" />
        {prize === "coupon" ? (
          <Input prefix="¥" aria-label={t("live.selling.prize")} placeholder={t("live.selling.prize")} inputMode="decimal" maxLength={12} style={{ width: 110 }} value={off} onChange={(event) => setOff(event.target.value)} />
        ) : (
          <PrizeProduct room={room} value={skuId} onChange={setSkuId} />
        )}
        <InputNumber aria-label={t("live.selling.winners")} prefix={t("live.selling.winners")} min={1} max={1000} precision={0} value={winners} onChange={setWinners} />
        <InputNumber aria-label={t("live.price.minutes")} prefix={t("live.price.minutes")} min={1} max={120} precision={0} value={minutes} onChange={setMinutes} />
        <Input aria-label={t("live.selling.word")} placeholder={t("live.selling.word")} maxLength={40} style={{ width: 110 }} value={word} onChange={(event) => setWord(event.target.value)} />
        <InputNumber aria-label={t("live.selling.watch")} prefix={t("live.selling.watch")} min={0} max={60} precision={0} value={watch} onChange={setWatch} />
        <Button disabled={!name.trim() || (prize === "coupon" ? !discount : skuId === null)} onClick={open} loading={act.isPending} data-testid="live-bag-open">
          {t("live.selling.bag_open")}
        </Button>
      </div>
      {prize === "product" && <small className="wb-muted">{t("live.selling.prize_help")}</small>}
    </>
  );
}

/** An option of one of one's own products in the run of show. */
function PrizeProduct({ room, value, onChange }: { room: DeskProps["room"]; value: number | null; onChange: (skuId: number | null) => void }) {
  const { t } = useTranslation();
  const own = room.items.filter((item) => item.product.shop_id === room.shop_id);
  const [productId, setProductId] = useState<number | null>(null);
  return (
    <>
      <Select<number>
        style={{ minWidth: 180 }}
        aria-label={t("live.selling.prize_product")}
        placeholder={t("live.selling.prize_product")}
        value={productId}
        onChange={(id) => {
          setProductId(id);
          onChange(null);
        }}
        options={own.map((item) => ({ value: item.product.id, label: item.product.name }))}
        data-testid="live-bag-product"
      />
      {productId !== null && <PrizeOption key={productId} room={room} productId={productId} value={value} onChange={onChange} />}
    </>
  );
}

function PrizeOption({ room, productId, value, onChange }: { room: DeskProps["room"]; productId: number; value: number | null; onChange: (skuId: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const product = useProduct(room.shop_id, productId);
  const options = product.data?.skus.map((sku) => ({ value: sku.id, label: `${sku.option_text || product.data.name} ${format.money(sku.price)}` }));
  return <Select<number> style={{ minWidth: 150 }} loading={product.isPending} aria-label={t("live.selling.prize_option")} placeholder={t("live.selling.prize_option")} value={value} onChange={onChange} options={options} data-testid="live-bag-option" />;
}
