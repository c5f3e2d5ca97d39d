import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Comment, type ContentCard, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { Link, useLocation } from "react-router";
import { Avatar } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { LoadMore } from "../kit/LoadMore";
import { Sheet } from "../kit/Sheet";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";
import { addComments, useEngagement } from "./engagement";

const MAX_LENGTH = 500;

export function CommentsSheet({ card, docked, onClose, onSent }: { card: ContentCard; docked: boolean; onClose: () => void; onSent: () => void }) {
  const { t } = useTranslation();
  const { counts } = useEngagement(card);
  const [replyTo, setReplyTo] = useState<Comment | null>(null);
  const list = useInfiniteQuery({
    queryKey: ["comments", card.id],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/contents/{content_id}/comments", { params: { path: { content_id: card.id }, query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const comments = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Sheet
      title={t("comments.title", { count: counts.comments })}
      height="tall"
      docked={docked}
      onClose={onClose}
      testId="comments-sheet"
      footer={<CommentForm card={card} replyTo={replyTo} onReplyTo={setReplyTo} onSent={onSent} />}
    >
      {list.isPending ? <SkeletonRows count={6} /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && comments.length === 0 ? <EmptyState icon="comment" title={t("comments.empty")} hint={t("comments.empty_hint")} /> : null}
      <ul className="comments">
        {comments.map((comment) => (
          <Thread key={comment.id} comment={comment} card={card} onReply={setReplyTo} />
        ))}
      </ul>
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </Sheet>
  );
}

/** A comment with its first answers; the rest is read when asked for. */
function Thread({ comment, card, onReply }: { comment: Comment; card: ContentCard; onReply: (comment: Comment) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const rest = useQuery({
    queryKey: ["comments", card.id, "thread", comment.id],
    queryFn: () =>
      unwrap(api.GET("/api/v1/contents/{content_id}/comments", { params: { path: { content_id: card.id }, query: { thread_id: comment.id, limit: 50 } } })),
    enabled: open,
  });
  const replies = rest.data?.items ?? comment.replies;
  const left = comment.reply_count - replies.length;
  return (
    <>
      <CommentRow comment={comment} card={card} onReply={() => onReply(comment)} />
      {replies.map((reply) => (
        <CommentRow key={reply.id} comment={reply} card={card} onReply={() => onReply(reply)} />
      ))}
      {left > 0 && !rest.data ? (
        <li className="comment-rest">
          <button type="button" className="text-button" onClick={() => setOpen(true)} disabled={rest.isFetching}>
            {t("comments.more_replies", { count: left })}
          </button>
        </li>
      ) : null}
    </>
  );
}

function CommentRow({ comment, card, onReply }: { comment: Comment; card: ContentCard; onReply: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const client = useQueryClient();
  const [liked, setLiked] = useState(comment.liked);
  const likes = comment.likes + Number(liked) - Number(comment.liked);
  const where = { params: { path: { comment_id: comment.id } } };
  const like = useMutation({
    mutationFn: (wanted: boolean) =>
      wanted ? unwrap(api.PUT("/api/v1/comments/{comment_id}/like", where)) : unwrap(api.DELETE("/api/v1/comments/{comment_id}/like", where)),
    onMutate: setLiked,
    onError: (error, wanted) => {
      setLiked(!wanted);
      report(error);
    },
  });
  const remove = useMutation({
    mutationFn: async () => {
      await unwrap(api.DELETE("/api/v1/comments/{comment_id}", where));
    },
    onSuccess: () => {
      addComments(card, -1);
      showToast(t("comments.deleted"));
      return client.invalidateQueries({ queryKey: ["comments", card.id] });
    },
    onError: report,
  });
  return (
    <li className={`comment${comment.reply_to_id ? " comment-reply" : ""}`}>
      <Avatar url={comment.author_avatar_url} name={comment.author_name} size={comment.reply_to_id ? 26 : 34} />
      <div className="comment-main">
        <span className="comment-author">
          {comment.author_name}
          {comment.pinned ? <i className="mark">{t("comments.pinned")}</i> : null}
          {comment.by_creator ? <i className="mark">{t("comments.by_creator")}</i> : null}
          {comment.reply_to_name ? ` › ${comment.reply_to_name}` : null}
        </span>
        <p>{comment.deleted ? <span className="muted">{t("comments.was_deleted")}</span> : comment.text}</p>
        <div className="comment-meta">
          <time dateTime={comment.created_at}>{format.relative(comment.created_at)}</time>
          <button type="button" onClick={onReply}>
            {t("comments.reply")}
          </button>
          {comment.mine ? (
            <button type="button" onClick={() => remove.mutate()} disabled={remove.isPending}>
              {t("common:actions.delete")}
            </button>
          ) : null}
        </div>
      </div>
      <button type="button" className={`comment-like${liked ? " liked" : ""}`} aria-pressed={liked} aria-label={t("comments.like", { count: likes })} onClick={() => like.mutate(!liked)}>
        <Icon name="heart" size={18} filled={liked} />
        <span>{likes > 0 ? format.compact(likes) : ""}</span>
      </button>
    </li>
  );
}

function CommentForm({ card, replyTo, onReplyTo, onSent }: { card: ContentCard; replyTo: Comment | null; onReplyTo: (comment: Comment | null) => void; onSent: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const location = useLocation();
  const client = useQueryClient();
  const report = useReport();
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/contents/{content_id}/comments", {
          params: { path: { content_id: card.id } },
          body: { text: text.trim(), ...(replyTo ? { reply_to_id: replyTo.id } : {}) },
        }),
      ),
    onSuccess: () => {
      setText("");
      onReplyTo(null);
      addComments(card, 1);
      onSent();
      return client.invalidateQueries({ queryKey: ["comments", card.id] });
    },
    onError: report,
  });
  if (session.data && !session.data.person) {
    return (
      <Link className="comment-sign-in" to={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`}>
        {t("comments.sign_in")}
      </Link>
    );
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !send.isPending) send.mutate();
  };
  return (
    <form className="comment-form" onSubmit={onSubmit}>
      {replyTo ? (
        <div className="comment-replying">
          {t("comments.replying", { name: replyTo.author_name })}
          <button type="button" className="icon-button" onClick={() => onReplyTo(null)} aria-label={t("common:actions.cancel")}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ) : null}
      <input value={text} onChange={(event) => setText(event.target.value)} maxLength={MAX_LENGTH} placeholder={t("comments.write")} aria-label={t("comments.write")} data-testid="comment-input" />
      <button type="submit" className="button button-small" disabled={!text.trim() || send.isPending} data-testid="comment-send">
        {t("common:actions.send")}
      </button>
    </form>
  );
}
