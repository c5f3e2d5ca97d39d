import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Input, Select, Skeleton } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { Lift } from "./parts";
import { type PoolDetail, usePool, usePoolActions, useSuitingCreators } from "./queries";

/** A pool: its products, whom it suits, with whom it is shared. */
export function PoolDrawer({ shopId, poolId, editable, onClose }: { shopId: number; poolId: number; editable: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const pool = usePool(shopId, poolId);
  const open = pool.data?.is_own === true && pool.data.closed_at === null;
  return (
    <Drawer open onClose={onClose} title={pool.data?.name ?? ""} size="large">
      {pool.isPending && <Skeleton active />}
      {pool.isError && <ErrorView error={pool.error} onRetry={() => void pool.refetch()} />}
      {pool.data && (
        <>
          <h3>{t("matching.products")}</h3>
          <ul className="wb-plain-list">
            {pool.data.products.map((product) => (
              <li key={product.id}>{product.name}</li>
            ))}
          </ul>
          {pool.data.is_own && <Suiting shopId={shopId} poolId={poolId} />}
          {open && editable && <Shares key={pool.data.creators.length + pool.data.organisations.length} shopId={shopId} pool={pool.data} onClosed={onClose} />}
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

function Shares({ shopId, pool, onClosed }: { shopId: number; pool: PoolDetail; onClosed: () => void }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const actions = usePoolActions(shopId);
  const suiting = useSuitingCreators(shopId, pool.id, true);
  const [creators, setCreators] = useState(pool.creators.map((one) => one.id));
  const [agencies, setAgencies] = useState(pool.organisations.map((one) => one.id).join(", "));
  const known = new Map([...pool.creators.map((one) => [one.id, one.name] as const), ...(suiting.data ?? []).map((one) => [one.creator_id, one.creator_name] as const)]);
  const tell = (work: Promise<void>, done: () => void) => work.then(done, (error: unknown) => void message.error(errorText(t, error)));
  const ids = agencies.split(/[,，\s]+/).filter((part) => /^\d{1,15}$/.test(part)).map(Number);
  const close = () =>
    modal.confirm({
      title: t("matching.close_title"),
      content: t("matching.close_help"),
      okText: t("matching.close"),
      cancelText: t("actions.cancel"),
      onOk: () => tell(actions.close(pool.id), onClosed),
    });
  return (
    <section>
      <h3>{t("matching.shares")}</h3>
      <Select mode="multiple" value={creators} onChange={setCreators} options={[...known].map(([value, label]) => ({ value, label }))} placeholder={t("matching.creator_ids")} aria-label={t("matching.creator_ids")} style={{ width: "100%" }} />
      <p>
        <Input value={agencies} onChange={(event) => setAgencies(event.target.value)} placeholder={t("matching.agency_ids")} aria-label={t("matching.agency_ids")} maxLength={200} />
      </p>
      <div className="wb-filters">
        <Button type="primary" onClick={() => void tell(actions.share(pool.id, creators, ids), () => void message.success(t("matching.saved")))} data-testid="shares-save">
          {t("matching.save_shares")}
        </Button>
        <Button danger onClick={close} data-testid="pool-close">
          {t("matching.close")}
        </Button>
      </div>
    </section>
  );
}
