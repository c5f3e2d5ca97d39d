import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type WhyTag } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { type PlacedItem, useRemoveFromFeed } from "./useFeed";
import { useWhyText } from "./why";

/** Why this card came, in interest tags with their weight in words; each can be turned down. */
export function WhySheet({ item, onClose }: { item: PlacedItem; onClose: () => void }) {
  const { t } = useTranslation();
  const whyText = useWhyText();
  const { why } = item;
  return (
    <Sheet title={t("why.title")} onClose={onClose} testId="why-sheet">
      {why && why.tags.length > 0 ? (
        <>
          <p className="muted">{t("why.lead")}</p>
          <ul className="why-tags">
            {why.tags.map((tag) => (
              <WhyRow key={tag.tag_id} tag={tag} onDone={onClose} />
            ))}
          </ul>
        </>
      ) : (
        <p>{t("why.no_tags")}</p>
      )}
      <p className="why-channel">
        <Icon name="info" size={16} />
        {why ? whyText.byChannel(why.channel) : t("why.channel.direct")}
      </p>
      <Link className="button button-quiet button-wide" to="/me/interests">
        {t("why.manage")}
      </Link>
    </Sheet>
  );
}

function WhyRow({ tag, onDone }: { tag: WhyTag; onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const whyText = useWhyText();
  const report = useReport();
  const remove = useRemoveFromFeed();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (action: "less" | "block") =>
      unwrap(api.PUT("/api/v1/interest/tags/{tag_id}", { params: { path: { tag_id: tag.tag_id } }, body: { action } })),
    onSuccess: (_answer, action) => {
      void client.invalidateQueries({ queryKey: ["interests"] });
      if (action === "block") remove((other) => other.content.topic_tags.some((topic) => topic.id === tag.tag_id));
      showToast(action === "block" ? t("why.blocked", { tag: format.named(tag) }) : t("why.lessened", { tag: format.named(tag) }));
      onDone();
    },
    onError: report,
  });
  return (
    <li className="why-tag">
      <div className="why-tag-head">
        <b>{format.named(tag)}</b>
        <span className={`weight weight-${tag.words}`}>{whyText.words(tag)}</span>
      </div>
      <p>{whyText.byTag(tag)}</p>
      <div className="why-actions">
        <button type="button" className="button button-small button-quiet" disabled={change.isPending} onClick={() => change.mutate("less")} data-testid="why-less">
          {t("why.less")}
        </button>
        <button type="button" className="button button-small button-quiet" disabled={change.isPending} onClick={() => change.mutate("block")} data-testid="why-never">
          {t("why.never")}
        </button>
      </div>
    </li>
  );
}
