import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Skeleton } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { Lift } from "./parts";
import { PoolDialog } from "./PoolDialog";
import { PoolGifts, PoolShares } from "./PoolShares";
import { usePool, useSuitingCreators } from "./queries";

/** A pool: its products, whom it suits, with whom it is shared. */
export function PoolDrawer({ shopId, poolId, editable, onClose }: { shopId: number; poolId: number; editable: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const pool = usePool(shopId, poolId);
  const shop = useShop();
  const [changing, setChanging] = useState(false);
  const open = pool.data?.is_own === true && pool.data.closed_at === null;
  return (
    <Drawer open onClose={onClose} title={pool.data?.name ?? ""} size="large">
      {pool.isPending && <Skeleton active />}
      {pool.isError && <ErrorView error={pool.error} onRetry={() => void pool.refetch()} />}
      {pool.data && (
        <>
          {pool.data.note && <p>{pool.data.note}</p>}
          {open && editable && (
            <Button onClick={() => setChanging(true)} data-testid="pool-change">
              {t("matching.change_pool")}
            </Button>
          )}
          <h3>{t("matching.products")}</h3>
          <ul className="wb-plain-list">
            {pool.data.products.map((product) => (
              <li key={product.id}>{product.name}</li>
            ))}
          </ul>
          {pool.data.is_own && <Suiting shopId={shopId} poolId={poolId} />}
          {open && editable && <PoolShares key={pool.data.creators.length + pool.data.organisations.length} shopId={shopId} pool={pool.data} onClosed={onClose} />}
          {!pool.data.is_own && editable && shop.kind === "mcn" && <PoolGifts key={pool.data.given.length} shopId={shopId} pool={pool.data} />}
          {changing && <PoolDialog shopId={shopId} pool={pool.data} onClose={() => setChanging(false)} />}
        </>
      )}
    </Drawer>
  );
}

function Suiting({ shopId, poolId }: { shopId: number; poolId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const creators = useSuitingCreators(shopId, poolId, true);
  return (
    <section>
      <h3>{t("matching.suits")}</h3>
      {creators.data?.length === 0 && <p className="wb-muted">{t("matching.no_suits")}</p>}
      <ul className="wb-plain-list" data-testid="suiting">
        {creators.data?.map((one) => (
          <li key={one.creator_id}>
            {one.creator_name} <Lift lift={one.lift} /> <span className="wb-muted">{one.tags.map((tag) => format.named(tag)).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
