import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Tag } from "antd";
import { Link } from "react-router";
import { get } from "../api/http";
import type { ListingQueue, ListingReview } from "../api/types";
import { PageHead } from "../app/PageHead";
import { Thumb } from "../products/Thumb";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { type FetchPage, usePages } from "../table/use-pages";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";

const STATES = ["waiting", "approved", "rejected"] as const;
const FILTERS = { state: { type: "choice", choices: STATES, default: "waiting" } } as const satisfies FilterSchema;

/** Submitted products that wait for an operator. */
export default function ListingsPage() {
  const { t } = useTranslation();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const state = values.state ?? "waiting";
  const fetcher: FetchPage<ListingReview> = (cursor, signal) => get<ListingQueue>("/operator/listings", { state, cursor, limit: 50 }, signal);
  const pages = usePages(["listings", state], fetcher);
  const columns = useListingColumns();
  return (
    <div className="wb-page">
      <PageHead title={t("listings.title")} note={<span className="wb-muted">{t("listings.note")}</span>} />
      <div className="wb-filters">
        <Segmented
          value={state}
          onChange={(next) => change({ state: next })}
          options={STATES.map((each) => ({ value: each, label: t(`listings.state.${each}`) }))}
          data-testid="listings-state"
        />
        <ColumnChoice name="listings" columns={columns} />
      </div>
      <DataTable
        name="listings"
        rowKey={(row) => row.id}
        columns={columns}
        pages={pages}
        rowTestId="listing-row"
        renderCard={(row) => <ListingName row={row} />}
        empty={<EmptyList filtered={state !== "waiting"} onReset={reset} title={t("listings.empty")} help={t("listings.empty_help")} />}
      />
    </div>
  );
}

function ListingName({ row }: { row: ListingReview }) {
  const { t } = useTranslation();
  return (
    <div className="wb-line">
      <Thumb url={row.picture_url} size={44} />
      <div className="wb-line-words">
        <Link to={`/operator/listings/${row.id}`} className="wb-clip-2" data-testid="listing-open">
          {row.name}
        </Link>
        <small className="wb-muted">
          {row.shop_name} · {t(row.is_edit ? "listings.edit" : "listings.new_product")}
        </small>
      </div>
    </div>
  );
}

function useListingColumns(): DataColumn<ListingReview>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "name", title: t("listings.title"), width: 360, fixed: "left", render: (row) => <ListingName row={row} /> },
    {
      key: "state",
      title: t("products.field.state"),
      width: 110,
      render: (row) => <Tag color={row.state === "approved" ? "success" : row.state === "rejected" ? "error" : "processing"}>{t(`listings.state.${row.state}`)}</Tag>,
    },
    {
      key: "when",
      title: t("products.field.updated_at"),
      width: 240,
      render: (row) =>
        row.decided_at
          ? t("listings.decided", { name: row.decided_by ?? "", time: format.dateTime(row.decided_at) })
          : t("listings.submitted", { time: format.relative(row.submitted_at) }),
    },
    {
      key: "open",
      title: t("table.actions"),
      width: 110,
      fixed: "right",
      render: (row) => (
        <Link to={`/operator/listings/${row.id}`}>
          <Button size="small">{t("listings.title")}</Button>
        </Link>
      ),
    },
  ];
}
