import { useTranslation } from "@xingqu/i18n";
import { Select } from "antd";
import type { Side } from "./queries";

/** Who must act: this side, or the one across the table. */
export const WAITING = ["all", "me", "other"] as const;

/** The side of the filter's word, as the API names it; undefined for all. */
export function waitingFor(side: Pick<Side, "name">, chosen: string | undefined): "merchant" | "creator" | undefined {
  if (chosen === "me") return side.name;
  if (chosen === "other") return side.name === "merchant" ? "creator" : "merchant";
  return undefined;
}

export function WaitingFilter({ value, onChange }: { value: string | undefined; onChange: (value: (typeof WAITING)[number]) => void }) {
  const { t } = useTranslation();
  return (
    <div className="wb-filters">
      <Select
        value={WAITING.find((one) => one === value) ?? "all"}
        onChange={onChange}
        options={WAITING.map((one) => ({ value: one, label: t(`collab.waiting_filter.${one}`) }))}
        aria-label={t("collab.waiting_filter.label")}
        className="wb-filter"
        data-testid="collab-waiting"
      />
    </div>
  );
}
