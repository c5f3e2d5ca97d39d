import { useTranslation } from "@xingqu/i18n";
import { Skeleton } from "antd";
import { useParams } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { WorkEditor } from "./WorkEditor";
import { useWork } from "./queries";

export default function WorkPage() {
  const { contentId } = useParams();
  const shop = useShop();
  const { t } = useTranslation();
  const id = contentId === "new" ? null : Number(contentId);
  const work = useWork(shop.id, id);
  if (id !== null && work.isPending) return <Skeleton active paragraph={{ rows: 12 }} className="wb-page" aria-label={t("loading")} />;
  if (id !== null && work.isError) return <ErrorView error={work.error} onRetry={() => void work.refetch()} />;
  return <WorkEditor key={`${shop.id}-${contentId}`} initial={work.data ?? null} />;
}
