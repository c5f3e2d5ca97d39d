import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { Link } from "react-router";
import { get } from "../api/http";
import type { Action, Member, Page } from "../api/types";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { localDay } from "../format/size";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { type FetchPage, usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { fieldWords, shownValue, subjectNumbers } from "./changes";

const AREAS = ["products", "content", "marketing", "orders", "aftersale", "shipping", "messages", "reviews", "funds", "alliance", "earnings", "creators", "members", "logistics", "open", "settings", "platform"] as const;
type Area = (typeof AREAS)[number];
/** The areas that workplaces other than shops have. */
const ELSEWHERE: readonly Area[] = ["alliance", "earnings", "creators"];
const AREAS_OF: Record<string, readonly Area[]> = {
  creator: ["content", "alliance", "earnings", "members", "settings", "platform"],
  mcn: ["creators", "marketing", "alliance", "earnings", "members", "settings", "platform"],
  service_provider: ["alliance", "earnings", "members", "settings", "platform"],
};
/** Rooms of a shop that are written down under another one's area. */
const ALONGSIDE: Partial<Record<Area, readonly string[]>> = {
  content: ["comments", "live"],
  marketing: ["alliance", "product-pools", "samples", "collaborations"],
  funds: ["invoices"],
};
const FILTERS = { q: { type: "text" }, area: { type: "choice", choices: AREAS }, person: { type: "id" }, from: { type: "day" }, to: { type: "day" } } as const satisfies FilterSchema;

/** What members did: every change and every export, with who, when and from which session. */
export default function ActionsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const members = useQuery({ queryKey: ["members", shop.id], queryFn: ({ signal }) => get<Page<Member>>(`/organisations/${shop.id}/members`, undefined, signal) });
  const query = {
    q: values.q,
    person_id: values.person,
    area: values.area,
    from: values.from && dayjs(values.from).startOf("day").toISOString(),
    to: values.to && dayjs(values.to).endOf("day").toISOString(),
  };
  const address = `/organisations/${shop.id}/actions`;
  const fetcher: FetchPage<Action> = (cursor, signal) => get<Page<Action>>(address, { ...query, cursor, limit: 50 }, signal);
  const pages = usePages(["actions", shop.id, query], fetcher);
  const columns = useActionColumns();
  const areas = AREAS_OF[shop.kind] ?? AREAS.filter((area) => !ELSEWHERE.includes(area));
  const rooms = (area: Area) => [area, ...(shop.kind === "merchant" ? (ALONGSIDE[area] ?? []) : [])];
  const areaName = (area: Area) => (area === "platform" ? t("members.platform") : rooms(area).map((room) => t(`rooms.${room}`)).join(" · "));
  return (
    <div className="wb-page">
      <PageHead
        title={t("members.actions")}
        back={<Link to={`/shops/${shop.id}/members`}>{t("members.back")}</Link>}
        note={<span className="wb-muted">{t("members.actions_note")}</span>}
        actions={
          <>
            <ExportButton path={address} query={query} testId="actions-export" />
            <SavedViews table="actions" />
            <ColumnChoice name="actions" columns={columns} />
          </>
        }
      />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("members.actions_search")} testId="actions-search" />
        <Select
          allowClear
          className="wb-filter"
          value={values.person ?? null}
          placeholder={t("members.everybody")}
          aria-label={t("members.everybody")}
          options={members.data?.items.map((member) => ({ value: member.person_id, label: member.display_name })) ?? []}
          onChange={(person) => change({ person: person ?? undefined })}
        />
        <Select
          allowClear
          className="wb-filter"
          value={values.area ?? null}
          placeholder={t("members.every_page")}
          aria-label={t("members.every_page")}
          popupMatchSelectWidth={320}
          options={areas.map((area) => ({ value: area, label: areaName(area) }))}
          onChange={(area) => change({ area: area ?? undefined })}
        />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          value={[values.from ? dayjs(values.from) : null, values.to ? dayjs(values.to) : null]}
          onChange={(range) => change({ from: range?.[0] ? localDay(range[0].toDate()) : undefined, to: range?.[1] ? localDay(range[1].toDate()) : undefined })}
        />
      </div>
      <DataTable
        name="actions"
        rowKey={(row) => row.id}
        columns={columns}
        pages={pages}
        rowTestId="action-row"
        renderCard={(row) => <ActionCard row={row} />}
        empty={<EmptyList filtered={countActive(FILTERS, values) > 0} onReset={reset} title={t("members.actions_empty")} help={t("members.actions_note")} />}
      />
    </div>
  );
}

/** What was done, in words; the code beside it for those who look it up. */
function Words({ row }: { row: Action }) {
  const { i18n } = useTranslation();
  return <span title={row.action}>{i18n.language.startsWith("zh") ? row.words : row.words_en}</span>;
}

function Changes({ row }: { row: Action }) {
  const { t } = useTranslation();
  const word = (part: string) => t(`members.field.${part}`, { defaultValue: part.replaceAll("_", " ") });
  return (
    <>
      {row.changes
        .filter((one) => shownValue(one.before) !== shownValue(one.after))
        .map((one) => (
          <small key={one.field} className="wb-muted wb-change" title={one.field}>
            {t("members.change", { field: fieldWords(one.field, word), before: shownValue(one.before), after: shownValue(one.after) })}
          </small>
        ))}
    </>
  );
}

function ActionCard({ row }: { row: Action }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="wb-stack">
      <Words row={row} />
      <Changes row={row} />
      <small className="wb-muted">
        {[row.by_platform ? t("members.platform") : row.person_name, format.dateTime(row.at), subjectNumbers(row.subject)].filter(Boolean).join(" · ")}
      </small>
    </div>
  );
}

function useActionColumns(): DataColumn<Action>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "at", title: t("members.at"), width: 150, fixed: "left", render: (row) => <span className="wb-number">{format.dateTime(row.at)}</span> },
    { key: "person", title: t("members.who"), width: 140, render: (row) => (row.by_platform ? t("members.platform") : row.person_name || "—") },
    { key: "action", title: t("members.what"), width: 200, render: (row) => <Words row={row} /> },
    { key: "changes", title: t("members.changes"), width: 320, render: (row) => <div className="wb-stack"><Changes row={row} /></div> },
    { key: "subject", title: t("members.subject"), width: 260, render: (row) => <span className="wb-mono" title={row.subject}>{subjectNumbers(row.subject) || "—"}</span> },
    { key: "session", title: t("members.session"), width: 130, extra: true, render: (row) => <span className="wb-mono">{row.session}</span> },
  ];
}
