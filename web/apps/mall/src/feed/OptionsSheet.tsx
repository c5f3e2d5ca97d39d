import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Icon, type IconName } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import type { SignalInput } from "../signals/queue";
import { signals } from "../signals/signals";
import { setCaptionsWanted, useCaptionsWanted } from "./captions";
import { setMuted, useMuted } from "./sound";
import { type PlacedItem, type Surface, useRemoveFromFeed } from "./useFeed";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

interface OptionsSheetProps {
  item: PlacedItem;
  surface: Surface;
  speed: number;
  onSpeed: (speed: number) => void;
  onWhy: () => void;
  onClose: () => void;
}

/** Long press: not interested with a reason, why this, speed, sound. */
export function OptionsSheet({ item, surface, speed, onSpeed, onWhy, onClose }: OptionsSheetProps) {
  const { t } = useTranslation();
  const muted = useMuted();
  const captions = useCaptionsWanted();
  const reasons = useNotInterested(item, surface, onClose);
  return (
    <Sheet title={t("options.title")} onClose={onClose} testId="options-sheet">
      <h3 className="group-title">{t("options.not_interested")}</h3>
      <div className="option-list">
        {reasons.map((reason) => (
          <button key={reason.key} type="button" className="option-row" onClick={reason.run} data-testid={`not-interested-${reason.key}`}>
            <Icon name={reason.icon} size={20} />
            <span>{reason.label}</span>
          </button>
        ))}
      </div>
      <h3 className="group-title">{t("options.more")}</h3>
      <div className="option-list">
        <button type="button" className="option-row" onClick={onWhy} data-testid="options-why">
          <Icon name="why" size={20} />
          <span>{t("options.why")}</span>
        </button>
        {item.content.kind === "video" ? (
          <button type="button" className="option-row" onClick={() => setMuted(!muted)}>
            <Icon name={muted ? "muted" : "sound"} size={20} />
            <span>{muted ? t("feed.unmute") : t("feed.mute")}</span>
          </button>
        ) : null}
        {item.content.captions.length > 0 ? (
          <button type="button" className="option-row" aria-pressed={captions} onClick={() => setCaptionsWanted(!captions)} data-testid="options-captions">
            <Icon name="comment" size={20} />
            <span>{t(captions ? "feed.captions_off" : "feed.captions_on")}</span>
          </button>
        ) : null}
      </div>
      {item.content.kind === "video" ? (
        <>
          <h3 className="group-title">{t("options.speed")}</h3>
          <div className="chips" role="radiogroup" aria-label={t("options.speed")}>
            {SPEEDS.map((value) => (
              <button key={value} type="button" role="radio" aria-checked={value === speed} className="chip" onClick={() => onSpeed(value)}>
                {value}×
              </button>
            ))}
          </div>
        </>
      ) : null}
    </Sheet>
  );
}

interface Reason {
  key: NonNullable<SignalInput["reason"]>;
  icon: IconName;
  label: string;
  run: () => void;
}

function useNotInterested(item: PlacedItem, surface: Surface, onDone: () => void): Reason[] {
  const { t } = useTranslation();
  const format = useFormat();
  const remove = useRemoveFromFeed();
  const card = item.content;
  const tag = item.why?.tags[0] ?? null;
  const product = card.anchors[0]?.product ?? null;

  const tell = (reason: Reason["key"], unwanted: (other: PlacedItem["content"]) => boolean, extra: Partial<SignalInput> = {}) => {
    signals.track({
      kind: "not_interested",
      reason,
      content_id: card.id,
      creator_id: card.creator.id,
      ...(item.requestId ? { request_id: item.requestId } : {}),
      position: item.position,
      surface,
      ...extra,
    });
    void signals.flush();
    onDone();
    remove((other) => other.content.id === card.id || unwanted(other.content));
    showToast(t("options.noted"));
  };

  const reasons: Reason[] = [
    { key: "content", icon: "hide", label: t("options.this_content"), run: () => tell("content", () => false) },
    {
      key: "creator",
      icon: "me",
      label: t("options.this_creator", { name: format.displayName(card.creator) }),
      run: () => tell("creator", (other) => other.creator.id === card.creator.id),
    },
  ];
  if (product) {
    reasons.push({
      key: "product",
      icon: "shop",
      label: t("options.this_product", { name: product.short_name || product.name }),
      run: () => tell("product", (other) => other.anchors.some((anchor) => anchor.product.id === product.id), { product_id: product.id }),
    });
  }
  if (tag) {
    reasons.push({
      key: "tag",
      icon: "tag",
      label: t("options.this_tag", { tag: format.named(tag) }),
      run: () => {
        void unwrap(api.PUT("/api/v1/interest/tags/{tag_id}", { params: { path: { tag_id: tag.tag_id } }, body: { action: "less" } })).catch(() => undefined);
        tell("tag", (other) => other.topic_tags.some((topic) => topic.id === tag.tag_id), { tag_id: tag.tag_id });
      },
    });
  }
  reasons.push({ key: "repetitive", icon: "pictures", label: t("options.repetitive"), run: () => tell("repetitive", () => false) });
  return reasons;
}
