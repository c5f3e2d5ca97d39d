import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { setFollowed, setSaved, useEngagement, useFollowed } from "../content/engagement";
import { Avatar } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useLiveOf } from "../live/queries";
import type { CardActions } from "./FeedCard";
import type { PlacedItem } from "./useFeed";

/** Creator, like, comment, save, share and more, at the right of the stage. */
export function Rail({ item, actions, active }: { item: PlacedItem; actions: CardActions; active: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const card = item.content;
  const liveRoom = useLiveOf(card.creator.id, active);
  const { liked, saved, counts } = useEngagement(card);
  const followed = useFollowed(card.creator);

  const save = () => {
    actions.signal(saved ? "unsave" : "save");
    setSaved(card, !saved).catch(report);
  };
  const follow = () => {
    actions.signal("follow");
    setFollowed(card.creator, true)
      .then(() => showToast(t("feed.followed", { name: format.displayName(card.creator) })))
      .catch(report);
  };

  return (
    <div className="rail">
      <div className="rail-creator">
        {liveRoom === undefined ? (
          <Link to={`/creator/${card.creator.id}`} aria-label={format.displayName(card.creator)}>
            <Avatar url={card.creator.avatar_url} name={format.displayName(card.creator)} size={48} />
          </Link>
        ) : (
          <Link to={`/live/${liveRoom}`} className="live-ring" data-testid="live-ring" aria-label={t("live.teaser", { name: format.displayName(card.creator) })}>
            <Avatar url={card.creator.avatar_url} name={format.displayName(card.creator)} size={48} />
          </Link>
        )}
        {followed ? null : (
          <button type="button" className="rail-follow" onClick={follow} aria-label={t("feed.follow", { name: format.displayName(card.creator) })} data-testid="follow-button">
            <Icon name="plus" size={14} />
          </button>
        )}
      </div>
      <button type="button" className={`rail-button${liked ? " liked" : ""}`} aria-pressed={liked} aria-label={t("feed.like", { count: counts.likes })} onClick={actions.toggleLike} data-testid="like-button">
        <Icon name="heart" size={32} filled />
        <span data-testid="like-count">{format.compact(counts.likes)}</span>
      </button>
      <button type="button" className="rail-button" aria-label={t("feed.comments", { count: counts.comments })} onClick={actions.openComments} data-testid="comment-button">
        <Icon name="comment" size={31} filled />
        <span>{format.compact(counts.comments)}</span>
      </button>
      <button type="button" className={`rail-button${saved ? " saved" : ""}`} aria-pressed={saved} aria-label={t("feed.save", { count: counts.saves })} onClick={save} data-testid="save-button">
        <Icon name="bookmark" size={30} filled />
        <span>{format.compact(counts.saves)}</span>
      </button>
      <button type="button" className="rail-button" aria-label={t("feed.share", { count: counts.shares })} onClick={actions.share} data-testid="share-button">
        <Icon name="share" size={31} filled />
        <span>{format.compact(counts.shares)}</span>
      </button>
      <button type="button" className="rail-button rail-more" aria-label={t("feed.options")} onClick={actions.openOptions} data-testid="options-button">
        <Icon name="more" size={28} />
      </button>
    </div>
  );
}
