import type { OrderDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { AddressText } from "../checkout/AddressPicker";
import { useAddresses } from "../checkout/addresses";
import { Picture } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { type Tracking, useTracking, useWayAction } from "./queries";

type Parcel = Tracking["packages"][number];
const FIRST_EVENTS = 3;

/** Another address before shipping, more time after it. */
export function WayActions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const report = useReport();
  const act = useWayAction(order.order_no);
  const [choosing, setChoosing] = useState(false);
  const can = new Set(useTracking(order.order_no, order.paid_at !== null).data?.can);
  if (can.size === 0) return null;
  const extend = () => act.mutate({ do: "extend" }, { onSuccess: () => showToast(t("orders.way.extended")), onError: report });
  return (
    <div className="order-actions">
      {can.has("change_address") ? (
        <button type="button" className="button button-small button-quiet" onClick={() => setChoosing(true)} data-testid="change-address">
          {t("orders.way.change_address")}
        </button>
      ) : null}
      {can.has("extend_receipt") ? (
        <button type="button" className="button button-small button-quiet" onClick={extend} disabled={act.isPending} data-testid="extend-receipt">
          {t("orders.way.extend")}
        </button>
      ) : null}
      {choosing ? <AddressSheet order={order} onClose={() => setChoosing(false)} /> : null}
    </div>
  );
}

function AddressSheet({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const report = useReport();
  const addresses = useAddresses();
  const act = useWayAction(order.order_no);
  const choose = (addressId: number) =>
    act.mutate(
      { do: "address", addressId },
      {
        onSuccess: () => {
          showToast(t("orders.way.address_changed"));
          onClose();
        },
        onError: report,
      },
    );
  return (
    <Sheet title={t("orders.way.change_address")} onClose={onClose}>
      <p className="muted">{t("orders.way.address_hint")}</p>
      {(addresses.data ?? []).map((address) => (
        <button key={address.id} type="button" className="option-row" disabled={act.isPending} onClick={() => choose(address.id)} data-testid="address-option">
          <AddressText address={address} />
        </button>
      ))}
    </Sheet>
  );
}

/** Every package of an order: where it is, what is in it. */
export function Parcels({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const packages = useTracking(order.order_no, order.paid_at !== null).data?.packages ?? [];
  return packages.map((parcel, place) => (
    <ParcelCard key={parcel.id} orderNo={order.order_no} parcel={parcel} title={packages.length > 1 ? t("orders.way.parcel_of", { number: place + 1, count: packages.length }) : null} />
  ));
}

function ParcelCard({ orderNo, parcel, title }: { orderNo: string; parcel: Parcel; title: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const act = useWayAction(orderNo);
  const [whole, setWhole] = useState(false);
  const [asking, setAsking] = useState(false);
  const events = whole ? parcel.events : parcel.events.slice(0, FIRST_EVENTS);
  const turnBack = () => {
    setAsking(false);
    act.mutate({ do: "intercept", packageId: parcel.id }, { onSuccess: () => showToast(t("orders.way.intercept_asked")), onError: report });
  };
  return (
    <section className="card" data-testid="parcel" data-state={parcel.state}>
      <p className="parcel">
        <Icon name="truck" size={20} />
        {title ? <b>{title}</b> : null}
        <b>{format.named({ name: parcel.carrier_name, name_en: parcel.carrier_name_en })}</b> {parcel.tracking_no}
        <button type="button" className="text-button" onClick={() => void navigator.clipboard.writeText(parcel.tracking_no).then(() => showToast(t("orders.copied")))}>
          {t("orders.copy")}
        </button>
      </p>
      <p className="parcel-state">
        <b>{t(`orders.way.state.${parcel.state}`)}</b>
        {parcel.flagged ? <span className="note note-bad">{t("orders.way.silent")}</span> : null}
        {parcel.intercept ? <span className="muted">{t(`orders.way.intercept.${parcel.intercept}`)}</span> : null}
      </p>
      <p className="parcel-goods">
        {parcel.lines.map((line) => (
          <span key={line.sku_id} className="parcel-unit">
            <Picture url={line.picture_url} alt={line.name} className="line-picture" />
            <span className="muted">×{line.quantity}</span>
          </span>
        ))}
      </p>
      <ol className="timeline">
        {events.map((event) => {
          const text = (event.data as { text?: string }).text;
          return (
            <li key={`${event.at}-${event.code}-${text ?? ""}`}>
              <b>{text || t(`orders.way.event.${event.code}`, { defaultValue: event.code })}</b>
              <time dateTime={event.at}>{format.dateTime(event.at)}</time>
            </li>
          );
        })}
      </ol>
      {parcel.events.length > FIRST_EVENTS ? (
        <button type="button" className="text-button" onClick={() => setWhole(!whole)} aria-expanded={whole}>
          {t(whole ? "orders.way.less" : "orders.way.more", { count: parcel.events.length })}
        </button>
      ) : null}
      {parcel.can.includes("intercept") ? (
        <button type="button" className="text-button" onClick={() => setAsking(true)} data-testid="intercept">
          {t("orders.way.intercept_ask")}
        </button>
      ) : null}
      {asking ? (
        <Sheet
          title={t("orders.way.intercept_ask")}
          onClose={() => setAsking(false)}
          footer={
            <div className="buy-bar">
              <button type="button" className="button button-second" onClick={() => setAsking(false)}>
                {t("orders.keep")}
              </button>
              <button type="button" className="button" onClick={turnBack} data-testid="intercept-confirm">
                {t("orders.way.intercept_ask")}
              </button>
            </div>
          }
        >
          <p>{t("orders.way.intercept_hint")}</p>
        </Sheet>
      ) : null}
    </section>
  );
}
