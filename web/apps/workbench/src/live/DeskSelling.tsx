import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, InputNumber, Select, Switch, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { minor } from "../marketing/terms";
import type { DeskProps } from "./DeskPage";
import { type Selling, useSelling } from "./queries";
import { LuckyBags } from "./LuckyBags";
import { readReplies, readScript, writeReplies, writeScript } from "./scripts";

/** Coupons, lucky bags, what happens by itself, and answers by themselves. */
export function DeskSelling({ room, act, editable, shopId }: DeskProps & { shopId: number }) {
  const { t } = useTranslation();
  const selling = useSelling(shopId, room.id);
  if (selling.isError && !selling.data) return <ErrorView error={selling.error} onRetry={() => void selling.refetch()} />;
  if (!selling.data) return null;
  const onAir = ["live", "paused", "interrupted"].includes(room.state);
  const changeable = editable && (onAir || room.state === "scheduled");
  return (
    <section className="wb-panel live-selling" aria-label={t("live.selling.title")} data-testid="live-selling">
      <h2 className="live-desk-title">{t("live.selling.title")}</h2>
      <Drops selling={selling.data} act={act} onAir={editable && onAir} />
      <LuckyBags room={room} selling={selling.data} act={act} onAir={editable && onAir} />
      {changeable && <Script key={JSON.stringify(selling.data.script?.steps)} room={room} selling={selling.data} act={act} />}
      {changeable && <Replies key={JSON.stringify(selling.data.auto_replies)} selling={selling.data} act={act} />}
    </section>
  );
}

function Drops({ selling, act, onAir }: { selling: Selling; act: DeskProps["act"]; onAir: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [off, setOff] = useState("");
  const [from, setFrom] = useState("");
  const [units, setUnits] = useState<number | null>(100);
  const [minutes, setMinutes] = useState<number | null>(5);
  const discount = minor(off, null);
  const drop = () =>
    act.mutate(
      { verb: "post", path: "/coupons", body: { discount_minor: discount, threshold_minor: minor(from, 0) ?? 0, units: units ?? 100, claim_s: (minutes ?? 5) * 60 } },
      { onSuccess: () => setOff("") },
    );
  return (
    <div>
      {selling.drops.map((one) => (
        <Tag key={one.coupon_id} color={one.is_open ? "green" : "default"} data-testid="live-desk-drop">
          {t("live.selling.drop", { off: format.money(one.discount), from: format.money(one.threshold) })} · {t("live.price.left", { left: one.left, units: one.units })}
        </Tag>
      ))}
      {onAir && (
        <div className="wb-filters">
          <Input prefix="¥" aria-label={t("live.selling.off")} placeholder={t("live.selling.off")} inputMode="decimal" maxLength={12} style={{ width: 110 }} value={off} onChange={(event) => setOff(event.target.value)} data-testid="live-drop-off" />
          <Input prefix="¥" aria-label={t("live.selling.from")} placeholder={t("live.selling.from")} inputMode="decimal" maxLength={12} style={{ width: 110 }} value={from} onChange={(event) => setFrom(event.target.value)} />
          <InputNumber aria-label={t("live.price.units")} prefix={t("live.price.units")} min={1} max={100_000} precision={0} value={units} onChange={setUnits} />
          <InputNumber aria-label={t("live.price.minutes")} prefix={t("live.price.minutes")} min={1} max={120} precision={0} value={minutes} onChange={setMinutes} />
          <Button disabled={!discount} onClick={drop} loading={act.isPending} data-testid="live-drop-send">
            {t("live.selling.drop_send")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Script({ room, selling, act }: { room: DeskProps["room"]; selling: Selling; act: DeskProps["act"] }) {
  const { t } = useTranslation();
  const script = selling.script;
  const positions = new Map(room.items.map((item) => [item.id, item.position]));
  const [text, setText] = useState(() => writeScript(script?.steps ?? [], positions));
  const [loop, setLoop] = useState<number | null>((script?.loop_s ?? 0) / 60);
  const [every, setEvery] = useState(60);
  const read = readScript(text, new Map(room.items.map((item) => [item.position, item.id])));
  return (
    <div className="live-rules">
      <h3 className="live-desk-title">{t("live.selling.script")}</h3>
      <small className="wb-muted">{t("live.selling.script_help")}</small>
      <Input.TextArea rows={4} aria-label={t("live.selling.script")} value={text} onChange={(event) => setText(event.target.value)} data-testid="live-script" />
      {"line" in read && <small role="alert">{t("live.selling.script_wrong", { line: read.line })}</small>}
      <div className="wb-filters">
        <InputNumber prefix={t("live.selling.loop")} aria-label={t("live.selling.loop")} min={0} max={1440} value={loop} onChange={setLoop} />
        <Button disabled={"line" in read} onClick={() => "steps" in read && act.mutate({ verb: "put", path: "/script", body: { steps: read.steps, loop_s: (loop ?? 0) * 60 } })} data-testid="live-script-save">
          {t("live.selling.save")}
        </Button>
        <Select value={every} onChange={setEvery} aria-label={t("live.selling.every")} options={[30, 60, 120, 300].map((value) => ({ value, label: t("live.selling.every_s", { count: value }) }))} />
        <Button disabled={room.items.length === 0} onClick={() => act.mutate({ verb: "post", path: "/script/in-turn", body: { item_ids: room.items.map((item) => item.id), every_s: every, loop: true } })} data-testid="live-in-turn">
          {t("live.selling.in_turn")}
        </Button>
        {script && <Switch checked={script.is_on} onChange={(is_on) => act.mutate({ verb: "post", path: "/script/switch", body: { is_on } })} aria-label={t("live.selling.running")} data-testid="live-script-on" />}
        {script && <small>{t("live.selling.progress", { seconds: script.run_s, done: script.position, all: script.steps.length })}</small>}
      </div>
      {script?.note && <small role="status">{script.note}</small>}
    </div>
  );
}

function Replies({ selling, act }: { selling: Selling; act: DeskProps["act"] }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => writeReplies(selling.auto_replies));
  return (
    <div className="live-rules">
      <h3 className="live-desk-title">{t("live.selling.replies")}</h3>
      <small className="wb-muted">{t("live.selling.replies_help")}</small>
      <Input.TextArea rows={3} aria-label={t("live.selling.replies")} value={text} onChange={(event) => setText(event.target.value)} />
      <Button onClick={() => act.mutate({ verb: "put", path: "/auto-replies", body: { replies: readReplies(text) } })}>{t("live.selling.save")}</Button>
    </div>
  );
}
