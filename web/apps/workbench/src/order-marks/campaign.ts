import type { TFunction } from "i18next";

/** The activity of an order line in words: its kind and number. */
export function campaignText(t: TFunction, campaign: string): string {
  const [kind = "", number = ""] = campaign.split(":");
  return t(`order_marks.campaign.${kind}`, { number, defaultValue: campaign });
}
