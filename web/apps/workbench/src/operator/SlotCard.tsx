import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Tag } from "antd";
import type { PassedOver, Preview, Slot } from "../api/types";
import { Bars } from "../charts/Bars";
import { type Briefs, ContentLine } from "./contents";
import { changesOf, likeliest } from "./changes";

interface SlotCardProps {
  slot: Slot;
  briefs: Briefs;
  reasons: Preview["reasons"][string];
  /** Ranked beyond the page, to fill in for what the filters take out. */
  spare: boolean;
}

const HOW_COLOUR = { ranked: "blue", drawn: "purple", repeated: "default" } as const;

/** One position of the page: who brought it, what it is worth step by step, and what it was preferred to. */
export function SlotCard({ slot, briefs, reasons, spare }: SlotCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const reserved = slot.brought_by.filter((channel) => channel === "fresh" || channel === "exploration");
  return (
    <Card className="wb-slot" size="small" data-testid="slot">
      <div className="wb-slot-head">
        <strong className="wb-slot-number">{slot.position + 1}</strong>
        <ContentLine id={slot.content_id} briefs={briefs} />
      </div>
      <p>
        <Tag color={HOW_COLOUR[slot.how]}>{t(`operator.how.${slot.how}`)}</Tag>
        <Tag>{t(`operator.channel.${slot.channel}`)}</Tag>
        {slot.filtered && <Tag color="error">{t(`operator.filtered.${slot.filtered}`)}</Tag>}
        {spare && !slot.filtered && <Tag>{t("operator.slot.spare")}</Tag>}
      </p>
      <p>{t(`operator.how_help.${slot.how}`, { chance: format.percent(slot.propensity), channel: reserved.map((channel) => t(`operator.channel.${channel}`)).join(t("operator.comma")) })}</p>
      {slot.rules_given_up.length > 0 && <p>{t("operator.slot.rules", { rules: slot.rules_given_up.map((rule) => t(`operator.rule.${rule}`)).join(t("operator.comma")) })}</p>}
      {reasons.length > 0 && (
        <p>
          {t("operator.slot.because")}{" "}
          {reasons.map((reason) => (
            <Tag key={reason.tag_id}>
              {format.named(reason)} {format.number(Math.round(reason.weight * 100) / 100)} · {t(`operator.horizon.${reason.horizon}`)}
            </Tag>
          ))}
        </p>
      )}
      <Steps slot={slot} />
      {slot.passed_over && <Rival rival={slot.passed_over} briefs={briefs} />}
      {Object.keys(slot.predictions).length > 0 && (
        <details>
          <summary>{t("operator.slot.predictions")}</summary>
          <Bars
            title={t("operator.slot.predictions")}
            names={[t("operator.slot.chance")]}
            bars={likeliest(slot.predictions, 12).map(([head, chance]) => ({ key: head, label: t(`operator.head.${head}`), values: [chance], words: format.percent(chance) }))}
          />
        </details>
      )}
      {Object.keys(slot.features).length > 0 && (
        <details>
          <summary>{t("operator.slot.features")}</summary>
          <Bars
            title={t("operator.slot.features")}
            names={[t("operator.slot.feature")]}
            bars={Object.entries(slot.features).map(([name, value]) => ({ key: name, label: t(`operator.feature.${name}`, { defaultValue: name }), values: [Math.abs(value)], words: format.number(Math.round(value * 1000) / 1000) }))}
          />
        </details>
      )}
    </Card>
  );
}

function Steps({ slot }: { slot: Slot }) {
  const { t } = useTranslation();
  const format = useFormat();
  const changes = changesOf(slot.steps);
  if (changes.length === 0) return null;
  const number = (value: number) => format.number(Math.round(value * 10_000) / 10_000);
  return (
    <ul className="wb-steps" aria-label={t("operator.slot.steps")}>
      {changes.map((change) => (
        <li key={change.step}>
          <span>{t(`operator.step.${change.step}`, { defaultValue: change.step })}</span>
          <span className={change.by === null ? undefined : change.by > 0 ? "wb-more" : "wb-less"}>
            {change.by === null ? number(change.value) : `${change.by > 0 ? "+" : "−"}${number(Math.abs(change.by))}`}
          </span>
        </li>
      ))}
      <li className="wb-steps-sum">
        <span>{t("operator.slot.sum")}</span>
        <span>{number(changes.at(-1)!.value)}</span>
      </li>
    </ul>
  );
}

function Rival({ rival, briefs }: { rival: PassedOver; briefs: Briefs }) {
  const { t } = useTranslation();
  const format = useFormat();
  const loss = changesOf([{ step: "value", value: rival.value }, { step: rival.steps.at(-1)?.step ?? "diversity", value: rival.value_here }]).at(-1);
  return (
    <div className="wb-rival">
      <p>{t(`operator.rival.${rival.why}`, { value: format.number(rival.value), by: format.number(Math.abs(loss?.by ?? 0)) })}</p>
      <ContentLine id={rival.content_id} briefs={briefs} />
      {rival.comes_later && <p className="wb-muted">{t("operator.rival.later")}</p>}
    </div>
  );
}
