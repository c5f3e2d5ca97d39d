import type { AftersaleDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Field } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { useCarriers, usePickup } from "./queries";
import { Footer, type SheetProps } from "./SheetFrame";

/** Sending goods back: a courier fetches them in a slot, or the buyer has sent them and types the number. */
export function ReturnSheet({ item, busy, onRun, onClose }: SheetProps & { item: AftersaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pickup = usePickup(item.case_no);
  const carriers = useCarriers(true);
  const [typing, setTyping] = useState(false);
  const [slot, setSlot] = useState("");
  const [carrier, setCarrier] = useState("");
  const [number, setNumber] = useState("");
  const offer = pickup.data ?? null;
  const byNumber = typing || (!pickup.isPending && !offer);
  const picked = carriers.data?.find((each) => each.code === carrier);
  const clean = number.replace(/\s+/g, "").toUpperCase();
  const fits = picked !== undefined && new RegExp(picked.tracking_pattern).test(clean);
  const send = () => onRun(byNumber ? { step: "ship_return", carrier_code: carrier, tracking_no: clean } : { step: "pickup", starts_at: slot });
  const ready = byNumber ? fits : slot !== "";
  return (
    <Sheet title={t("aftersale.do.ship_return")} onClose={onClose} footer={<Footer label={t("aftersale.do.ship_return")} disabled={busy || !ready} onRun={send} onClose={onClose} />}>
      {offer ? (
        <div className="order-actions" role="group">
          <button type="button" className={`button button-small${byNumber ? " button-quiet" : ""}`} aria-pressed={!byNumber} onClick={() => setTyping(false)} data-testid="return-pickup">
            {t("aftersale.by_pickup")}
          </button>
          <button type="button" className={`button button-small${byNumber ? "" : " button-quiet"}`} aria-pressed={byNumber} onClick={() => setTyping(true)} data-testid="return-number">
            {t("aftersale.by_number")}
          </button>
        </div>
      ) : null}
      {offer && !byNumber ? (
        <>
          <p className="muted">{t("aftersale.pickup_where")}</p>
          <Field label={t("aftersale.slot")}>
            <select value={slot} onChange={(event) => setSlot(event.target.value)} data-testid="return-slot">
              <option value="">{t("aftersale.slot")}</option>
              {offer.slots.map((each) => (
                <option key={each.starts_at} value={each.starts_at}>
                  {format.dateTime(each.starts_at)} – {format.dateTime(each.ends_at)}
                </option>
              ))}
            </select>
          </Field>
          <p data-testid="pickup-price">{priceLine(offer.price.amount_minor, offer.covered.amount_minor)}</p>
          {item.instant ? <p className="muted">{t("aftersale.pickup_instant")}</p> : null}
        </>
      ) : null}
      {byNumber ? (
        <>
          <Field label={t("aftersale.carrier")}>
            <select value={carrier} onChange={(event) => setCarrier(event.target.value)} data-testid="return-carrier">
              <option value="">{t("aftersale.pick_carrier")}</option>
              {(carriers.data ?? []).map((each) => (
                <option key={each.code} value={each.code}>
                  {format.named(each)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t("aftersale.tracking")} error={clean !== "" && picked && !fits ? t("aftersale.tracking_bad") : null}>
            <input value={number} maxLength={40} autoComplete="off" onChange={(event) => setNumber(event.target.value)} data-testid="return-tracking" />
          </Field>
        </>
      ) : null}
    </Sheet>
  );

  function priceLine(price: number, covered: number): string {
    const written = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
    if (covered === 0) return t("aftersale.pickup_uninsured", { price: written(price) });
    if (covered >= price) return t("aftersale.pickup_free", { price: written(price) });
    return t("aftersale.pickup_price", { price: written(price), covered: written(covered), rest: written(price - covered) });
  }
}
