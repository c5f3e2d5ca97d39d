import { type Address, ApiError, type PresaleItem } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { AddressPicker, AddressText } from "../checkout/AddressPicker";
import { useAddresses } from "../checkout/addresses";
import { useStartPayment } from "../checkout/queries";
import { Price, Stepper } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { useReport } from "../kit/useReport";
import { newEventId } from "../signals/signals";
import { usePresales, useReserve } from "./queries";

/** The presales of a product: a deposit now, the rest later. */
export function PresaleCards({ productId }: { productId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const presales = usePresales(productId);
  const [chosen, setChosen] = useState<PresaleItem | null>(null);
  if (!presales.data || presales.data.length === 0) return null;
  return (
    <section className="bundles" aria-label={t("presale.title")} data-testid="presales">
      <h2>{t("presale.title")}</h2>
      {presales.data.map((item) => (
        <article key={item.item_id} className="bundle">
          <p>
            {item.option_text} <Price money={item.price} size="lg" /> <small>{t("presale.counts", { deposit: format.money(item.deposit), counts: format.money(item.counts) })}</small>
          </p>
          <p className="muted">
            {t("presale.final_time", { from: format.dateTime(item.final_from), until: format.dateTime(item.final_until) })} · {t("presale.ship", { count: item.ship_days })}
          </p>
          {item.left > 0 ? (
            <button type="button" className="button button-small" onClick={() => setChosen(item)} data-testid="presale-reserve">
              {t("presale.pay_deposit", { sum: format.money(item.deposit) })}
            </button>
          ) : (
            <p className="muted">{t("presale.gone")}</p>
          )}
        </article>
      ))}
      {chosen ? <ReserveSheet item={chosen} onClose={() => setChosen(null)} /> : null}
    </section>
  );
}

function ReserveSheet({ item, onClose }: { item: PresaleItem; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const report = useReport();
  const reserve = useReserve();
  const pay = useStartPayment();
  const addresses = useAddresses();
  const [picked, setPicked] = useState<Address | null>(null);
  const [picking, setPicking] = useState(false);
  const [quantity, setQuantity] = useState(1);
  const key = useRef({ of: "", value: "" });
  const address = picked ?? addresses.data?.find((one) => one.is_default) ?? addresses.data?.[0] ?? null;
  const times = (money: PresaleItem["deposit"]) => format.money({ ...money, amount_minor: money.amount_minor * quantity });
  const refused = (error: Error) => {
    if (error instanceof ApiError && error.code === "sign_in_required") navigate(`/sign-in?next=${encodeURIComponent(`/product/${item.product_id}`)}`);
    else report(error);
  };
  const send = () => {
    if (!address) return setPicking(true);
    const of = `${item.item_id}x${quantity}@${address.id}`;
    if (key.current.of !== of) key.current = { of, value: newEventId() };
    reserve.mutate(
      { itemId: item.item_id, quantity, addressId: address.id, key: key.current.value },
      {
        onSuccess: (order) => pay.mutate(order.order_no, { onSuccess: (answer) => globalThis.location.assign(answer.redirect_url), onError: refused }),
        onError: refused,
      },
    );
  };
  return (
    <Sheet
      title={t("presale.title")}
      onClose={onClose}
      testId="presale-sheet"
      footer={
        <button type="button" className="button button-wide" disabled={reserve.isPending || pay.isPending} onClick={send} data-testid="presale-confirm">
          {t("presale.reserve")} {times(item.deposit)}
        </button>
      }
    >
      <button type="button" className="card address-card" onClick={() => setPicking(true)}>
        {address ? <AddressText address={address} /> : t("presale.choose_address")}
      </button>
      <div className="line-row">
        <span className="line-label">{t("product.quantity")}</span>
        <span className="line-value" />
        <Stepper value={quantity} max={Math.min(99, item.left)} onChange={setQuantity} label={t("product.quantity")} />
      </div>
      <p>{t("presale.final", { sum: times(item.final) })}</p>
      <p className="note">{t(item.forfeits ? "presale.forfeits" : "presale.returns")}</p>
      {picking ? (
        <AddressPicker
          chosenId={address?.id ?? null}
          onClose={() => setPicking(false)}
          onChoose={(next) => {
            setPicked(next);
            setPicking(false);
          }}
        />
      ) : null}
    </Sheet>
  );
}
