import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Input, InputNumber, Progress, Select, Skeleton, type TableColumnType } from "antd";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";
import type { FlashSale, MerchantProduct, Page } from "../api/types";
import { useShop } from "../app/session";
import { moneyToInput } from "../format/money-input";
import { useProduct } from "../products/queries";
import { CreateDialog, Labelled } from "./CreateDialog";
import { type Queue, QueueField } from "./QueueField";
import { ProgrammeList } from "./ProgrammeList";
import { StateActions, StateTag } from "./StateActions";
import { useProgrammeActions, useProgrammes } from "./queries";
import { beginning, daysAhead, minor, spanNow } from "./terms";

/** Flash sales with how many units of each SKU are taken. */
export function FlashPanel({ base, editable }: { base: string; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sales = useProgrammes(base, "flash-sales");
  const actions = useProgrammeActions(base, "flash-sales");
  const [creating, setCreating] = useState(false);
  const columns: TableColumnType<FlashSale>[] = [
    { key: "name", title: t("marketing.column.name"), render: (_, row) => <strong>{row.name}</strong> },
    {
      key: "items",
      title: t("marketing.column.items"),
      render: (_, row) => (
        <ul className="wb-plain-list">
          {row.items.map((item) => (
            <li key={item.sku_id}>
              {item.name} <span className="wb-muted">{item.option_text}</span> <span className="wb-number">{format.money(item.price)}</span>{" "}
              {item.usual_price && <s className="wb-muted">{format.money(item.usual_price)}</s>}
              <small className="wb-muted"> {t("marketing.taken", { taken: item.taken, allotment: item.allotment, limit: item.limit_per_person })}</small>
              <Progress percent={(item.taken / item.allotment) * 100} showInfo={false} size="small" aria-label={item.name} />
            </li>
          ))}
        </ul>
      ),
    },
    { key: "queue", title: t("marketing.column.queue"), render: (_, row) => (row.admission ? t("marketing.queue_figures", { ...row.admission }) : "—") },
    { key: "until", title: t("marketing.column.ends_at"), render: (_, row) => format.dateTime(row.ends_at) },
    { key: "state", title: t("marketing.column.state"), render: (_, row) => <StateTag state={row.state} /> },
    ...(editable
      ? [{ key: "do", title: t("table.actions"), render: (_: unknown, row: FlashSale) => <StateActions state={row.state} onChange={(state) => actions.change(row.id, state)} /> }]
      : []),
  ];
  return (
    <>
      <ProgrammeList kind="flash_sales" file={`${base}/flash-sales`} query={sales} columns={columns} onCreate={editable ? () => setCreating(true) : null} />
      {creating && <FlashDialog onCreate={actions.create} onClose={() => setCreating(false)} />}
    </>
  );
}

interface ItemDraft {
  price: string;
  allotment: number | null;
  limit: number | null;
}

function FlashDialog({ onCreate, onClose }: { onCreate: (body: unknown) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState(() => daysAhead(1, Date.now()));
  const [productId, setProductId] = useState<number | null>(null);
  const [items, setItems] = useState<Record<number, ItemDraft>>({});
  const [queue, setQueue] = useState<Queue | null>(null);
  const product = useProduct(shop.id, productId);
  const skus = product.data?.skus ?? [];
  const filled = skus.flatMap((sku) => {
    const item = items[sku.id];
    return item?.price.trim() ? [{ sku, item, price: minor(item.price, null) }] : [];
  });
  const right = filled.length > 0 && filled.every(({ sku, item, price }) => price && price < sku.price.amount_minor && item.allotment && item.limit && item.limit <= item.allotment);
  const wrongSpan = spanNow(from, until);
  const ahead = Object.keys(wrongSpan).length === 0;
  const change = (skuId: number, changes: Partial<ItemDraft>) => setItems({ ...items, [skuId]: { price: "", allotment: 10, limit: 1, ...items[skuId], ...changes } });
  const wrongTime = (tried: boolean, field: string) => {
    const code = tried ? wrongSpan[field] : undefined;
    return code ? t(`marketing.wrong.${code}`) : null;
  };
  const body = () =>
    name.trim() && right && ahead
      ? {
          name: name.trim(),
          starts_at: beginning(from),
          ends_at: new Date(until).toISOString(),
          admission: queue,
          items: filled.map(({ sku, item, price }) => ({ sku_id: sku.id, price_minor: price, allotment: item.allotment, limit_per_person: item.limit })),
        }
      : null;
  return (
    <CreateDialog title={t("marketing.create.flash_sales")} body={body} onCreate={onCreate} onClose={onClose} width={720}>
      {(tried) => (
        <>
          <Labelled name="name" label={t("marketing.field.name")} problem={tried && !name.trim() ? t("marketing.wrong.missing") : null}>
            <Input id="programme-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </Labelled>
          <Labelled name="from" label={t("marketing.field.from")} problem={wrongTime(tried, "from")}>
            <Input id="programme-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
          </Labelled>
          <Labelled name="until" label={t("marketing.column.ends_at")} problem={wrongTime(tried, "until")}>
            <Input id="programme-until" type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
          </Labelled>
          <QueueField value={queue} onChange={setQueue} />
          <Labelled name="product" label={t("marketing.field.product")} problem={tried && productId === null ? t("marketing.wrong.missing") : null}>
            <ProductSelect value={productId} onChange={setProductId} />
          </Labelled>
          {productId !== null && product.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
          {skus.length > 0 && (
            <Labelled name="items" label={t("marketing.field.items")} problem={tried && !right ? t("marketing.wrong.items") : null}>
              <ul className="wb-plain-list">
                {skus.map((sku) => (
                  <li key={sku.id} className="wb-filters" data-testid="flash-sku">
                    <span>
                      {sku.option_text || product.data?.name} <small className="wb-muted">{format.money(sku.price)}</small>
                    </span>
                    <Input aria-label={t("marketing.field.flash_price")} placeholder={moneyToInput(Math.floor(sku.price.amount_minor * 0.8))} prefix="¥" inputMode="decimal" maxLength={12} style={{ width: 120 }} value={items[sku.id]?.price ?? ""} onChange={(event) => change(sku.id, { price: event.target.value })} />
                    <InputNumber aria-label={t("marketing.field.allotment")} prefix={t("marketing.field.allotment")} min={1} precision={0} value={items[sku.id]?.allotment ?? 10} onChange={(allotment) => change(sku.id, { allotment })} />
                    <InputNumber aria-label={t("marketing.field.limit")} prefix={t("marketing.field.limit")} min={1} max={999} precision={0} value={items[sku.id]?.limit ?? 1} onChange={(limit) => change(sku.id, { limit })} />
                  </li>
                ))}
              </ul>
            </Labelled>
          )}
        </>
      )}
    </CreateDialog>
  );
}

/** A product on sale, searched by name. */
export function ProductSelect({ value, onChange, label }: { value: number | null; onChange: (productId: number) => void; /** Where no label of a form stands beside it. */ label?: string }) {
  const { t } = useTranslation();
  const shop = useShop();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["products", shop.id, "pick", q],
    queryFn: ({ signal }) => get<Page<MerchantProduct>>(`/shops/${shop.id}/products`, { q, state: "on_sale", limit: 20 }, signal),
    staleTime: 30_000,
  });
  return (
    <Select
      id="programme-product"
      {...(label ? { "aria-label": label } : {})}
      data-testid="flash-product"
      value={value}
      onChange={onChange}
      loading={found.isPending}
      placeholder={t("marketing.pick_product")}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      options={(found.data?.items ?? []).map((product) => ({ value: product.id, label: product.name }))}
    />
  );
}
