import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Popconfirm, Space, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { usePages } from "../table/use-pages";
import { GivePriceDialog } from "./GivePriceDialog";
import "./live.css";
import { hasEnd, type ShopRoomPrice } from "./prices";
import { pricesPage, useEndPrice } from "./queries";
import { STATE_COLOURS } from "./states";

const COLOUR = { upcoming: "processing", running: "success", paused: "default", ended: "default" } as const;

/** What stands together on a phone, line by line. */
const CARD = [["product"], ["creator", "room"], ["kind", "price", "units"], ["time"], ["state", "do"]];

/** A merchant's prices that hold in one live room only, its own or a creator's. */
export default function PricesPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const pages = usePages<ShopRoomPrice>(["live-prices", shop.id], pricesPage(shop.id));
  const end = useEndPrice(shop.id);
  const [giving, setGiving] = useState(false);
  const editable = mayEdit(shop.permissions, "live");
  const columns = useColumns(shop.id, editable ? end : null);
  const give = editable && (
    <Button type="primary" onClick={() => setGiving(true)} data-testid="room-price-give">
      {t("live.prices.give")}
    </Button>
  );
  return (
    <div className="wb-page">
      <PageHead title={t("live.prices.title")} note={t("live.prices.note")} back={<Link to={`/shops/${shop.id}/live`}>{t("rooms.live")}</Link>} actions={give} />
      {end.isError && <ErrorView error={end.error} />}
      <div className="wb-filters">
        <Space className="wb-filters-end">
          <ExportButton path={`/shops/${shop.id}/live-prices`} testId="room-prices-export" />
          <ColumnChoice name="live-prices" columns={columns} />
        </Space>
      </div>
      <DataTable
        name="live-prices"
        columns={columns}
        rowKey={(row) => `${row.sale_id}-${row.sku_id}`}
        pages={pages}
        rowTestId="room-price"
        renderCard={(row) => CARD.map((keys) => <div key={keys[0]}>{columns.filter((column) => keys.includes(column.key)).map((column) => <span key={column.key}>{column.render(row)} </span>)}</div>)}
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("live.prices.empty")} help={t("live.prices.empty_help")} action={give} />}
      />
      {giving && <GivePriceDialog shopId={shop.id} onClose={() => setGiving(false)} />}
    </div>
  );
}

function useColumns(shopId: number, end: ReturnType<typeof useEndPrice> | null): DataColumn<ShopRoomPrice>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const product = (row: ShopRoomPrice) => (
    <>
      <Link to={`/shops/${shopId}/products/${row.product_id}`}>{row.product_name || `#${row.product_id}`}</Link> <span className="wb-muted">{row.option_text}</span>
    </>
  );
  const room = (row: ShopRoomPrice) =>
    row.room && (
      <>
        {row.room.is_own ? <Link to={`/shops/${shopId}/live/${row.room.id}`}>{row.room.title}</Link> : <a href={`/live/${row.room.id}`}>{row.room.title}</a>} <Tag color={STATE_COLOURS[row.room.state]}>{t(`live.state.${row.room.state}`)}</Tag>
      </>
    );
  const time = (row: ShopRoomPrice) => {
    const from = format.dateTime(row.starts_at);
    return hasEnd(row) ? `${from} – ${format.dateTime(row.ends_at)}` : t("live.prices.from_on", { time: from });
  };
  const price = (row: ShopRoomPrice) => (
    <>
      <strong>{format.money(row.price)}</strong> {row.usual && <s className="wb-muted">{format.money(row.usual)}</s>}
    </>
  );
  const stop = (row: ShopRoomPrice) =>
    row.state !== "ended" &&
    row.room && (
      <Popconfirm title={t("live.prices.stop_sure")} description={t("live.prices.stop_help")} onConfirm={() => end?.mutate({ roomId: row.room!.id, saleId: row.sale_id })}>
        <Button size="small" type="link" danger data-testid="room-price-stop">
          {t("live.prices.stop")}
        </Button>
      </Popconfirm>
    );
  return [
    { key: "product", title: t("live.prices.column.product"), width: 260, fixed: "left", render: product },
    { key: "creator", title: t("live.prices.column.creator"), width: 140, render: (row) => (row.room?.is_own ? t("live.prices.own") : row.room?.creator ? format.displayName(row.room.creator) : "—") },
    { key: "room", title: t("live.prices.column.room"), width: 240, render: room },
    { key: "kind", title: t("live.prices.column.kind"), width: 90, render: (row) => t(`live.price.${row.kind === "flash_sale" ? "flash" : "room"}`) },
    { key: "price", title: t("live.price.field"), width: 150, align: "right", render: price },
    { key: "units", title: t("live.prices.column.units"), width: 130, align: "right", render: (row) => t("live.prices.units_of", { taken: row.taken, units: row.units }) },
    { key: "limit", title: t("live.price.limit"), width: 90, align: "right", render: (row) => row.limit_per_person },
    { key: "time", title: t("live.prices.column.time"), width: 300, render: time },
    { key: "state", title: t("live.column.state"), width: 110, render: (row) => <Tag color={COLOUR[row.state]}>{t(`live.prices.state.${row.state}`)}</Tag> },
    ...(end ? [{ key: "do", title: t("table.actions"), width: 90, render: stop }] : []),
  ];
}
