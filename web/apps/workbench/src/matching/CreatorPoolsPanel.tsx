import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Input, Skeleton, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { EmptyList } from "../table/EmptyList";
import { OfferCard } from "./OfferCard";
import { Lift } from "./parts";
import { useCreatorActions, useCreatorPool, useCreatorPools } from "./queries";
import { poolKeyIn } from "./words";

/** Pools for a creator: recommended ones first. */
export function CreatorPoolsPanel({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pools = useCreatorPools(creatorId);
  const [open, setOpen] = useState<number | null>(null);
  if (pools.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (pools.isError) return <ErrorView error={pools.error} onRetry={() => void pools.refetch()} />;
  if (open !== null) return <OnePool creatorId={creatorId} poolId={open} editable={editable} onBack={() => setOpen(null)} />;
  return (
    <>
      {editable && <OpenByLink creatorId={creatorId} onOpened={setOpen} />}
      {pools.data.length === 0 && <EmptyList filtered={false} onReset={() => undefined} title={t("matching.no_pools")} help={t("matching.no_pools_help")} />}
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
            <Tag>{pool.given_by ? t("matching.given_by", { name: pool.given_by }) : t("matching.shared_with_me")}</Tag>
          )}
        </article>
      ))}
      </div>
    </>
  );
}

/** A pool's link that somebody sent: pasted here, or opened in the browser (`?pool_key=`). */
function OpenByLink({ creatorId, onOpened }: { creatorId: number; onOpened: (poolId: number) => void }) {
  const { t } = useTranslation();
  const { openPool } = useCreatorActions(creatorId);
  const [search, setSearch] = useSearchParams();
  const [problem, setProblem] = useState<unknown>(null);
  const given = search.get("pool_key");
  const asked = useRef<string | null>(null);
  const open = async (text: string) => {
    setProblem(null);
    const key = poolKeyIn(text);
    if (key === null) return;
    try {
      onOpened(await openPool(key));
    } catch (error) {
      setProblem(error);
    }
  };
  useEffect(() => {
    if (!given || asked.current === given) return;
    asked.current = given;
    setSearch({ tab: "pools" }, { replace: true });
    void open(given);
  });
  return (
    <div className="wb-filters">
      <Input.Search placeholder={t("matching.open_link")} aria-label={t("matching.open_link")} enterButton={t("matching.open_link_do")} maxLength={200} onSearch={(text) => void open(text)} style={{ maxWidth: 420 }} data-testid="pool-open-link" />
      {problem !== null && <Alert type="warning" showIcon title={errorText(t, problem)} />}
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
