import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Statistic } from "antd";
import { get } from "../api/http";
import { useShop } from "../app/session";

type Sold = components["schemas"]["BroughtOut"];

/** What one work, or one live room, brought its creator; nothing where there is no creator, and for who may not see earnings. */
export function Brought({ of, every_ms }: { of: { content_id: number } | { live_room_id: number }; every_ms?: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const creatorId = shop.kind === "creator" ? shop.creator_id : null;
  const sold = useQuery({
    queryKey: ["brought", creatorId, of],
    queryFn: ({ signal }) => get<Sold>(`/creators/${creatorId}/alliance/brought`, of, signal),
    enabled: creatorId !== null,
    retry: false,
    ...(every_ms ? { refetchInterval: every_ms } : {}),
  });
  if (!sold.data) return null;
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  return (
    <div className="wb-figures" data-testid="brought">
      <Statistic title={t("earnings.brought.orders")} value={format.number(sold.data.orders)} />
      <Statistic title={t("earnings.brought.base")} value={money(sold.data.base_minor)} />
      <Statistic title={t("earnings.brought.estimated")} value={money(sold.data.estimated_minor)} />
      <Statistic title={t("earnings.brought.settled")} value={money(sold.data.settled_minor)} />
    </div>
  );
}
