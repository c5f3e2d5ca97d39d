import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Skeleton, Statistic } from "antd";
import { Link } from "react-router";
import { useEarnings } from "./queries";

/** What a workplace earns, on its first page: estimated and to pay out, for each way of earning. */
export function MoneyTiles({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earnings = useEarnings(shopId);
  if (earnings.isPending) return <Skeleton active paragraph={{ rows: 3 }} className="wb-panel" aria-label={t("loading")} />;
  if (!earnings.data) return null;
  return (
    <div className="wb-figures wb-section" data-testid="money-tiles">
      {earnings.data.payees.map((payee) => (
        <Link key={payee.payee} to={`/shops/${shopId}/earnings?payee=${payee.payee}`}>
          <Card size="small" title={t(`earnings.payee.${payee.payee}`)}>
            {(["estimated", "available"] as const).map((name) => (
              <Statistic key={name} title={t(`earnings.figure.${name}`)} value={format.money({ amount_minor: payee[`${name}_minor`], currency: payee.currency }, true)} />
            ))}
          </Card>
        </Link>
      ))}
    </div>
  );
}
