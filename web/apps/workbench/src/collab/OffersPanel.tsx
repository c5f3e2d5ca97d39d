import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Space, Tag } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { ApplyDialog, OfferDialog } from "./OfferDialogs";
import { offersPage, type SampleOffer, type Side, sampleKey, useSampleActions } from "./queries";
import { useMoney } from "./Words";

/** Sample offers: a shop's own, or what shops offer a creator. */
export function OffersPanel({ side }: { side: Side }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const { message, modal } = App.useApp();
  const actions = useSampleActions(side);
  const pages = usePages<SampleOffer>([...sampleKey(side), "offers"], offersPage(side));
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState<SampleOffer | null>(null);
  const isShop = side.name === "merchant";
  const set = (row: SampleOffer, state: string) => actions.offerState(row, state).then(() => void message.success(t("collab.done")), (error: unknown) => void message.error(errorText(t, error)));
  const close = (row: SampleOffer) => modal.confirm({ title: t("collab.offer.close_title"), content: t("collab.offer.close_help"), okText: t("collab.offer.close"), cancelText: t("actions.cancel"), onOk: () => set(row, "closed") });
  const terms = (row: SampleOffer) => `${t(`collab.kind.${row.kind}`)}${row.pay_minor ? ` ${money(row.pay_minor, row.currency)}` : ""} · ${t("collab.offer.days", { count: row.fulfil_days })}`;
  const needs = (row: SampleOffer) => {
    const found = [
      row.min_followers > 0 && t("collab.needs.followers", { count: row.min_followers }),
      row.min_gmv_minor > 0 && t("collab.needs.gmv", { amount: money(row.min_gmv_minor) }),
      row.min_level > 0 && t("collab.needs.level", { level: row.min_level }),
      row.min_score > 0 && t("collab.needs.score", { score: row.min_score }),
      row.min_credit > 0 && t("collab.needs.credit", { credit: row.min_credit }),
    ].filter(Boolean);
    return found.length > 0 ? found.join(" · ") : t("collab.needs.none");
  };
  const buttons = (row: SampleOffer) => {
    if (!side.editable) return null;
    if (!isShop) {
      if (row.asked) return <Tag>{t("collab.offer.asked")}</Tag>;
      if (row.lacks.length > 0) return <Tag color="warning">{t("collab.offer.lacks")}</Tag>;
      return (
        <Button size="small" type="primary" disabled={row.free < row.units_each} onClick={() => setAsking(row)} data-testid="sample-ask">
          {t("collab.offer.ask")}
        </Button>
      );
    }
    if (row.state === "closed") return null;
    return (
      <Space size={4}>
        <Button size="small" onClick={() => void set(row, row.state === "open" ? "paused" : "open")}>
          {t(row.state === "open" ? "collab.offer.pause" : "collab.offer.open_again")}
        </Button>
        <Button size="small" type="text" danger onClick={() => close(row)}>
          {t("collab.offer.close")}
        </Button>
      </Space>
    );
  };
  const name = (row: SampleOffer) => `${row.product?.name ?? `#${row.product_id}`} ${row.option_text}`;
  const columns: DataColumn<SampleOffer>[] = [
    { key: "product", title: t("collab.column.product"), width: 260, fixed: "left", render: name },
    ...(isShop ? [{ key: "state", title: t("collab.column.state"), width: 100, render: (row: SampleOffer) => <Tag>{t(`collab.offer.state.${row.state}`)}</Tag> }] : [{ key: "shop", title: t("collab.column.shop"), width: 150, render: (row: SampleOffer) => format.named({ name: row.shop_name, name_en: row.shop_name_en }) }]),
    { key: "terms", title: t("collab.column.kind"), width: 200, render: terms },
    { key: "units", title: t("collab.offer.units"), width: 170, render: (row) => t("collab.offer.units_of", { free: format.number(row.free), units: format.number(row.units), sent: format.number(row.sent) }) },
    { key: "needs", title: t("collab.offer.needs"), width: 220, render: needs },
    { key: "do", title: t("table.actions"), width: 170, render: buttons },
  ];
  const add = isShop && side.editable && (
    <Button type="primary" onClick={() => setAdding(true)} data-testid="sample-offer-add">
      {t("collab.offer.add")}
    </Button>
  );
  return (
    <>
      {add && <div className="wb-filters">{add}</div>}
      <DataTable
        name={`sample-offers-${side.name}`}
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="sample-offer"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("collab.no_offers")} help={t(`collab.no_offers_help.${side.name}`)} action={add || null} />}
        renderCard={(row) => (
          <>
            <strong>{name(row)}</strong>
            <div className="wb-muted">{terms(row)}</div>
            <div className="wb-muted">{needs(row)}</div>
            <div>{buttons(row)}</div>
          </>
        )}
      />
      {adding && <OfferDialog side={side} onClose={() => setAdding(false)} />}
      {asking && <ApplyDialog side={side} offer={asking} onClose={() => setAsking(null)} />}
    </>
  );
}
