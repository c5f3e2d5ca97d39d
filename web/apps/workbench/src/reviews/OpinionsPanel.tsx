import { QuestionCircleOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Popover, Segmented } from "antd";
import { useState } from "react";
import type { ShopOpinions } from "../api/types";
import { useShop } from "../app/session";
import { Bars } from "../charts/Bars";
import { LineChart } from "../charts/LineChart";
import { type ASPECTS, useOpinions } from "./queries";

const PERIODS = [30, 90, 365] as const;
const SHOWN = 6;
const LEAST_BEFORE = 3;
type Feeling = "positive" | "negative";

/** What buyers praise and blame, with the trend; each number leads to the reviews it counts. */
export function OpinionsPanel({ onPick }: { onPick: (aspect: (typeof ASPECTS)[number], feeling: Feeling | undefined) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [days, setDays] = useState<(typeof PERIODS)[number]>(30);
  const opinions = useOpinions(shop.id, days);
  if (!opinions.data || (opinions.data.texts === 0 && days === 30)) return null;
  const { aspects, texts, praising } = opinions.data;
  const most = Math.max(1, ...aspects.map((one) => one.mentions));
  return (
    <section className="wb-panel wb-opinions" data-testid="opinions">
      <div className="wb-row-between">
        <h2>
          {t("reviews.opinions")}{" "}
          <Popover content={<p className="wb-definition">{t("reviews.opinions_help")}</p>}>
            <Button type="text" size="small" icon={<QuestionCircleOutlined />} aria-label={t("reviews.definition")} />
          </Popover>
        </h2>
        <Segmented value={days} onChange={setDays} options={PERIODS.map((each) => ({ value: each, label: t("reviews.days", { count: each }) }))} />
      </div>
      <p className="wb-muted">{texts > 0 ? t("reviews.praising", { percent: Math.round((100 * praising) / texts), count: texts }) : t("reviews.no_texts")}</p>
      {aspects.length > 0 && (
        <div className="wb-opinions-plots">
          <Bars
            title={t("reviews.by_aspect")}
            names={[t("reviews.feeling.positive"), t("reviews.feeling.negative")]}
            most={most}
            bars={aspects.slice(0, SHOWN).map((one) => ({
              key: one.aspect,
              label: (
                <Button type="link" size="small" className="wb-link" onClick={() => onPick(one.aspect, undefined)} data-testid={`opinion-${one.aspect}`}>
                  {t(`reviews.aspect.${one.aspect}`)}
                </Button>
              ),
              values: [one.positive, one.mentions - one.positive],
              words: t("reviews.aspect_words", { positive: one.positive, negative: one.mentions - one.positive }),
              note: <Change one={one} onBlame={() => onPick(one.aspect, "negative")} />,
            }))}
          />
          {aspects.some((one) => one.weeks.length > 1) && (
            <LineChart
              title={t("reviews.trend")}
              nameX={t("reviews.week")}
              formatX={(x) => format.date(new Date(x).toISOString())}
              formatY={(y) => `${Math.round(y)}%`}
              series={aspects.slice(0, 3).map((one) => ({
                name: t(`reviews.aspect.${one.aspect}`),
                points: one.weeks.map((week) => ({ x: Date.parse(week.week), y: (100 * week.positive) / week.mentions })),
              }))}
            />
          )}
        </div>
      )}
    </section>
  );
}

function Change({ one, onBlame }: { one: ShopOpinions["aspects"][number]; onBlame: () => void }) {
  const { t } = useTranslation();
  const share = (100 * one.positive) / one.mentions;
  const moved = one.before_mentions >= LEAST_BEFORE ? Math.round(share - (100 * one.before_positive) / one.before_mentions) : null;
  return (
    <span>
      {t("reviews.share", { percent: Math.round(share) })} {moved !== null && moved !== 0 && t(moved > 0 ? "reviews.up" : "reviews.down", { points: Math.abs(moved) })}
      {one.positive < one.mentions && (
        <Button type="link" size="small" onClick={onBlame}>
          {t("reviews.see_blame")}
        </Button>
      )}
    </span>
  );
}
