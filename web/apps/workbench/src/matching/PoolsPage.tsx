import { useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Skeleton, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { mayEdit } from "../app/rooms";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { LiftPanel } from "./LiftPanel";
import { Pager } from "./Pager";
import { PoolDialog } from "./PoolDialog";
import { PoolDrawer } from "./PoolDrawer";
import { type Pool, poolsPage } from "./queries";
import "./matching.css";

const TABS = ["own", "shared", "lift"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "own" } } as const satisfies FilterSchema;

/** Product pools of a shop or an agency (商品池), and what recommending them brings. */
export default function PoolsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change } = useUrlFilters(FILTERS);
  const [making, setMaking] = useState(false);
  const tab = TABS.find((one) => one === values.tab) ?? "own";
  const editable = mayEdit(shop.permissions, "product-pools") || shop.permissions.includes("alliance.write");
  const action = editable ? (
    <Button type="primary" onClick={() => setMaking(true)} data-testid="pool-new">
      {t("matching.new_pool")}
    </Button>
  ) : null;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.product-pools")} note={t("matching.pools_note")} actions={action} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`matching.pool_tab.${one}`) }))} />
      </div>
      {tab === "lift" ? <LiftPanel shopId={shop.id} /> : <Pools key={tab} shopId={shop.id} shared={tab === "shared"} editable={editable} action={action} />}
      {making && <PoolDialog shopId={shop.id} onClose={() => setMaking(false)} />}
    </div>
  );
}

function Pools({ shopId, shared, editable, action }: { shopId: number; shared: boolean; editable: boolean; action: React.ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number | null>(null);
  const pages = usePages<Pool>(["product-pools", shopId, "list", shared], poolsPage(shopId, shared));
  if (pages.query.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (pages.query.isError) return <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />;
  if (pages.rows.length === 0) return <EmptyList filtered={false} onReset={() => undefined} title={t("matching.no_pools")} help={t("matching.pools_note")} action={action} />;
  return (
    <>
      <div className="wb-match-grid">
        {pages.rows.map((pool) => (
          <article key={pool.id} className="wb-panel" data-testid="pool">
            <Button type="link" onClick={() => setOpen(pool.id)}>
              <strong>{pool.name}</strong>
            </Button>
            {pool.closed_at && <Tag>{t("matching.closed")}</Tag>}
            <p className="wb-muted">
              {t("matching.pool_count", { count: pool.products_count })} · {t(pool.rule ? "matching.by_rule" : "matching.by_hand")} · {t(pool.is_public ? "matching.is_public" : "matching.private")}
            </p>
            {pool.note && <p>{pool.note}</p>}
          </article>
        ))}
      </div>
      <Pager pages={pages} />
      {open !== null && <PoolDrawer shopId={shopId} poolId={open} editable={editable} onClose={() => setOpen(null)} />}
    </>
  );
}
