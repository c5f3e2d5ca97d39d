import type { ContentCard } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Picture } from "../kit/basics";
import { Icon } from "../kit/Icon";
import "../shelf/shelf.css";
import { useEngagement } from "./engagement";

export function ContentGrid({ contents, layout = "grid" }: { contents: ContentCard[]; layout?: "grid" | "row" }) {
  return (
    <ul className={`content-${layout}`}>
      {contents.map((content) => (
        <li key={content.id}>
          <ContentTile content={content} />
        </li>
      ))}
    </ul>
  );
}

function ContentTile({ content }: { content: ContentCard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts } = useEngagement(content);
  return (
    <Link className="content-tile" to={`/content/${content.id}`} data-testid="content-tile">
      <Picture url={content.poster_url} alt="" />
      {content.kind === "picture" ? (
        <span className="content-kind" title={t("feed.picture_post")}>
          <Icon name="pictures" size={16} />
        </span>
      ) : null}
      <span className="content-foot">
        <b>{content.title}</b>
        <span className="content-counts">
          <span title={t("feed.views", { count: counts.views })}>
            <Icon name="play" size={13} filled /> {format.compact(counts.views)}
          </span>
          <span title={t("feed.likes", { count: counts.likes })}>
            <Icon name="heart" size={13} filled /> {format.compact(counts.likes)}
          </span>
        </span>
      </span>
    </Link>
  );
}
