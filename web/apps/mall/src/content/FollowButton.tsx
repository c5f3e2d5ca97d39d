import type { CreatorCard } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useReport } from "../kit/useReport";
import { signals } from "../signals/signals";
import { setFollowed, useFollowed } from "./engagement";

export function FollowButton({ creator, onChanged }: { creator: Pick<CreatorCard, "id" | "followed" | "display_name">; onChanged?: (followers: number) => void }) {
  const { t } = useTranslation();
  const report = useReport();
  const followed = useFollowed(creator);
  const change = () => {
    signals.track({ kind: followed ? "unfollow" : "follow", creator_id: creator.id, surface: "creator" });
    setFollowed(creator, !followed).then(onChanged).catch(report);
  };
  return (
    <button type="button" className={`button button-small${followed ? " button-quiet" : ""}`} aria-pressed={followed} onClick={change} data-testid="follow-toggle">
      {followed ? t("creator.followed") : t("creator.follow")}
    </button>
  );
}
