"""Guards of samples, collaborations and the money between two sides."""

from bench.mutation.guard import Guard

CUSTODY = "xingqu/settlement/services/custody.py"
MOVES = "xingqu/collaboration/services/sample_moves.py"
ASKING = "xingqu/collaboration/services/samples.py"
DESK = "xingqu/collaboration/services/sample_desk.py"
ABUSE = "xingqu/collaboration/services/abuse.py"
TALKING = "xingqu/collaboration/services/negotiating.py"
RUNNING = "xingqu/collaboration/services/running.py"
ENDING = "xingqu/collaboration/services/ending.py"
SAMPLES = "xingqu/collaboration/tests/test_samples.py"
MONEY = "xingqu/collaboration/tests/test_sample_money.py"
DISPUTES = "xingqu/collaboration/tests/test_disputes.py"
TABLE = "xingqu/collaboration/tests/test_collaborations.py"
KEPT = "xingqu/settlement/tests/test_custody.py"

GUARDS = (
    Guard(
        "money taken into custody twice by one key",
        CUSTODY,
        "    if CustodyMove.objects.filter(reference=reference, key=key).exists():\n        return False\n",
        "",
        f"{KEPT}::test_what_came_in_is_given_out_once",
    ),
    Guard(
        "custody out of a balance that can't bear it",
        CUSTODY,
        "            must_bear=[account],\n",
        "",
        f"{KEPT}::test_a_balance_that_can_not_bear_it",
    ),
    Guard(
        "a sample's step of another side",
        MOVES,
        "    if move.side is not doing.side or source not in move.sources:\n",
        "    if False:\n",
        f"{SAMPLES}::test_each_side_takes_its_own_steps_in_turn",
    ),
    Guard(
        "a sample's step at a version of before",
        MOVES,
        "    if version is not None and row.version != version:\n",
        "    if False:\n",
        f"{SAMPLES}::test_each_side_takes_its_own_steps_in_turn",
    ),
    Guard(
        "a second sample for one creator",
        ASKING,
        "    if mine.exists():\n",
        "    if False:\n",
        f"{SAMPLES}::test_one_for_each_creator",
    ),
    Guard(
        "a sample for a creator without the figures",
        ASKING,
        "    if lacking:\n",
        "    if False:\n",
        f"{SAMPLES}::test_offers_ask_for_figures",
    ),
    Guard(
        "another's work as a proof",
        ASKING,
        "        if ids is None or found is None:\n",
        "        if ids is None:\n",
        f"{SAMPLES}::test_a_link_into_this_site_is_checked",
    ),
    Guard(
        "a late payment for a sample that is kept",
        ASKING,
        '        give_from_custody(reference=sample_no, key=f"late:{move_no}", shares={payee: amount_minor}, is_own=True)\n',
        "        pass\n",
        f"{MONEY}::test_a_deposit_through_a_provider_and_one_too_late",
    ),
    Guard(
        "more samples to an address than the rules allow",
        ABUSE,
        "    if accounts >= rules.address_refuse:\n",
        "    if False:\n",
        f"{MONEY}::test_one_place_under_many_names",
    ),
    Guard(
        "a flagged address approved in bulk",
        DESK,
        "    if row.flag and not despite_flag and row.state == SampleState.APPLIED:\n",
        "    if False:\n",
        f"{MONEY}::test_one_place_under_many_names",
    ),
    Guard(
        "an extension longer than the rules allow",
        ASKING,
        "    if not 1 <= days <= most:\n",
        "    if False:\n",
        f"{SAMPLES}::test_more_days_by_agreement",
    ),
    Guard(
        "accepting terms that have moved",
        TALKING,
        "    if terms_version != row.terms_version:\n",
        "    if False:\n",
        f"{TABLE}::test_both_say_yes_to_the_same_version",
    ),
    Guard(
        "two conversations of the same two",
        TALKING,
        "    if known is not None:\n",
        "    if False:\n",
        f"{TABLE}::test_one_conversation_at_a_time",
    ),
    Guard(
        "a slot fee paid twice that is kept",
        RUNNING,
        '"paid_minor": F("paid_minor") + amount_minor,',
        '"paid_minor": F("paid_minor") + 0,',
        f"{TABLE}::test_a_fee_through_a_provider_and_one_too_late",
    ),
    Guard(
        "breaking off with other money than was shown",
        ENDING,
        '    if found["creator_minor"] != creator_minor:\n',
        "    if False:\n",
        f"{TABLE}::test_breaking_off",
    ),
    Guard(
        "a verdict over more than is in custody",
        ENDING,
        "    if not 0 <= creator_minor <= held:\n",
        "    if False:\n",
        f"{TABLE}::test_a_dispute_from_opening_to_the_verdict",
    ),
    Guard(
        "a dispute ended by the clock",
        RUNNING,
        "row.due_at > at or row.state == State.DISPUTED:",
        "row.due_at > at:",
        f"{DISPUTES}::test_no_clock_ends_a_dispute_and_none_waits_behind_it",
    ),
    Guard(
        "disputes that keep the clock from everything else",
        RUNNING,
        "    due = Collaboration.objects.filter(closed_at=None, due_at__lte=at).exclude(state=State.DISPUTED)\n",
        "    due = Collaboration.objects.filter(closed_at=None, due_at__lte=at)\n",
        f"{DISPUTES}::test_no_clock_ends_a_dispute_and_none_waits_behind_it",
    ),
)
