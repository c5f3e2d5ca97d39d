import { useFormat, useTranslation } from "@xingqu/i18n";
import { splitSale } from "./split";

interface PreviewProps {
  commissionBp: number | null;
  serviceBp?: number;
  platformBp?: number;
  /** The platform's fee on what a shop earns; without it the shop's part is left out. */
  techBp?: number;
}

/** Whose how much of a ¥100 sale is, while the rate is typed. */
export function Preview({ commissionBp, serviceBp = 0, platformBp = 1_000, techBp }: PreviewProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (commissionBp === null || commissionBp + serviceBp > 10_000) return null;
  const sale = splitSale(10_000, { commissionBp, serviceBp, platformBp, techBp: techBp ?? 0 });
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const parts = [
    ["creator", sale.creator],
    ...(serviceBp ? ([["colonel", sale.colonel]] as const) : []),
    ["platform", sale.platform],
    ...(techBp === undefined ? [] : ([["shop", sale.shop]] as const)),
  ] as const;
  return (
    <p className="wb-muted" data-testid="rate-preview">
      {t("alliance.preview.of")} {parts.map(([name, amount]) => `${t(`alliance.preview.${name}`)} ${money(amount)}`).join(" · ")}
    </p>
  );
}
