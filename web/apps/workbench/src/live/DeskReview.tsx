import { useFormat, useTranslation } from "@xingqu/i18n";
import { Segmented, Table } from "antd";
import { useState } from "react";
import { LineChart } from "../charts/LineChart";
import { Brought } from "../earnings/Brought";
import { type Figures, useFigures } from "./queries";
import { lengthOf } from "./recordings";

const LINES = ["viewers", "entries", "clicks", "orders", "gmv_minor", "likes"] as const;
type Product = Figures["products"][number];

/** How the show went: minute by minute, and product by product; while it is on air and afterwards. */
export function DeskReview({ shopId, roomId }: { shopId: number; roomId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [line, setLine] = useState<(typeof LINES)[number]>("viewers");
  const figures = useFigures(shopId, roomId).data;
  if (!figures || (figures.minutes.length === 0 && figures.products.length === 0)) return null;
  const nameOf = (name: (typeof LINES)[number]) => t(`live.figure.${name === "gmv_minor" ? "gmv" : name}`);
  const points = figures.minutes.map((minute) => ({ x: Date.parse(minute.minute), y: minute[line] }));
  return (
    <section className="wb-panel" aria-label={t("live.review.title")} data-testid="live-review">
      <h2 className="live-desk-title">{t("live.review.title")}</h2>
      <Brought of={{ live_room_id: roomId }} every_ms={10_000} />
      {points.length > 1 && (
        <>
          <Segmented className="live-review-lines" size="small" value={line} onChange={setLine} options={LINES.map((name) => ({ value: name, label: nameOf(name) }))} />
          <LineChart
            title={t("live.review.by_minute", { name: nameOf(line) })}
            nameX={t("live.review.minute")}
            formatX={(at) => new Date(at).toLocaleTimeString(format.language, { hour: "2-digit", minute: "2-digit" })}
            formatY={(value) => (line === "gmv_minor" ? format.money({ amount_minor: value, currency: "CNY" }) : format.number(value))}
            series={[{ name: nameOf(line), points }]}
          />
        </>
      )}
      <Table<Product>
        size="small"
        rowKey="product_id"
        dataSource={figures.products}
        pagination={false}
        scroll={{ x: "max-content" }}
        onRow={() => ({ tabIndex: 0 })} // what scrolls sideways is reached by keys
        locale={{ emptyText: t("live.items_empty") }}
        columns={[
          { title: t("live.review.product"), dataIndex: "name", ellipsis: true, width: 180 },
          { title: t("live.review.explained"), key: "explained", align: "right", render: (_, row) => (row.explained > 0 ? `${row.explained} × · ${lengthOf(row.explained_ms)}` : "—") },
          { title: t("live.figure.clicks"), key: "clicks", align: "right", render: (_, row) => format.number(row.clicks) },
          { title: t("live.figure.orders"), key: "orders", align: "right", render: (_, row) => format.number(row.orders) },
          { title: t("live.review.rate"), key: "rate", align: "right", render: (_, row) => (row.clicks > 0 ? format.percent(Math.min(1, row.orders / row.clicks)) : "—") },
          { title: t("live.figure.gmv"), key: "gmv", align: "right", render: (_, row) => format.money(row.gmv) },
          { title: t("live.figure.refunded"), key: "refunded", align: "right", render: (_, row) => format.money(row.refunded) },
        ]}
      />
    </section>
  );
}
