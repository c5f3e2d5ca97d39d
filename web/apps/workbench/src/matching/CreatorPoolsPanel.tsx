import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { EmptyList } from "../table/EmptyList";
import { OfferCard } from "./OfferCard";
import { Lift } from "./parts";
import { useCreatorPool, useCreatorPools } from "./queries";

/** Pools for a creator: recommended ones first. */
export function CreatorPoolsPanel({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pools = useCreatorPools(creatorId);
  const [open, setOpen] = useState<number | null>(null);
  if (pools.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (pools.isError) return <ErrorView error={pools.error} onRetry={() => void pools.refetch()} />;
  if (open !== null) return <OnePool creatorId={creatorId} poolId={open} editable={editable} onBack={() => setOpen(null)} />;
  if (pools.data.length === 0) return <EmptyList filtered={false} onReset={() => undefined} title={t("matching.no_pools")} help={t("matching.no_pools_help")} />;
  return (
    <div className="wb-match-grid">
      {pools.data.map((pool) => (
        <article key={pool.id} className="wb-panel" data-testid="creator-pool">
          <Button type="link" onClick={() => setOpen(pool.id)}>
            <strong>{pool.name}</strong>
          </Button>
          <p className="wb-muted">{t("matching.pool_from", { name: pool.organisation_name, count: pool.products_count })}</p>
          {pool.note && <p>{pool.note}</p>}
          {pool.match ? (
            <p>
              <Tag color="processing">{t("matching.recommended")}</Tag> <Lift lift={pool.match.lift} /> {pool.match.tags.map((tag) => format.named(tag)).join(" · ")}
            </p>
          ) : (
            <Tag>{t("matching.shared_with_me")}</Tag>
          )}
        </article>
      ))}
    </div>
  );
}

function OnePool({ creatorId, poolId, editable, onBack }: { creatorId: number; poolId: number; editable: boolean; onBack: () => void }) {
  const { t } = useTranslation();
  const pool = useCreatorPool(creatorId, poolId);
  return (
    <>
      <Button onClick={onBack}>{t("matching.back")}</Button>
      {pool.isPending && <Skeleton active />}
      {pool.isError && <ErrorView error={pool.error} onRetry={() => void pool.refetch()} />}
      <div className="wb-match-grid">
        {pool.data?.products.map((offer) => (
          <OfferCard key={offer.product.id} creatorId={creatorId} offer={offer} editable={editable} />
        ))}
      </div>
    </>
  );
}
