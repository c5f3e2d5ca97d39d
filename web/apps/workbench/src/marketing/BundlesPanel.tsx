import { DeleteOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, InputNumber, Tag, type TableColumnType } from "antd";
import { useState } from "react";
import type { BundleOffer, MerchantSku } from "../api/types";
import { useShop } from "../app/session";
import { useProduct } from "../products/queries";
import { CreateDialog, Labelled } from "./CreateDialog";
import { ProductSelect } from "./FlashPanel";
import { ProgrammeList } from "./ProgrammeList";
import { StateActions, StateTag } from "./StateActions";
import { type BundlePart, apartMinor, bundleProblem } from "./bundles";
import { useProgrammeActions, useProgrammes } from "./queries";
import { beginning, daysAhead, minor, spanNow } from "./terms";

/** Sets at a price, with how many can be bought now or why none. */
export function BundlesPanel({ base, editable }: { base: string; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bundles = useProgrammes(base, "bundles");
  const actions = useProgrammeActions(base, "bundles");
  const [creating, setCreating] = useState(false);
  const columns: TableColumnType<BundleOffer>[] = [
    { key: "name", title: t("marketing.column.name"), render: (_, row) => <strong>{row.name}</strong> },
    {
      key: "items",
      title: t("marketing.column.items"),
      render: (_, row) => (
        <ul className="wb-plain-list">
          {row.items.map((item) => (
            <li key={item.sku_id}>
              {item.name || `#${item.sku_id}`} <span className="wb-muted">{item.option_text}</span> ×{item.quantity}
            </li>
          ))}
        </ul>
      ),
    },
    {
      key: "price",
      title: t("bundles.price"),
      render: (_, row) => (
        <span className="wb-number">
          {format.money(row.price)} <s className="wb-muted">{format.money(row.usual_price)}</s>
        </span>
      ),
    },
    {
      key: "available",
      title: t("bundles.available"),
      render: (_, row) => (row.reason ? <Tag color="warning">{t(`bundles.reason.${row.reason}`)}</Tag> : <span className="wb-number">{row.available}</span>),
    },
    { key: "until", title: t("marketing.column.ends_at"), render: (_, row) => format.dateTime(row.ends_at) },
    { key: "state", title: t("marketing.column.state"), render: (_, row) => <StateTag state={row.state} /> },
    ...(editable
      ? [{ key: "do", title: t("table.actions"), render: (_: unknown, row: BundleOffer) => <StateActions state={row.state} onChange={(state) => actions.change(row.id, state)} /> }]
      : []),
  ];
  return (
    <>
      <ProgrammeList kind="bundles" file={`${base}/bundles`} query={bundles} columns={columns} onCreate={editable ? () => setCreating(true) : null} />
      {creating && <BundleDialog onCreate={actions.create} onClose={() => setCreating(false)} />}
    </>
  );
}

function BundleDialog({ onCreate, onClose }: { onCreate: (body: unknown) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [name, setName] = useState("");
  const [price, setPrice] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState(() => daysAhead(30, Date.now()));
  const [parts, setParts] = useState<BundlePart[]>([]);
  const apart = apartMinor(parts);
  const wrong = bundleProblem(parts, minor(price, null) ?? null);
  const wrongSpan = spanNow(from, until);
  const body = () =>
    name.trim() && !wrong && Object.keys(wrongSpan).length === 0
      ? {
          name: name.trim(),
          price_minor: minor(price, null),
          starts_at: beginning(from),
          ends_at: new Date(until).toISOString(),
          items: parts.map(({ sku_id, quantity }) => ({ sku_id, quantity })),
        }
      : null;
  const wrongTime = (tried: boolean, field: string) => (tried && wrongSpan[field] ? t(`marketing.wrong.${wrongSpan[field]}`) : null);
  return (
    <CreateDialog title={t("marketing.create.bundles")} body={body} onCreate={onCreate} onClose={onClose} width={720}>
      {(tried) => (
        <>
          <Labelled name="name" label={t("marketing.field.name")} problem={tried && !name.trim() ? t("marketing.wrong.missing") : null}>
            <Input id="programme-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </Labelled>
          <Labelled name="parts" label={t("bundles.parts")} problem={tried && wrong === "parts" ? t("bundles.wrong.parts") : null}>
            <Parts parts={parts} onChange={setParts} />
          </Labelled>
          <Labelled name="price" label={t("bundles.price_of", { sum: format.money({ amount_minor: apart, currency: "CNY" }) })} problem={tried && wrong === "price" ? t("bundles.wrong.price") : null}>
            <Input id="programme-price" prefix="¥" inputMode="decimal" maxLength={12} value={price} onChange={(event) => setPrice(event.target.value)} />
          </Labelled>
          <Labelled name="from" label={t("marketing.field.from")} problem={wrongTime(tried, "from")}>
            <Input id="programme-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
          </Labelled>
          <Labelled name="until" label={t("marketing.column.ends_at")} problem={wrongTime(tried, "until")}>
            <Input id="programme-until" type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
          </Labelled>
          <p className="wb-muted">{t("bundles.rule")}</p>
        </>
      )}
    </CreateDialog>
  );
}

function Parts({ parts, onChange }: { parts: BundlePart[]; onChange: (parts: BundlePart[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [productId, setProductId] = useState<number | null>(null);
  const product = useProduct(shop.id, productId);
  const add = (sku: MerchantSku) => {
    if (parts.some((part) => part.sku_id === sku.id)) return;
    onChange([...parts, { sku_id: sku.id, name: `${product.data?.name ?? ""} ${sku.option_text}`.trim(), price_minor: sku.price.amount_minor, quantity: 1 }]);
  };
  return (
    <>
      <ul className="wb-plain-list">
        {parts.map((part) => (
          <li key={part.sku_id} className="wb-filters" data-testid="bundle-part">
            <span>
              {part.name} <small className="wb-muted">{format.money({ amount_minor: part.price_minor, currency: "CNY" })}</small>
            </span>
            <InputNumber
              aria-label={t("bundles.units")}
              min={1}
              max={99}
              precision={0}
              value={part.quantity}
              onChange={(quantity) => onChange(parts.map((each) => (each.sku_id === part.sku_id ? { ...each, quantity: quantity ?? 1 } : each)))}
            />
            <Button type="text" icon={<DeleteOutlined />} aria-label={t("bundles.remove", { name: part.name })} onClick={() => onChange(parts.filter((each) => each.sku_id !== part.sku_id))} />
          </li>
        ))}
      </ul>
      <ProductSelect value={productId} onChange={setProductId} />
      <div className="wb-filters">
        {product.data?.skus.map((sku) => (
          <Button key={sku.id} size="small" onClick={() => add(sku)} disabled={parts.some((part) => part.sku_id === sku.id)} data-testid="bundle-add">
            + {sku.option_text || product.data.name}
          </Button>
        ))}
      </div>
    </>
  );
}
