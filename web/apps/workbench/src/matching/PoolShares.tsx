import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";
import type { Page } from "../api/types";
import { useCreatorSearch } from "../app/creators";
import { errorText } from "../app/errors";
import { LinkDialog } from "../showcase/ShareLink";
import { type PoolDetail, usePoolActions, useSuitingCreators } from "./queries";

type Partner = components["schemas"]["PoolPartnerOut"];
type Contract = components["schemas"]["ContractOut"];

function useTell() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (work: Promise<void>, done?: () => void) =>
    work.then(
      () => (done ? done() : void message.success(t("matching.saved"))),
      (error: unknown) => void message.error(errorText(t, error)),
    );
}

/** With whom an own pool is shared: creators, agencies, and whoever has its link. */
export function PoolShares({ shopId, pool, onClosed }: { shopId: number; pool: PoolDetail; onClosed: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const tell = useTell();
  const actions = usePoolActions(shopId);
  const suiting = useSuitingCreators(shopId, pool.id, true);
  const [creators, setCreators] = useState(pool.creators.map((one) => one.id));
  const [agencies, setAgencies] = useState(pool.organisations.map((one) => one.id));
  const [typed, setTyped] = useState("");
  const [typedCreator, setTypedCreator] = useState("");
  const [showing, setShowing] = useState(false);
  const q = useDeferredValue(typed.trim());
  const found = useQuery({ queryKey: ["product-pools", shopId, "agencies", q], queryFn: ({ signal }) => get<Partner[]>(`/shops/${shopId}/product-pools/agencies`, { q }, signal) });
  const sought = useCreatorSearch(typedCreator);
  const known = new Map([...sought.creators.map((one) => [one.id, sought.label(one)] as const), ...pool.creators.map((one) => [one.id, one.name] as const), ...(suiting.data ?? []).map((one) => [one.creator_id, one.creator_name] as const)]);
  const houses = new Map([...pool.organisations, ...(found.data ?? [])].map((one) => [one.id, one.name] as const));
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
      <Select mode="multiple" value={creators} onChange={setCreators} showSearch={{ onSearch: setTypedCreator, optionFilterProp: "label" }} loading={sought.searching} options={[...known].map(([value, label]) => ({ value, label }))} placeholder={t("matching.creator_ids")} aria-label={t("matching.creator_ids")} className="wb-full" />
      <p>
        <Select
          mode="multiple"
          value={agencies}
          onChange={setAgencies}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          options={[...houses].map(([value, label]) => ({ value, label }))}
          placeholder={t("matching.agency_ids")}
          aria-label={t("matching.agency_ids")}
          className="wb-full"
          data-testid="pool-agencies"
        />
      </p>
      <div className="wb-filters">
        <Button type="primary" onClick={() => void tell(actions.share(pool.id, creators, agencies))} data-testid="shares-save">
          {t("matching.save_shares")}
        </Button>
        <Button onClick={() => void tell(pool.link_key ? Promise.resolve() : actions.link(pool.id, true), () => setShowing(true))} data-testid="pool-link">
          {t("matching.link")}
        </Button>
        {pool.link_key && <Button onClick={() => void tell(actions.link(pool.id, false))}>{t("matching.link_off")}</Button>}
        <Button danger onClick={close} data-testid="pool-close">
          {t("matching.close")}
        </Button>
      </div>
      {showing && pool.link_key && <LinkDialog title={t("matching.link")} note={pool.name} help={t("matching.link_help")} address={poolAddress(pool.link_key)} onClose={() => setShowing(false)} />}
    </section>
  );
}

/** Where a creator opens a pool by its link. */
export const poolAddress = (key: string, origin = location.origin) => `${origin}/workbench/pools/${key}`;

/** An agency hands a pool that was shared with it to creators it has signed. */
export function PoolGifts({ shopId, pool }: { shopId: number; pool: PoolDetail }) {
  const { t } = useTranslation();
  const tell = useTell();
  const actions = usePoolActions(shopId);
  const [given, setGiven] = useState(pool.given.map((one) => one.id));
  const signed = useQuery({ queryKey: ["signed-creators", shopId, "choice"], queryFn: async ({ signal }) => (await get<Page<Contract>>(`/shops/${shopId}/signed-creators`, { limit: 100 }, signal)).items });
  const names = new Map([...pool.given.map((one) => [one.id, one.name] as const), ...(signed.data ?? []).filter((one) => one.since !== null && one.creator).map((one) => [one.creator_id, one.creator?.display_name ?? ""] as const)]);
  return (
    <section>
      <h3>{t("matching.give")}</h3>
      <p className="wb-muted">{t("matching.give_help")}</p>
      <Select mode="multiple" value={given} onChange={setGiven} options={[...names].map(([value, label]) => ({ value, label }))} placeholder={t("matching.give")} aria-label={t("matching.give")} className="wb-full" data-testid="pool-gifts" />
      <p>
        <Button type="primary" onClick={() => void tell(actions.give(pool.id, given))} data-testid="gifts-save">
          {t("matching.give_save")}
        </Button>
      </p>
    </section>
  );
}
