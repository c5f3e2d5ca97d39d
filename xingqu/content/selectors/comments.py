"""Comments of a content, as one viewer sees them."""

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from xingqu.accounts.contracts import Actor
from xingqu.accounts.selectors import creators_by_ids, person_labels
from xingqu.content.contracts import CommentRow
from xingqu.content.models import Comment, CommentLike, Content
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import InvalidInput, NotFound

REPLIES_SHOWN = 2


def comments_of_content(
    *, content_id: int, viewer: Actor, sort: str, thread_id: int | None, cursor: str | None, limit: int
) -> tuple[list[CommentRow], str | None]:
    """A page of the top comments (`sort` hot or new), each with its first replies; or of one thread's replies, oldest first.

    Raises NotFound unless the content is published.
    """
    if not Content.objects.filter(pk=content_id, state=Content.State.PUBLISHED).exists():
        raise NotFound
    rows = Comment.objects.filter(content_id=content_id, thread_id=thread_id).filter(_seen_by(viewer))
    if thread_id is not None:
        rows = rows.filter(Q(thread__hidden="") | Q(thread__person_id=viewer.person_id))
    if thread_id is None:
        rows = rows.filter(Q(deleted_at__isnull=True) | Q(reply_count__gt=0)).filter(pinned_at__isnull=True)
        if sort == "hot":
            position = decode_cursor(cursor, int, int)
            if position:
                rows = rows.filter(Q(like_count__lt=position[0]) | Q(like_count=position[0], pk__lt=position[1]))
            found = list(rows.order_by("-like_count", "-id")[: limit + 1])
            more = encode_cursor(found[limit - 1].like_count, found[limit - 1].pk) if len(found) > limit else None
        elif sort == "new":
            position = decode_cursor(cursor, int)
            rows = rows.filter(pk__lt=position[0]) if position else rows
            found = list(rows.order_by("-id")[: limit + 1])
            more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
        else:
            raise InvalidInput(field="sort", expected="hot or new")
        shown = found[:limit]
        if position is None:
            pinned = list(Comment.objects.filter(content_id=content_id, pinned_at__isnull=False).order_by("-pinned_at"))
            shown = pinned + shown
        return _rows(shown, viewer, replies=_first_replies(shown, viewer)), more
    position = decode_cursor(cursor, int)
    rows = rows.filter(deleted_at__isnull=True)
    rows = rows.filter(pk__gt=position[0]) if position else rows
    found = list(rows.order_by("id")[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    return _rows(found[:limit], viewer, replies={}), more


def comment_row(*, comment_id: int, viewer: Actor) -> CommentRow:
    """One comment. Raises NotFound."""
    row = Comment.objects.filter(pk=comment_id).first()
    if row is None:
        raise NotFound
    return _rows([row], viewer, replies={})[0]


def _seen_by(viewer: Actor) -> Q:
    """What a creator hid is seen by who wrote it."""
    return Q(hidden="") | Q(person_id=viewer.person_id) if viewer.person_id is not None else Q(hidden="")


def _first_replies(tops: list[Comment], viewer: Actor) -> dict[int, list[Comment]]:
    with_replies = [top.pk for top in tops if top.reply_count]
    found: dict[int, list[Comment]] = {pk: [] for pk in with_replies}
    if with_replies:
        place = Window(RowNumber(), partition_by=F("thread_id"), order_by="id")
        rows = Comment.objects.filter(_seen_by(viewer), thread_id__in=with_replies, deleted_at__isnull=True)
        rows = rows.annotate(place=place)
        for row in rows.filter(place__lte=REPLIES_SHOWN).order_by("id"):
            found[row.thread_id or 0].append(row)
    return found


def _rows(tops: list[Comment], viewer: Actor, *, replies: dict[int, list[Comment]]) -> list[CommentRow]:
    everything = tops + [reply for group in replies.values() for reply in group]
    if not everything:
        return []
    answered_ids = {row.reply_to_id for row in everything if row.reply_to_id is not None}
    answered = dict(Comment.objects.filter(pk__in=answered_ids).values_list("id", "person_id"))
    labels = person_labels(ids={row.person_id for row in everything} | set(answered.values()))
    liked = set(
        CommentLike.objects.filter(actor_key=viewer.key, comment_id__in=[row.pk for row in everything]).values_list(
            "comment_id", flat=True
        )
    )
    author_id, creator_id = Content.objects.values_list("author_id", "creator_id").get(pk=everything[0].content_id)
    account = creators_by_ids(ids=[creator_id])[creator_id] if any(row.as_creator for row in everything) else None

    def to_row(row: Comment) -> CommentRow:
        name, avatar = labels.get(row.person_id, ("", ""))
        if row.as_creator and account is not None:
            name, avatar = account.display_name, account.avatar_url
        deleted = row.deleted_at is not None
        answered_person = answered.get(row.reply_to_id) if row.reply_to_id is not None else None
        return CommentRow(
            id=row.pk,
            content_id=row.content_id,
            author_id=row.person_id,
            author_name="" if deleted else name,
            author_avatar_url="" if deleted else avatar,
            by_creator=row.as_creator or row.person_id == author_id,
            text="" if deleted else row.text,
            deleted=deleted,
            reply_to_id=row.reply_to_id,
            reply_to_name=labels[answered_person][0] if answered_person in labels else None,
            likes=row.like_count,
            liked=row.pk in liked,
            mine=row.person_id == viewer.person_id,
            reply_count=row.reply_count,
            replies=tuple(to_row(reply) for reply in replies.get(row.pk, ())),
            pinned=row.pinned_at is not None,
            created_at=row.created_at,
        )

    return [to_row(row) for row in tops]
