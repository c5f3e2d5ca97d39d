import { useFormat, useTranslation } from "@xingqu/i18n";
import { Collapse } from "antd";
import type { ReputationRules } from "./queries";
import { shown } from "./tips";

/** The published formula with the numbers that hold. */
export function Formula({ rules }: { rules: ReputationRules }) {
  const { t } = useTranslation();
  const format = useFormat();
  const body = (
    <>
      <p>{t("reputation.formula_text")}</p>
      <ul>
        {Object.entries(rules.indicators).map(([name, one]) => (
          <li key={name}>
            {t(`reputation.part.${one.part}`)} · {t(`reputation.indicator.${name}`)}: {t("reputation.prior", { prior: shown(name, one.prior), count: one.prior_count })}; {t("reputation.range", { floor: shown(name, one.floor), target: shown(name, one.target) })}; × {one.weight}
          </li>
        ))}
      </ul>
      <h3>{t("reputation.levels")}</h3>
      <ul>
        {rules.levels.map((level, place) => (
          <li key={level.min_gmv_minor}>{t("reputation.level_line", { level: place + 1, gmv: format.money({ amount_minor: level.min_gmv_minor, currency: "CNY" }), followers: format.number(level.min_followers), score: level.min_score })}</li>
        ))}
      </ul>
    </>
  );
  return <Collapse className="wb-section" items={[{ key: "formula", label: t("reputation.formula"), children: body }]} data-testid="reputation-formula" />;
}
