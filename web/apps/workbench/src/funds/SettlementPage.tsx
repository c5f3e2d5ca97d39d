import { useTranslation } from "@xingqu/i18n";
import { Segmented } from "antd";
import { PageHead } from "../app/PageHead";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { HoldsPanel } from "./HoldsPanel";
import { RulesPanel } from "./RulesPanel";
import { SettlementsPanel } from "./SettlementsPanel";
import { WithdrawalList } from "./WithdrawalList";

const TABS = ["rules", "orders", "withdrawals", "holds"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "rules" } } as const satisfies FilterSchema;

/** What operators see and decide of merchants' money. */
export default function SettlementPage() {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "rules";
  return (
    <div className="wb-page">
      <PageHead title={t("funds.platform.title")} note={t("funds.platform.note")} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`funds.platform.tab.${one}`) }))} />
      </div>
      {tab === "rules" && <RulesPanel />}
      {tab === "orders" && <SettlementsPanel path="/platform/settlement/orders" queryKey={["settlement", "orders"]} shopId={null} />}
      {tab === "withdrawals" && (
        <WithdrawalList
          path="/platform/settlement/withdrawals"
          queryKey={["settlement", "withdrawals"]}
          showShop
          empty={<EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_withdrawals")} help={t("funds.platform.no_withdrawals_help")} />}
        />
      )}
      {tab === "holds" && <HoldsPanel />}
    </div>
  );
}
