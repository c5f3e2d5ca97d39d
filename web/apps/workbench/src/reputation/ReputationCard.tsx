import { useFormat, useTranslation } from "@xingqu/i18n";
import { Tag } from "antd";
import { Link } from "react-router";
import { useShop } from "../app/session";
import { useReputation } from "./queries";

/** Score, level and credit on the creator's home, with the way to what they are made of. */
export function ReputationCard({ creatorId }: { creatorId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const found = useReputation(creatorId);
  if (!found.data) return null;
  const { score, level, credit, day } = found.data;
  return (
    <section className="wb-panel wb-line wb-wrap wb-section" data-testid="reputation-card">
      <Tag color="gold">{t("reputation.level_name", { level })}</Tag>
      <span>
        {t("reputation.score")} <strong className="wb-number">{score === null ? t("reputation.no_score") : score.toFixed(1)}</strong>
      </span>
      <span>
        {t("reputation.credit")} <strong className="wb-number">{credit}</strong>
      </span>
      {day && <small className="wb-muted">{t("reputation.of_day", { day: format.date(day) })}</small>}
      <Link to={`/shops/${shop.id}/reputation`}>{t("reputation.see")}</Link>
    </section>
  );
}
