import { DownloadOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Tag } from "antd";
import { useState } from "react";
import { apiAddress, get } from "../api/http";
import type { Page } from "../api/types";
import { PageHead } from "../app/PageHead";
import { type DataColumn, ColumnChoice, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { type FetchPage, usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { type DepositShop, STATES, useCounts } from "./queries";
import { RulesPanel } from "./RulesPanel";
import { ShopDrawer } from "./ShopDrawer";

const TABS = ["shops", "rules"] as const;
const FILTERS = {
  tab: { type: "choice", choices: TABS, default: "shops" },
  state: { type: "choice", choices: STATES },
  q: { type: "text" },
  shop: { type: "id" },
} as const satisfies FilterSchema;
const COLOUR = { ok: "success", short: "warning", overdue: "error", closing: "processing", closed: "default" } as const;

/** All shops' deposits: who is short and until when, deductions, and what is due from when on. */
export default function DepositsPage() {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "shops";
  return (
    <div className="wb-page">
      <PageHead title={t("deposits.platform_title")} note={<span className="wb-muted">{t("deposits.platform_note")}</span>} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`deposits.tab.${one}`) }))} />
      </div>
      {tab === "rules" ? <RulesPanel /> : <Shops />}
    </div>
  );
}

function Shops() {
  const { t } = useTranslation();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [opened, setOpened] = useState<DepositShop | null>(null);
  const counts = useCounts();
  const query = { state: values.state, q: values.q };
  const fetcher: FetchPage<DepositShop> = (cursor, signal) => get<Page<DepositShop>>("/platform/deposits", { ...query, cursor }, signal);
  const pages = usePages(["deposits", "shops", query], fetcher);
  const columns = useShopColumns();
  const state = STATES.find((one) => one === values.state);
  const number = (one: string) => counts.data?.[one] ?? 0;
  return (
    <>
      <div className="wb-filters">
        <Segmented
          value={state ?? "all"}
          onChange={(next) => change({ state: next === "all" ? undefined : next })}
          options={[{ value: "all", label: t("deposits.all") }, ...STATES.map((one) => ({ value: one, label: `${t(`deposits.standing.${one}`)} ${number(one)}` }))]}
        />
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("deposits.search")} testId="deposits-search" />
        {(["csv", "xlsx"] as const).map((ending) => (
          <Button key={ending} icon={<DownloadOutlined />} href={apiAddress(`/platform/deposits.${ending}`, query)} download>
            {ending.toUpperCase()}
          </Button>
        ))}
        <ColumnChoice name="deposits" columns={columns} />
      </div>
      <DataTable
        name="deposits"
        rowKey={(row) => row.shop_id}
        columns={columns}
        pages={pages}
        rowTestId="deposit-shop"
        onOpen={setOpened}
        onRowClick={setOpened}
        renderCard={(row) => <ShopCard row={row} onOpen={() => setOpened(row)} />}
        empty={<EmptyList filtered={countActive(FILTERS, { ...values, tab: undefined }) > 0} onReset={reset} title={t("deposits.no_shops")} help={t("deposits.no_shops_help")} />}
      />
      {opened && <ShopDrawer shop={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function ShopCard({ row, onOpen }: { row: DepositShop; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="wb-line-words">
      <span>
        <Button type="link" size="small" onClick={onOpen}>
          {row.shop_name}
        </Button>
      </span>
      <span>
        <Tag color={COLOUR[row.state]}>{t(`deposits.standing.${row.state}`)}</Tag> {format.money({ amount_minor: row.paid_minor, currency: "CNY" }, true)} / {format.money({ amount_minor: row.due_minor, currency: "CNY" }, true)}
      </span>
    </div>
  );
}

function useShopColumns(): DataColumn<DepositShop>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => <span className="wb-number">{format.money({ amount_minor, currency: "CNY" }, true)}</span>;
  return [
    { key: "shop", title: t("deposits.column.shop"), width: 220, fixed: "left", render: (row) => `${format.named({ name: row.shop_name, name_en: row.shop_name_en })} (${row.shop_id})` },
    { key: "state", title: t("deposits.column.state"), width: 110, render: (row) => <Tag color={COLOUR[row.state]}>{t(`deposits.standing.${row.state}`)}</Tag> },
    { key: "due", title: t("deposits.column.due"), width: 120, align: "right", render: (row) => money(row.due_minor) },
    { key: "paid", title: t("deposits.column.paid"), width: 120, align: "right", render: (row) => money(row.paid_minor) },
    { key: "short", title: t("deposits.column.short"), width: 120, align: "right", render: (row) => money(row.short_minor) },
    { key: "frozen", title: t("deposits.column.frozen"), width: 120, align: "right", extra: true, render: (row) => money(row.frozen_minor) },
    { key: "deadline", title: t("deposits.column.deadline"), width: 160, render: (row) => (row.deadline_at ? format.dateTime(row.deadline_at) : row.release_at ? format.dateTime(row.release_at) : "–") },
  ];
}
