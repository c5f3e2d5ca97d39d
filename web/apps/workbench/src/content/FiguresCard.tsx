import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Empty, Skeleton, Statistic } from "antd";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { LineChart } from "../charts/LineChart";
import { Brought } from "../earnings/Brought";
import { figuresQuery } from "./desk";

/** How a work was watched, with the curve of retention. */
export function FiguresCard({ workId }: { workId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const figures = useQuery(figuresQuery(shop.id, workId));
  const data = figures.data;
  return (
    <Card className="wb-section" title={t("content.section.figures")} data-testid="work-figures">
      <Brought of={{ content_id: workId }} />
      {figures.isPending && <Skeleton active />}
      {figures.isError && <ErrorView error={figures.error} onRetry={() => void figures.refetch()} />}
      {data && data.looks === 0 && <Empty description={t("content.figures_none")} />}
      {data && data.looks > 0 && (
        <>
          <div className="wb-figures">
            <Statistic title={t("content.figure.looks")} value={data.looks} />
            <Statistic title={t("content.figure.views")} value={data.views} />
            <Statistic title={t("content.figure.average")} value={(data.average_watch_ms / 1000).toFixed(1)} suffix={t("content.seconds")} />
            {data.duration_ms > 0 && <Statistic title={t("content.figure.completed")} value={format.percent(data.completed / data.looks)} />}
          </div>
          <LineChart
            title={t("content.retention")}
            nameX={t("content.second")}
            formatX={(second) => `${second} s`}
            formatY={(share) => format.percent(share)}
            series={[{ name: t("content.retention_share"), points: data.curve.map((point) => ({ x: point.second, y: point.share_bp / 10_000 })) }]}
          />
          <p className="wb-muted">{t("content.retention_help")}</p>
        </>
      )}
    </Card>
  );
}
