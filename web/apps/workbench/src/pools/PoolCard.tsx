import { useTranslation } from "@xingqu/i18n";
import { Card, Skeleton } from "antd";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { PoolStory } from "./PoolStory";
import { usePool } from "./queries";

/** A content's traffic pool, to its shop. */
export function PoolCard({ contentId }: { contentId: number }) {
  const { t } = useTranslation();
  const shop = useShop();
  const detail = usePool(shop.id, contentId);
  return (
    <Card className="wb-section" title={t("pools.title")}>
      <p className="wb-muted">{t("pools.help")}</p>
      {detail.isPending && <Skeleton active paragraph={{ rows: 3 }} aria-label={t("loading")} />}
      {detail.isError && <ErrorView error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.isSuccess && <PoolStory detail={detail.data} />}
    </Card>
  );
}
