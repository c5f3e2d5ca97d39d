import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Popover, Tag } from "antd";
import { Bars } from "../charts/Bars";
import type { Portrait, Reason } from "./queries";
import { liftText, percent, reasonWords } from "./words";

/** Why something is recommended. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="wb-plain-list wb-muted" data-testid="reasons">
      {reasons.map((reason) => (
        <li key={`${reason.code}-${reason.tag_id}`}>{t(...reasonWords(reason, (tag) => format.named(tag)))}</li>
      ))}
    </ul>
  );
}

/** How much more an audience likes something than everybody; nothing where that is not known. */
export function Lift({ lift }: { lift: number | null }) {
  const { t } = useTranslation();
  if (lift === null) return null;
  return (
    <Popover content={<div className="wb-popover">{t("matching.lift_help")}</div>}>
      <Tag color={lift >= 1.15 ? "success" : "default"}>{t("matching.lift", { lift: liftText(lift) })}</Tag>
    </Popover>
  );
}

/** An audience as groups. */
export function PortraitView({ portrait }: { portrait: Portrait }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" });
  if (!portrait.known) return <Alert type="info" showIcon title={t("matching.portrait_unknown", { count: portrait.group_least })} />;
  return (
    <div data-testid="portrait">
      <p>
        <strong>
          {portrait.people_to === null ? t("matching.people_from", { from: portrait.people_from }) : t("matching.people", { from: portrait.people_from, to: portrait.people_to })}
        </strong>{" "}
        {portrait.made_at && <small className="wb-muted">{t("matching.updated", { when: format.dateTime(portrait.made_at) })}</small>}
      </p>
      <h3>{t("matching.interests")}</h3>
      <Bars
        title={t("matching.interests")}
        names={[t("matching.this_audience"), t("matching.the_site")]}
        bars={portrait.tags.map((tag) => ({
          key: String(tag.tag_id),
          label: format.named(tag),
          values: [tag.share, tag.share_of_everybody],
          words: `${percent(tag.share)} / ${percent(tag.share_of_everybody)}`,
        }))}
      />
      {portrait.price_from_minor !== null && portrait.price_to_minor !== null && (
        <p className="wb-section">
          {t("matching.price_band")}: <span className="wb-number">{t("matching.band", { from: money(portrait.price_from_minor), to: money(portrait.price_to_minor) })}</span>
        </p>
      )}
    </div>
  );
}
