import { CommentOutlined, EyeOutlined, HeartOutlined, PictureOutlined, PlusOutlined, ShoppingOutlined } from "@ant-design/icons";
import { formatDuration, useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Skeleton, Space, Tag } from "antd";
import { Link } from "react-router";
import type { Pool, Work } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { STAGE_COLOURS } from "../pools/PoolStory";
import { usePools } from "../pools/queries";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { useWorkCounts } from "../today/queries";
import { worksFetcher } from "./queries";
import { WORK_STATE_COLOURS } from "./states";

const STATES = ["all", "published", "ready", "processing", "draft", "unpublished", "failed"] as const;

const FILTERS = {
  q: { type: "text" },
  state: { type: "choice", choices: STATES, default: "all" },
} as const satisfies FilterSchema;

export default function WorksPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const counts = useWorkCounts(shop.id);
  const filters = { q: values.q, state: values.state === "all" ? undefined : values.state };
  const pages = usePages(["works", shop.id, filters], worksFetcher(shop.id, filters));
  const pools = usePools(shop.id, pages.rows.map((work) => work.id));
  const create = mayEdit(shop.permissions, "content") && (
    <Link to={`/shops/${shop.id}/content/new`}>
      <Button type="primary" icon={<PlusOutlined />} data-testid="content-new">
        {t("content.new")}
      </Button>
    </Link>
  );
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.content")} actions={create} />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("content.search")} />
        <div className="wb-scroll-x">
          <Segmented
            value={values.state ?? "all"}
            onChange={(state) => change({ state })}
            options={STATES.map((state) => {
              const count = state === "all" ? 0 : (counts.data?.[state] ?? 0);
              return { value: state, label: t(`content.filter_state.${state}`) + (count > 0 ? ` ${format.number(count)}` : "") };
            })}
          />
        </div>
        <Space className="wb-filters-end">
          <ExportButton path={`/shops/${shop.id}/contents`} query={filters} testId="works-export" />
          <SavedViews table="content" />
        </Space>
      </div>
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList
            filtered={countActive(FILTERS, values) > 0}
            onReset={reset}
            title={t("content.empty")}
            help={t("content.empty_help")}
            action={create}
          />
        </div>
      )}
      <ul className="wb-plain-list wb-works">
        {pages.rows.map((work) => (
          <WorkCard key={work.id} work={work} pool={pools.data?.get(work.id)} />
        ))}
      </ul>
      <Pager pages={pages} />
    </div>
  );
}

function WorkCard({ work, pool }: { work: Work; pool: Pool | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  return (
    <li>
      <Link to={`/shops/${shop.id}/content/${work.id}`} className="wb-work" data-testid="work">
        <span className="wb-work-poster">
          {work.poster_url ? <img src={work.poster_url} alt="" loading="lazy" /> : <PictureOutlined aria-hidden />}
          <Tag variant="solid" color={WORK_STATE_COLOURS[work.state]} className="wb-work-state">
            {t(`content.state.${work.state}`)}
          </Tag>
          <span className="wb-work-mark">{work.kind === "video" ? formatDuration(work.duration_ms) : t("content.kind.picture")}</span>
        </span>
        <span className="wb-work-words">
          <strong className="wb-clip-2">{work.title}</strong>
          {pool && (
            <span title={t(`pools.why.${pool.why}`)}>
              <Tag color={STAGE_COLOURS[pool.stage]} data-testid="work-pool">
                {t(`pools.stage.${pool.stage}`)}
              </Tag>
            </span>
          )}
          <span className="wb-work-counts">
            <span title={t("content.views_help")}>
              <EyeOutlined aria-label={t("content.views")} /> {format.compact(work.counts.views)}
            </span>
            <span title={t("content.likes")}>
              <HeartOutlined aria-label={t("content.likes")} /> {format.compact(work.counts.likes)}
            </span>
            <span title={t("content.comments")}>
              <CommentOutlined aria-label={t("content.comments")} /> {format.compact(work.counts.comments)}
            </span>
            <span title={t("content.anchors")}>
              <ShoppingOutlined aria-label={t("content.anchors")} /> {work.anchors.length}
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
}
