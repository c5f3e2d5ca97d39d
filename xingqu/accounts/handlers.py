"""Reactions to facts."""

from xingqu.accounts.services.membership import mail_invitation
from xingqu.events.accounts import MemberInvited


def send_invitation(fact: MemberInvited) -> None:
    """Somebody was invited by e-mail."""
    mail_invitation(invitation_id=fact.invitation_id, version=fact.version)
