import { useTranslation } from "@xingqu/i18n";
import { Alert, Segmented, Skeleton } from "antd";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { DepositPanel } from "../deposits/DepositPanel";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { Overview } from "./Overview";
import { useFunds } from "./queries";
import { SettlementsPanel } from "./SettlementsPanel";
import { StatementPanel } from "./StatementPanel";
import { WithdrawalsPanel } from "./WithdrawalsPanel";

const TABS = ["settlements", "statements", "withdrawals", "deposit"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "settlements" }, month: { type: "text", max_length: 7 } } as const satisfies FilterSchema;

/** A shop's money: what is whose, on its way until when, statements, withdrawals, the deposit. */
export default function FundsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const funds = useFunds(shop.id);
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "settlements";
  const editable = mayEdit(shop.permissions, "funds");
  if (funds.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-page" aria-label={t("loading")} />;
  if (funds.isError) return <ErrorView error={funds.error} onRetry={() => void funds.refetch()} />;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.funds")} note={t("funds.note", { days: funds.data.settlement_days })} />
      {funds.data.hold && <Alert type="warning" showIcon title={t("funds.held")} description={t("funds.held_reason", { reason: funds.data.hold.reason })} className="wb-section" data-testid="funds-held" />}
      <Overview funds={funds.data} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next, month: undefined })} options={TABS.map((one) => ({ value: one, label: t(`funds.tab.${one}`) }))} />
      </div>
      {tab === "settlements" && <SettlementsPanel path={`/shops/${shop.id}/funds/settlements`} queryKey={["funds", shop.id, "settlements"]} shopId={shop.id} />}
      {tab === "statements" && <StatementPanel shopId={shop.id} chosen={values.month} onChoose={(month) => change({ month })} />}
      {tab === "withdrawals" && <WithdrawalsPanel shopId={shop.id} funds={funds.data} editable={editable} />}
      {tab === "deposit" && <DepositPanel shopId={shop.id} funds={funds.data} editable={editable} />}
    </div>
  );
}
