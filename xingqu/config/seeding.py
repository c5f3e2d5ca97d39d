"""What the demo starts with. Each step is idempotent, so an interrupted seed goes on where it stopped."""

from collections.abc import Callable

from xingqu.accounts import selectors, services
from xingqu.accounts.api import DEMO_EMAILS

Say = Callable[[str], object]
DEMO_NAMES = {"consumer": "体验用户", "merchant": "体验商家", "operator": "平台运营"}


def seed_people(*, say: Say) -> dict[str, int]:
    """The demo's three people, one a role. They have no password: the demo's role switch is the way in."""
    ids = {}
    for role, email in DEMO_EMAILS.items():
        person_id = selectors.person_id_by_email(email=email)
        ids[role] = person_id or services.create_person(
            email=email, password=None, display_name=DEMO_NAMES[role], is_operator=role == "operator"
        )
    say(f"People: {len(ids)}")
    return ids
