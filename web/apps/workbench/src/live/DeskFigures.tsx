import { useFormat, useTranslation } from "@xingqu/i18n";
import { Skeleton, Statistic, Tooltip } from "antd";
import { ErrorView } from "../app/ErrorView";
import { useFigures } from "./queries";

const SHOWN = ["viewers", "entries", "visitors", "likes", "chats", "clicks", "orders", "gmv", "gpm", "refunded", "buyers", "viewers_most", "shown", "shown_entries"] as const;

/** Figures as they happen; each says what it means. */
export function DeskFigures({ shopId, roomId }: { shopId: number; roomId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figures = useFigures(shopId, roomId);
  if (figures.isError && !figures.data) return <ErrorView error={figures.error} onRetry={() => void figures.refetch()} />;
  if (!figures.data) return <Skeleton active />;
  return (
    <section className="wb-panel live-figures" aria-label={t("live.figures")}>
      {SHOWN.map((name) => {
        const value = figures.data[name];
        const text = typeof value === "number" ? format.number(value) : format.money(value);
        return (
          <Tooltip key={name} title={t(`live.meaning.${name}`)}>
            <div data-testid={`live-figure-${name}`} role="group" aria-label={`${t(`live.figure.${name}`)}: ${text}. ${t(`live.meaning.${name}`)}`}>
              <Statistic title={t(`live.figure.${name}`)} value={text} formatter={(shown) => shown} />
            </div>
          </Tooltip>
        );
      })}
    </section>
  );
}
