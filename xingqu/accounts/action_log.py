"""The audit log as the members of an organisation read it."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from xingqu.accounts.action_words import words_of
from xingqu.accounts.models import ActionEntry


def actions_of(
    *,
    organisation_id: int,
    person_id: int | None,
    action: str,
    since: datetime | None,
    until: datetime | None,
    before_id: int | None,
    limit: int,
    area: str = "",
) -> list[dict[str, Any]]:
    """What members of an organisation did, newest first; `action` finds a part of the kind or of what it was done to.

    `area` is a page of the workbench. An operator of the platform is not named.
    """
    rows = ActionEntry.objects.filter(organisation_id=organisation_id).select_related("person")
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if action:
        rows = rows.filter(Q(action__icontains=action) | Q(subject__icontains=action))
    if area:
        rows = rows.filter(area=area)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [
        {
            "id": row.pk,
            "person_id": None if row.by_platform else row.person_id,
            "person_name": str(row.person) if row.person is not None and not row.by_platform else "",
            "by_platform": row.by_platform,
            "session": row.session,
            "action": row.action,
            "words": words_of(row.action)[0],
            "words_en": words_of(row.action)[1],
            "area": row.area,
            "changes": [
                {"field": name, "before": pair[0], "after": pair[1]} for name, pair in sorted(row.changes.items())
            ],
            "subject": row.subject,
            "at": row.at,
        }
        for row in rows.order_by("-id")[:limit]
    ]
