import { useTranslation } from "@xingqu/i18n";
import { Segmented } from "antd";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { BundlesPanel } from "./BundlesPanel";
import { CouponsPanel } from "./CouponsPanel";
import { FlashPanel } from "./FlashPanel";
import { PresalesPanel } from "./PresalesPanel";
import { ReductionsPanel } from "./ReductionsPanel";

const TABS = ["coupons", "full_reductions", "flash_sales", "bundles", "presales"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "coupons" } } as const satisfies FilterSchema;
const PANELS = { coupons: CouponsPanel, full_reductions: ReductionsPanel, flash_sales: FlashPanel, bundles: BundlesPanel, presales: PresalesPanel };

/** A shop's coupons and activities. */
export default function MarketingPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "coupons";
  const Panel = PANELS[tab];
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.marketing")} note={t("marketing.note")} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`marketing.tab.${one}`) }))} />
      </div>
      <Panel base={`/shops/${shop.id}`} editable={mayEdit(shop.permissions, "marketing")} />
    </div>
  );
}
