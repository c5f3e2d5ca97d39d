import { useFormat, useTranslation } from "@xingqu/i18n";
import type { Standing } from "./queries";

const FIGURES = ["due", "paid", "short", "frozen"] as const;

/** What should be there, what is, what is missing, what is frozen. */
export function StandingFigures({ row }: { row: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: row.currency }, true);
  const why = row.category ? t("deposits.why_category", { name: format.named(row.category) }) : t("deposits.why_least");
  return (
    <section className="wb-figures wb-section" aria-label={t("deposits.title")}>
      {FIGURES.map((name) => (
        <div key={name} className="wb-panel wb-figure" data-testid={`deposit-figure-${name}`}>
          <span className="wb-figure-name">{t(`deposits.figure.${name}`)}</span>
          <span className="wb-figure-value wb-number">{money(row[`${name}_minor`])}</span>
          <span className="wb-muted">{name === "due" ? why : t(`deposits.figure_help.${name}`)}</span>
        </div>
      ))}
    </section>
  );
}
