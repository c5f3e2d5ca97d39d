import { useFormat, useTranslation } from "@xingqu/i18n";
import { Checkbox, Input, InputNumber, type TableColumnType } from "antd";
import { useState } from "react";
import type { PresaleOffer } from "../api/types";
import { useShop } from "../app/session";
import { useNow } from "../app/clock";
import { useProduct } from "../products/queries";
import { CreateDialog, Labelled } from "./CreateDialog";
import { ProductSelect } from "./FlashPanel";
import { ProgrammeList } from "./ProgrammeList";
import { StateActions, StateTag } from "./StateActions";
import { type PresaleDraft, presaleItem, windowsRight } from "./presales";
import { useProgrammeActions, useProgrammes } from "./queries";
import { beginning, daysAhead } from "./terms";

const TIMES = ["deposit_from", "deposit_until", "final_from", "final_until"] as const;
const MONEY = ["price", "deposit", "counts"] as const;
const EMPTY: PresaleDraft = { price: "", deposit: "", counts: "", allotment: 10 };

/** Presales with the units that are reserved and sold. */
export function PresalesPanel({ base, editable }: { base: string; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const presales = useProgrammes(base, "presales");
  const actions = useProgrammeActions(base, "presales");
  const [creating, setCreating] = useState(false);
  const columns: TableColumnType<PresaleOffer>[] = [
    { key: "name", title: t("marketing.column.name"), render: (_, row) => <strong>{row.name}</strong> },
    {
      key: "items",
      title: t("marketing.column.items"),
      render: (_, row) => (
        <ul className="wb-plain-list">
          {row.items.map((item) => (
            <li key={item.item_id}>
              {item.name} <span className="wb-muted">{item.option_text}</span> <span className="wb-number">{format.money(item.price)}</span>{" "}
              <small className="wb-muted">
                {t("presales.deposit")} {format.money(item.deposit)} → {format.money(item.counts)}
              </small>
            </li>
          ))}
        </ul>
      ),
    },
    {
      key: "units",
      title: t("presales.units"),
      render: (_, row) => row.items.map((item) => <div key={item.item_id} className="wb-number">{`${item.reserved} / ${item.sold} / ${item.allotment}`}</div>),
    },
    {
      key: "windows",
      title: t("presales.windows"),
      render: (_, row) => (
        <>
          <div>{`${format.dateTime(row.deposit_from)} – ${format.dateTime(row.deposit_until)}`}</div>
          <div>{`${format.dateTime(row.final_from)} – ${format.dateTime(row.final_until)}`}</div>
        </>
      ),
    },
    { key: "state", title: t("marketing.column.state"), render: (_, row) => <StateTag state={row.state} /> },
    ...(editable
      ? [{ key: "do", title: t("table.actions"), render: (_: unknown, row: PresaleOffer) => <StateActions state={row.state} onChange={(state) => actions.change(row.id, state)} /> }]
      : []),
  ];
  return (
    <>
      <ProgrammeList kind="presales" query={presales} columns={columns} onCreate={editable ? () => setCreating(true) : null} />
      {creating && <PresaleDialog onCreate={actions.create} onClose={() => setCreating(false)} />}
    </>
  );
}

function PresaleDialog({ onCreate, onClose }: { onCreate: (body: unknown) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [name, setName] = useState("");
  const [times, setTimes] = useState(() => ({ deposit_from: "", deposit_until: daysAhead(7, Date.now()), final_from: daysAhead(7, Date.now()), final_until: daysAhead(9, Date.now()) }));
  const [shipDays, setShipDays] = useState<number | null>(7);
  const [forfeits, setForfeits] = useState(true);
  const [productId, setProductId] = useState<number | null>(null);
  const [drafts, setDrafts] = useState<Record<number, PresaleDraft>>({});
  const product = useProduct(shop.id, productId);
  const skus = product.data?.skus ?? [];
  const typed = skus.filter((sku) => drafts[sku.id]?.price.trim());
  const items = typed.map((sku) => presaleItem(sku.id, drafts[sku.id] ?? EMPTY));
  const right = items.length > 0 && items.every((item) => item !== null);
  const ahead = windowsRight(times.deposit_from, times.deposit_until, times.final_from, times.final_until, useNow());
  const change = (skuId: number, part: Partial<PresaleDraft>) => setDrafts({ ...drafts, [skuId]: { ...EMPTY, ...drafts[skuId], ...part } });
  const body = () =>
    name.trim() && right && ahead && shipDays
      ? {
          name: name.trim(),
          deposit_from: beginning(times.deposit_from),
          deposit_until: new Date(times.deposit_until).toISOString(),
          final_from: new Date(times.final_from).toISOString(),
          final_until: new Date(times.final_until).toISOString(),
          ship_days: shipDays,
          forfeits,
          items,
        }
      : null;
  return (
    <CreateDialog title={t("marketing.create.presales")} body={body} onCreate={onCreate} onClose={onClose} width={760}>
      {(tried) => (
        <>
          <Labelled name="name" label={t("marketing.field.name")} problem={tried && !name.trim() ? t("marketing.wrong.missing") : null}>
            <Input id="programme-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </Labelled>
          {TIMES.map((field) => (
            <Labelled key={field} name={field} label={t(`presales.${field}`)} problem={tried && !ahead && field === "final_until" ? t("presales.wrong.windows") : null}>
              <Input id={`programme-${field}`} type="datetime-local" value={times[field]} onChange={(event) => setTimes({ ...times, [field]: event.target.value })} />
            </Labelled>
          ))}
          <Labelled name="ship" label={t("presales.ship_days")} problem={tried && !shipDays ? t("marketing.wrong.missing") : null}>
            <InputNumber id="programme-ship" min={1} max={90} precision={0} value={shipDays} onChange={setShipDays} />
          </Labelled>
          <Checkbox checked={forfeits} onChange={(event) => setForfeits(event.target.checked)}>
            {t("presales.forfeits")}
          </Checkbox>
          <Labelled name="product" label={t("marketing.field.product")} problem={tried && productId === null ? t("marketing.wrong.missing") : null}>
            <ProductSelect value={productId} onChange={setProductId} />
          </Labelled>
          {skus.length > 0 && (
            <Labelled name="items" label={t("presales.items")} problem={tried && !right ? t("presales.wrong.items") : null}>
              <ul className="wb-plain-list">
                {skus.map((sku) => (
                  <li key={sku.id} className="wb-filters" data-testid="presale-sku">
                    <span>
                      {sku.option_text || product.data?.name} <small className="wb-muted">{format.money(sku.price)}</small>
                    </span>
                    {MONEY.map((field) => (
                      <Input
                        key={field}
                        aria-label={t(`presales.${field}`)}
                        placeholder={t(`presales.${field}`)}
                        prefix="¥"
                        inputMode="decimal"
                        maxLength={12}
                        style={{ width: 110 }}
                        value={drafts[sku.id]?.[field] ?? ""}
                        onChange={(event) => change(sku.id, { [field]: event.target.value })}
                      />
                    ))}
                    <InputNumber aria-label={t("presales.allotment")} prefix={t("presales.allotment")} min={1} precision={0} value={drafts[sku.id]?.allotment ?? 10} onChange={(allotment) => change(sku.id, { allotment })} />
                  </li>
                ))}
              </ul>
            </Labelled>
          )}
          <p className="wb-muted">{t("presales.rule")}</p>
        </>
      )}
    </CreateDialog>
  );
}
