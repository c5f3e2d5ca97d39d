import { useTranslation } from "@xingqu/i18n";
import { Alert, Input, Segmented, Select, Skeleton } from "antd";
import { useState } from "react";
import { parseRate } from "../alliance/rates";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { CategoryPicker } from "../products/CategoryPicker";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { AudiencePanel } from "./AudiencePanel";
import { CreatorPoolsPanel } from "./CreatorPoolsPanel";
import { OfferCard, OfferDrawer } from "./OfferCard";
import { Pager } from "./Pager";
import { type Offer, selectionPage } from "./queries";
import "./matching.css";

const TABS = ["selection", "pools", "audience"] as const;
const SORTS = ["fit", "audience", "commission", "sales", "new"] as const;
const KINDS = ["all", "simple_plan", "exclusive_plan", "targeted_plan", "colonel_activity"] as const;
const FILTERS = {
  tab: { type: "choice", choices: TABS, default: "selection" },
  q: { type: "text" },
  category_id: { type: "id" },
  sort: { type: "choice", choices: SORTS, default: "fit" },
  plan_kind: { type: "choice", choices: KINDS, default: "all" },
  rate: { type: "text", max_length: 6 },
  price: { type: "text", max_length: 9 },
} as const satisfies FilterSchema;

/** What a creator could sell (选品广场), pools for them, and who watches them. */
export default function SelectionPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "selection";
  const editable = mayEdit(shop.permissions, "selection");
  if (shop.creator_id === null) return <EmptyList filtered={false} onReset={() => undefined} title={t("matching.nothing")} help={t("matching.nothing_help")} />;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.selection")} note={t("matching.selection_note")} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`matching.tab.${one}`) }))} />
      </div>
      {tab === "selection" && <Square creatorId={shop.creator_id} editable={editable} />}
      {tab === "pools" && <CreatorPoolsPanel creatorId={shop.creator_id} editable={editable} />}
      {tab === "audience" && <AudiencePanel creatorId={shop.creator_id} editable={editable} />}
    </div>
  );
}

function Square({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [open, setOpen] = useState<number | null>(null);
  const rate = parseRate(values.rate ?? "");
  const price = /^\d{1,7}$/.test(values.price ?? "") ? Number(values.price) * 100 : undefined;
  const query = {
    q: values.q,
    category_id: values.category_id,
    sort: values.sort,
    plan_kind: values.plan_kind === "all" ? undefined : values.plan_kind,
    min_commission_bp: rate ?? undefined,
    max_price_minor: price,
  };
  const fetchPage = selectionPage(creatorId, query);
  const pages = usePages<Offer>(["selection", creatorId, query], fetchPage);
  const known = (pages.query.data as Awaited<ReturnType<typeof fetchPage>> | undefined)?.audience_known;
  return (
    <>
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("matching.search")} testId="selection-search" />
        <CategoryPicker value={values.category_id} onChange={(category_id) => change({ category_id })} anyLevel className="wb-filter" />
        <Select aria-label={t("alliance.column.kind")} value={values.plan_kind} onChange={(plan_kind) => change({ plan_kind })} options={KINDS.map((one) => ({ value: one, label: one === "all" ? t("matching.any_plan") : t(`alliance.kind.${one}`) }))} className="wb-filter" />
        <Input aria-label={t("matching.commission_from")} value={values.rate ?? ""} onChange={(event) => change({ rate: event.target.value })} prefix={t("matching.commission_from")} suffix="%" inputMode="decimal" className="wb-filter" />
        <Input aria-label={t("matching.price_to")} value={values.price ?? ""} onChange={(event) => change({ price: event.target.value })} prefix={t("matching.price_to")} suffix="¥" inputMode="numeric" className="wb-filter" />
        <Select aria-label={t("table.order")} value={values.sort} onChange={(sort) => change({ sort })} options={SORTS.map((one) => ({ value: one, label: t(`matching.sort.${one}`) }))} className="wb-filter" data-testid="selection-sort" />
      </div>
      {known === false && <Alert type="info" showIcon title={t("matching.audience_unknown", { count: 20 })} />}
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.data && pages.rows.length === 0 && (
        <EmptyList filtered={countActive(FILTERS, values) > 0} onReset={reset} title={t("matching.nothing")} help={t("matching.nothing_help")} />
      )}
      <div className="wb-match-grid" data-testid="offers">
        {pages.rows.map((offer) => (
          <OfferCard key={offer.product.id} creatorId={creatorId} offer={offer} editable={editable} onOpen={() => setOpen(offer.product.id)} />
        ))}
      </div>
      <Pager pages={pages} />
      {open !== null && <OfferDrawer creatorId={creatorId} productId={open} editable={editable} onClose={() => setOpen(null)} />}
    </>
  );
}
