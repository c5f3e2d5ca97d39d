import { useTranslation } from "@xingqu/i18n";
import { PageHead } from "../app/PageHead";
import { CouponsPanel } from "./CouponsPanel";

/** The operator's coupons, for all shops; the platform pays them. */
export default function PlatformCouponsPage() {
  const { t } = useTranslation();
  return (
    <div className="wb-page">
      <PageHead title={t("marketing.platform")} note={t("marketing.platform_note")} />
      <CouponsPanel base="/platform" editable />
    </div>
  );
}
