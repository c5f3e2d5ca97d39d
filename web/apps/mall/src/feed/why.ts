import type { Why, WhyTag } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";

const HORIZONS = new Set(["instant", "mid", "long_term"]);
const WORDS = new Set(["strong", "medium", "light"]);
/** Texts by the engine's channel names; `direct` is a card opened by its own address. */
const CHANNELS: Record<Why["channel"], string> = {
  covisit: "co_visit",
  interest_tags: "interest",
  fresh: "fresh",
  popular: "popular",
  followed: "followed",
  exploration: "exploration",
  sequence: "co_visit",
  sessions: "co_visit",
  taste: "interest",
  clusters: "clusters",
  due: "due",
  content: "content",
};

/** Sentences for why a card was shown, from its interest tags and its channel. */
export function useWhyText() {
  const { t } = useTranslation();
  const format = useFormat();
  const byTag = (tag: WhyTag) =>
    t(`why.because.${HORIZONS.has(tag.horizon) ? tag.horizon : "mid"}`, { tag: format.named(tag) });
  const byChannel = (channel: Why["channel"]) => t(`why.channel.${CHANNELS[channel] ?? "popular"}`);
  return {
    /** One line for the stage: that it is time to buy again, or the interest behind it; null when there is neither. */
    line: (why: Why | null): string | null => {
      if (why?.channel === "due") return byChannel("due");
      return why?.tags[0] && why.tags[0].weight > 0 ? byTag(why.tags[0]) : null;
    },
    byTag,
    byChannel,
    words: (tag: { words: string }) => t(`why.words.${WORDS.has(tag.words) ? tag.words : "light"}`),
  };
}
