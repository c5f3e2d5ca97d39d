import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Form, Input, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { get } from "../api/http";
import { FieldGroup } from "../app/Field";
import { AskDialog } from "../funds/dialogs";
import { ProductSelect } from "../marketing/FlashPanel";
import { useProduct } from "../products/queries";
import { type SampleOffer, type Side, useSampleActions } from "./queries";
import { useMoney } from "./Words";

type Address = components["schemas"]["AddressOut"];
const KINDS = ["free", "deposit", "buy_refund"] as const;

/** A new sample offer. */
export function OfferDialog({ side, onClose }: { side: Side; onClose: () => void }) {
  const { t } = useTranslation();
  const actions = useSampleActions(side);
  const [productId, setProductId] = useState<number | null>(null);
  const [skuId, setSkuId] = useState<number | null>(null);
  const [kind, setKind] = useState<(typeof KINDS)[number]>("free");
  const [numbers, setNumbers] = useState({ units: 5, units_each: 1, deposit: 50, fulfil_days: 15, min_followers: 0, min_gmv: 0, min_level: 0, min_score: 0, min_credit: 0 });
  const [asks, setAsks] = useState("");
  const product = useProduct(side.shopId, productId);
  const skus = product.data?.skus ?? [];
  const chosen = skuId ?? skus[0]?.id ?? null;
  const fields = (["units", "units_each", ...(kind === "deposit" ? (["deposit"] as const) : []), "fulfil_days", "min_followers", "min_gmv", "min_level", "min_score", "min_credit"] as const).filter(Boolean);
  const least = { units: 1, units_each: 1, deposit: 0.01, fulfil_days: 1, min_followers: 0, min_gmv: 0, min_level: 0, min_score: 0, min_credit: 0 };
  const send = async () => {
    await actions.offer({
      sku_id: chosen,
      kind,
      units: numbers.units,
      units_each: numbers.units_each,
      pay_minor: kind === "deposit" ? Math.round(numbers.deposit * 100) : 0,
      fulfil_days: numbers.fulfil_days,
      min_followers: numbers.min_followers,
      min_gmv_minor: Math.round(numbers.min_gmv * 100),
      min_level: numbers.min_level,
      min_score: numbers.min_score,
      min_credit: numbers.min_credit,
      asks: asks.trim(),
    });
  };
  return (
    <AskDialog title={t("collab.offer.add")} confirm={t("collab.offer.add")} done={t("collab.done")} ready={chosen !== null && numbers.units_each <= numbers.units} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t("collab.offer.add_help")}</p>
          <Form.Item label={t("collab.column.product")} htmlFor="programme-product" {...(tried && chosen === null ? { validateStatus: "error" as const, help: t("alliance.wrong_product") } : {})}>
            <ProductSelect
              value={productId}
              onChange={(id) => {
                setProductId(id);
                setSkuId(null);
              }}
            />
          </Form.Item>
          {skus.length > 1 && (
            <Form.Item label="SKU" htmlFor="sample-sku">
              <Select id="sample-sku" value={chosen} onChange={setSkuId} options={skus.map((sku) => ({ value: sku.id, label: sku.option_text }))} />
            </Form.Item>
          )}
          <FieldGroup label={t("collab.column.kind")}>
            <Radio.Group value={kind} onChange={(event) => setKind(event.target.value as "free")} options={KINDS.map((value) => ({ value, label: t(`collab.kind.${value}`) }))} />
            <div className="wb-muted">{t(`collab.kind_help.${kind}`)}</div>
          </FieldGroup>
          {fields.map((name) => (
            <Form.Item key={name} label={t(`collab.offer.field.${name}`)} htmlFor={`sample-${name}`}>
              <InputNumber id={`sample-${name}`} min={least[name]} max={name === "fulfil_days" ? 180 : name === "units" || name === "units_each" ? 9999 : 10_000_000} precision={name === "deposit" || name === "min_gmv" ? 2 : 0} value={numbers[name]} onChange={(value) => setNumbers({ ...numbers, [name]: value ?? least[name] })} />
            </Form.Item>
          ))}
          <Form.Item label={t("collab.offer.asks")} htmlFor="sample-asks">
            <Input.TextArea id="sample-asks" rows={2} maxLength={400} value={asks} onChange={(event) => setAsks(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}

/** A creator asks for a sample, to an address of their own book. */
export function ApplyDialog({ side, offer, onClose }: { side: Side; offer: SampleOffer; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const actions = useSampleActions(side);
  const addresses = useQuery({ queryKey: ["my-addresses"], queryFn: ({ signal }) => get<Address[]>("/addresses", undefined, signal) });
  const [picked, setPicked] = useState<number | null>(null);
  const [pitch, setPitch] = useState("");
  const address = picked ?? addresses.data?.[0]?.id ?? null;
  return (
    <AskDialog title={t("collab.offer.ask")} confirm={t("collab.offer.ask")} done={t("collab.asked_done")} ready={address !== null} onSend={async () => void (await actions.ask({ offer_id: offer.id, address_id: address, pitch: pitch.trim() }))} onClose={onClose}>
      {(tried) => (
        <>
          <p>
            <strong>{offer.product?.name}</strong> <span className="wb-muted">{format.named({ name: offer.shop_name, name_en: offer.shop_name_en })}</span>
          </p>
          {offer.asks && <p>{offer.asks}</p>}
          <p className="wb-muted">{t(`collab.apply_help.${offer.kind}`, { amount: money(offer.pay_minor, offer.currency), days: offer.fulfil_days })}</p>
          <Form.Item label={t("collab.address")} htmlFor="sample-address" {...(tried && address === null ? { validateStatus: "error" as const, help: t("collab.no_address") } : {})}>
            <Select
              id="sample-address"
              data-testid="sample-address"
              value={address}
              loading={addresses.isPending}
              onChange={setPicked}
              placeholder={t("collab.no_address")}
              options={(addresses.data ?? []).map((each) => ({ value: each.id, label: [each.recipient, each.phone, each.province, each.city, each.detail].join(" ") }))}
            />
          </Form.Item>
          <p className="wb-muted">
            <a href="/me/addresses" target="_blank" rel="noopener">
              {t("collab.address_book")}
            </a>
          </p>
          <Form.Item label={t("collab.pitch")} htmlFor="sample-pitch">
            <Input.TextArea id="sample-pitch" rows={3} maxLength={400} value={pitch} onChange={(event) => setPitch(event.target.value)} data-testid="sample-pitch" />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
