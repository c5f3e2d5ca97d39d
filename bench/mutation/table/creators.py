"""Guards of creators' reputation, of restrictions and of shared slot fees."""

from bench.mutation.guard import Guard

RESTRICTING = "xingqu/governance/services/restrictions.py"
STOPPED = "xingqu/alliance/tests/test_restrictions.py"
ON_AIR = "xingqu/live/tests/test_platform.py"
ROOMS = "xingqu/live/services/rooms.py"
FEES = "xingqu/collaboration/tests/test_fee_shares.py"
SCORED = "xingqu/experience/tests/test_reputation.py"

GUARDS = (
    Guard(
        "an appeal of what was appealed",
        RESTRICTING,
        "filter(pk=row.pk, state__in=sources)",
        "filter(pk=row.pk)",
        f"{STOPPED}::test_an_appeal_is_heard_once_and_can_void_it",
    ),
    Guard(
        "lifting a restriction that is over",
        RESTRICTING,
        "    moved = rows.filter(ended_at=None).update(",
        "    moved = rows.update(",
        f"{STOPPED}::test_an_appeal_is_answered_also_when_its_time_is_over",
    ),
    Guard(
        "two restrictions of a kind",
        RESTRICTING,
        "    if Restriction.objects.filter(creator_id=creator_id, kind=kind, ended_at=None).exists():\n",
        "    if False:\n",
        f"{STOPPED}::test_what_can_not_be_restricted",
    ),
    Guard(
        "a plan for who may not sell",
        "xingqu/alliance/services/plans.py",
        "    require_free(creator_id=creator_id, kind=RestrictionKind.SELLING)\n",
        "",
        f"{STOPPED}::test_who_may_not_sell_shows_and_earns_nothing",
    ),
    Guard(
        "commission for who may not sell",
        "xingqu/alliance/services/commission.py",
        "    if was_restricted(creator_id=creator_id, kind=Kind.SELLING, at=line.ordered_at):\n",
        "    if False:\n",
        f"{STOPPED}::test_who_may_not_sell_shows_and_earns_nothing",
    ),
    Guard(
        "on air for who may not go live",
        ROOMS,
        '    require_free(creator_id=room.creator_id, kind=Kind.LIVE)\n    hold_names(f"live_creator:',
        '    hold_names(f"live_creator:',
        f"{ON_AIR}::test_who_may_not_go_live_is_off_the_air",
    ),
    Guard(
        "a fact of before ends a room of who may again",
        "xingqu/live/services/platform.py",
        "    if not is_restricted(creator_id=creator_id, kind=Kind.LIVE):\n",
        "    if False:\n",
        f"{ON_AIR}::test_a_late_fact_ends_nothing",
    ),
    Guard(
        "a slot fee shared by today's contract",
        "xingqu/collaboration/selectors/fees.py",
        "at=row.agreed_at or clock.now())",
        "at=clock.now())",
        f"{FEES}::test_the_contract_of_the_agreement_shares_the_fee",
    ),
    Guard(
        "a breach that the shop made",
        "xingqu/experience/handlers.py",
        ' and fact.by_side == "creator"',
        "",
        f"{SCORED}::test_who_breaks_a_collaboration_off_answers_for_it",
    ),
    Guard(
        "a violation that was void",
        "xingqu/governance/selectors/restrictions.py",
        "    rows = rows.exclude(state=State.VOIDED).order_by",
        "    rows = rows.order_by",
        f"{SCORED}::test_a_violation_counts_until_it_is_void",
    ),
)
