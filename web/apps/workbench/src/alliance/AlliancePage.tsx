import { useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { ActivitiesPanel } from "./ActivitiesPanel";
import { COMMISSION_STATES, CommissionsPanel } from "./CommissionsPanel";
import { OpenDialog } from "./PlanDialogs";
import { PlansPanel } from "./PlansPanel";
import { useTerms } from "./queries";
import { rateText } from "./rates";

const TABS = ["plans", "activities", "commissions"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "plans" }, state: { type: "choice", choices: COMMISSION_STATES, default: "all" } } as const satisfies FilterSchema;

/** A shop's side of the creator alliance: what it offers, and what it paid for. */
export default function AlliancePage() {
  const { t } = useTranslation();
  const shop = useShop();
  const terms = useTerms(shop.id);
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "plans";
  const editable = mayEdit(shop.permissions, "alliance");
  const [opening, setOpening] = useState(false);
  if (terms.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-page" aria-label={t("loading")} />;
  if (terms.isError) return <ErrorView error={terms.error} onRetry={() => void terms.refetch()} />;
  const action = editable ? (
    <Button type="primary" onClick={() => setOpening(true)} data-testid="plan-open">
      {t("alliance.open")}
    </Button>
  ) : null;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.alliance")} note={t("alliance.note", { rate: rateText(terms.data.platform_bp) })} actions={action} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next, state: undefined })} options={TABS.map((one) => ({ value: one, label: t(`alliance.tab.${one}`) }))} />
      </div>
      {tab === "plans" && <PlansPanel shopId={shop.id} terms={terms.data} editable={editable} action={action} />}
      {tab === "activities" && <ActivitiesPanel shopId={shop.id} terms={terms.data} editable={editable} />}
      {tab === "commissions" && <CommissionsPanel shopId={shop.id} chosen={values.state} onChoose={(state) => change({ state })} />}
      {opening && <OpenDialog shopId={shop.id} terms={terms.data} onClose={() => setOpening(false)} />}
    </div>
  );
}
