import { UserOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Avatar, Button, Drawer, Select, Skeleton } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { ProductSelect } from "../marketing/FlashPanel";
import { CategoryPicker } from "../products/CategoryPicker";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { Pager } from "./Pager";
import { Lift, PortraitView, Reasons } from "./parts";
import { type SquareCreator, squarePage, useSquareCreator } from "./queries";
import { percent } from "./words";
import "./matching.css";

const SORTS = ["fit", "gmv", "gpm", "followers", "recent"] as const;
const FILTERS = {
  q: { type: "text" },
  product_id: { type: "id" },
  category_id: { type: "id" },
  min_level: { type: "id" },
  min_score: { type: "id" },
  min_gmv_band: { type: "id" },
  min_gpm_band: { type: "id" },
  min_followers: { type: "id" },
  min_kept_percent: { type: "id" },
  sort: { type: "choice", choices: SORTS, default: "fit" },
} as const satisfies FilterSchema;

/** Creators by how well their audience suits the shop's goods (达人广场). */
export default function SquarePage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [open, setOpen] = useState<number | null>(null);
  const pages = usePages<SquareCreator>(["square", shop.id, values], squarePage(shop.id, values));
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.square")} note={t("matching.square_note")} />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("matching.search_creator")} testId="square-search" />
        <span className="wb-filter">
          <ProductSelect label={t("matching.for_product")} value={values.product_id ?? null} onChange={(product_id) => change({ product_id })} />
        </span>
        <CategoryPicker value={values.category_id} onChange={(category_id) => change({ category_id })} anyLevel className="wb-filter" />
        <Select allowClear aria-label={t("reputation.at_least_level")} placeholder={t("reputation.at_least_level")} value={values.min_level} onChange={(min_level) => change({ min_level })} options={[1, 2, 3, 4, 5, 6].map((level) => ({ value: level, label: `≥ ${t("reputation.level_name", { level })}` }))} className="wb-filter" data-testid="square-level" />
        <Select allowClear aria-label={t("reputation.at_least_score")} placeholder={t("reputation.at_least_score")} value={values.min_score} onChange={(min_score) => change({ min_score })} options={[60, 70, 80, 90].map((score) => ({ value: score, label: `≥ ${score}` }))} className="wb-filter" />
        <AtLeast values={values} change={change} />
        <Select aria-label={t("table.order")} value={values.sort} onChange={(sort) => change({ sort })} options={SORTS.map((one) => ({ value: one, label: t(`matching.square_sort.${one}`) }))} className="wb-filter" />
      </div>
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.data && pages.rows.length === 0 && <EmptyList filtered={countActive(FILTERS, values) > 0} onReset={reset} title={t("matching.no_creators")} help={t("matching.no_creators_help")} />}
      <div className="wb-match-grid" data-testid="creators">
        {pages.rows.map((creator) => (
          <CreatorCard key={creator.id} creator={creator} onOpen={() => setOpen(creator.id)} />
        ))}
      </div>
      <Pager pages={pages} />
      {open !== null && <CreatorDrawer shopId={shop.id} creatorId={open} productId={values.product_id} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** Lower ends of the bands in which sales are told (`matching/domain/bands.py`), in minor units; from the second on. */
const GMV_BANDS = [1, 100_000, 1_000_000, 10_000_000, 100_000_000];
const GPM_BANDS = [1, 1_000, 5_000, 20_000, 100_000];
const FOLLOWERS = [100, 1_000, 10_000, 100_000, 1_000_000];
const KEPT = [60, 80, 90, 95];

type Least = "min_gmv_band" | "min_gpm_band" | "min_followers" | "min_kept_percent";

/** The least sales, followers and kept promises of whom one looks for. */
function AtLeast({ values, change }: { values: Partial<Record<Least, number>>; change: (part: Partial<Record<Least, number | undefined>>) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bands = (ends: number[]) => ends.map((amount_minor, place) => ({ value: place + 1, label: amount_minor === 1 ? t("matching.band_any") : `≥ ${format.money({ amount_minor, currency: "CNY" })}` }));
  const choices: { name: Least; title: string; options: { value: number; label: string }[] }[] = [
    { name: "min_gmv_band", title: t("matching.gmv"), options: bands(GMV_BANDS) },
    { name: "min_gpm_band", title: t("matching.gpm"), options: bands(GPM_BANDS) },
    { name: "min_followers", title: t("matching.square_sort.followers"), options: FOLLOWERS.map((value) => ({ value, label: `≥ ${format.compact(value)}` })) },
    { name: "min_kept_percent", title: t("matching.kept"), options: KEPT.map((value) => ({ value, label: `≥ ${value}%` })) },
  ];
  return choices.map(({ name, title, options }) => (
    <Select key={name} allowClear placeholder={title} aria-label={title} value={values[name]} onChange={(value?: number) => change({ [name]: value })} options={options} className="wb-filter" data-testid={`square-${name}`} />
  ));
}

function useBand() {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" });
  return (from: number, to: number | null, exact: number | null) => {
    if (exact !== null) return money(exact);
    if (to !== null && to <= 1) return t("matching.band_none");
    return to === null ? t("matching.band_from", { from: money(from) }) : t("matching.band", { from: money(from), to: money(to) });
  };
}

function CreatorCard({ creator, onOpen }: { creator: SquareCreator; onOpen?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const band = useBand();
  const shop = useShop();
  const navigate = useNavigate();
  const name = format.named(creator);
  return (
    <article className="wb-panel" data-testid="square-creator">
      <div className="wb-line">
        <Avatar alt="" size={48} src={creator.avatar_url || undefined} icon={<UserOutlined />} />
        <span className="wb-todo-words">
          <strong>{onOpen ? <Button type="link" onClick={onOpen}>{name}</Button> : name}</strong>
          <span className="wb-muted">
            {t("matching.followers", { count: creator.followers })} · {t("matching.works", { count: creator.works })} · {t("reputation.level_name", { level: creator.level })} · {t("reputation.score")} {creator.score === null ? t("reputation.no_score") : creator.score.toFixed(1)}
            {creator.kept_rate !== null && ` · ${t("matching.kept_of", { share: percent(creator.kept_rate), count: creator.promises })}`}
          </span>
        </span>
        <Lift lift={creator.lift} />
      </div>
      <p className="wb-muted wb-clip-2">{creator.intro}</p>
      <p>
        {t("matching.gmv")}: <span className="wb-number">{band(creator.gmv_from_minor, creator.gmv_to_minor, creator.gmv_minor)}</span>
        <br />
        {t("matching.gpm")}: <span className="wb-number">{band(creator.gpm_from_minor, creator.gpm_to_minor, creator.gpm_minor)}</span>
      </p>
      <p>{creator.audience.map((tag) => `${format.named(tag)} ${percent(tag.share)}`).join(" · ")}</p>
      <Reasons reasons={creator.reasons} />
      {mayEdit(shop.permissions, "collaborations") && (
        <Button onClick={() => void navigate(`/shops/${shop.id}/collaborations?creator=${creator.id}`)} data-testid="square-invite">
          {t("collab.invite.merchant")}
        </Button>
      )}
    </article>
  );
}

function CreatorDrawer({ shopId, creatorId, productId, onClose }: { shopId: number; creatorId: number; productId: number | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const detail = useSquareCreator(shopId, creatorId, productId);
  return (
    <Drawer open onClose={onClose} title={detail.data ? format.named(detail.data) : ""} size="large">
      {detail.isPending && <Skeleton active />}
      {detail.isError && <ErrorView error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data && (
        <>
          <CreatorCard creator={detail.data} />
          <Button href={`/creator/${detail.data.id}`}>{t("matching.see")}</Button>
          <PortraitView portrait={detail.data.portrait} />
          <h3>{t("matching.recent_works")}</h3>
          <ul className="wb-plain-list">
            {detail.data.recent.map((work) => (
              <li key={work.id}>
                {work.title} <span className="wb-muted">{format.compact(work.views)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}
