"""Guards of after-sale."""

from bench.mutation.guard import Guard

MOVING = "xingqu/aftersale/services/moving.py"
OPENING = "xingqu/aftersale/services/opening.py"
ASSESSING = "xingqu/aftersale/selectors/assessing.py"
TIMERS = "xingqu/aftersale/services/timers.py"
TESTS = "xingqu/aftersale/tests/test_guards.py"
ACCESS = "xingqu/aftersale/tests/test_access.py"

GUARDS = (
    Guard(
        "a step at a version that is not the case's",
        MOVING,
        "    if version is not None and case.version != version:\n",
        "    if False:\n",
        f"{TESTS}::test_a_stale_version_is_told_the_new_state",
    ),
    Guard(
        "a step out of turn",
        MOVING,
        "    if not allowed:\n",
        "    if False:\n",
        f"{TESTS}::test_steps_out_of_turn_change_nothing",
    ),
    Guard(
        "another's case",
        MOVING,
        "Case.objects.filter(case_no=case_no, **scope).first()",
        "Case.objects.filter(case_no=case_no).first()",
        f"{ACCESS}::test_strangers_find_nothing",
    ),
    Guard(
        "a return to nowhere",
        MOVING,
        '        if changes["return_address"] is None:\n',
        "        if False:\n",
        f"{TESTS}::test_a_return_needs_an_address",
    ),
    Guard(
        "words in a case that is over",
        MOVING,
        "    if State(case.state) in FINAL:\n",
        "    if False:\n",
        f"{TESTS}::test_nothing_is_said_in_a_case_that_is_over",
    ),
    Guard(
        "units in two open cases",
        ASSESSING,
        "- held.get(line.line_id, Held()).units",
        "- 0",
        f"{TESTS}::test_units_are_in_one_open_case_only",
    ),
    Guard(
        "units that went back already",
        ASSESSING,
        "free = line.quantity - line.refunded_quantity - line.pending_quantity",
        "free = line.quantity",
        f"{TESTS}::test_units_that_went_back_are_gone",
    ),
    Guard(
        "another order's lines",
        ASSESSING,
        "    if any(part.line_id not in lines for part in wanted):\n",
        "    if False:\n",
        f"{TESTS}::test_lines_are_of_the_order_and_each_once",
    ),
    Guard(
        "a line twice in one case",
        ASSESSING,
        "    if not wanted or len({part.line_id for part in wanted}) != len(wanted):\n",
        "    if not wanted:\n",
        f"{TESTS}::test_lines_are_of_the_order_and_each_once",
    ),
    Guard(
        "a kind out of its time",
        ASSESSING,
        "    if why is not None:\n",
        "    if False:\n",
        f"{TESTS}::test_kinds_are_for_their_time",
    ),
    Guard(
        "less than all for what was not sent",
        "xingqu/aftersale/services/opening.py",
        "assessment.kind in COMPUTED or ",
        "",
        "xingqu/aftersale/tests/test_walks.py::test_pre_ship_gives_all_of_it_back_whatever_amount_was_asked_for",
    ),
    Guard(
        "an order that waits to be shipped with nothing to ship",
        "xingqu/aftersale/services/endings.py",
        "    if _nothing_stays(case, lines, units):\n",
        "    if False:\n",
        "xingqu/aftersale/tests/test_walks.py::test_pre_ship_unit_by_unit_ends_with_the_freight",
    ),
    Guard(
        "a case that waits for news of a refund that there is none of",
        "xingqu/aftersale/services/timers.py",
        'filter(state=State.REFUNDING, refund_no="").order_by("id")',
        "none()",
        "xingqu/aftersale/tests/test_walks.py::test_an_exchange_of_units_whose_money_is_back_already_comes_to_an_end",
    ),
    Guard(
        "asking for more than was paid",
        OPENING,
        "    if wanted_minor > most:\n",
        "    if False:\n",
        f"{TESTS}::test_no_more_goes_back_than_was_paid",
    ),
    Guard(
        "asking for nothing",
        OPENING,
        "    if wanted_minor < 1:\n",
        "    if False:\n",
        f"{TESTS}::test_no_more_goes_back_than_was_paid",
    ),
    Guard(
        "a reason of another kind",
        OPENING,
        "    if reason is None:\n",
        "    if False:\n",
        f"{TESTS}::test_reasons_are_of_the_kind_and_some_need_a_picture",
    ),
    Guard(
        "a reason without its picture",
        OPENING,
        "    if reason.needs_picture and not picture_ids:\n",
        "    if False:\n",
        f"{TESTS}::test_reasons_are_of_the_kind_and_some_need_a_picture",
    ),
    Guard(
        "one request, two cases",
        OPENING,
        "    if earlier is not None:\n",
        "    if False:\n",
        f"{TESTS}::test_the_same_request_is_one_case",
    ),
    Guard(
        "settling what a case is about",
        OPENING,
        "    hold_settlement(order_no=case.order_no)\n",
        "",
        f"{TESTS}::test_an_open_case_holds_the_settlement",
    ),
    Guard(
        "time that runs out before its time",
        TIMERS,
        "    if step is None or case.due_at is None or case.due_at > at:\n",
        "    if step is None:\n",
        f"{TESTS}::test_a_time_out_looks_at_the_time_again",
    ),
    Guard(
        "another's pictures of evidence",
        "xingqu/aftersale/selectors/pictures.py",
        "if row.buyer_key == actor.key and (row.side == Side.BUYER or row.event_id is not None):",
        "if row.side == Side.BUYER or row.event_id is not None:",
        f"{TESTS}::test_evidence_is_for_the_two_sides_and_the_platform",
    ),
    Guard(
        "pictures of another order as evidence",
        "xingqu/aftersale/services/evidence.py",
        "    if waiting.count() != len(picture_ids):\n",
        "    if False:\n",
        f"{TESTS}::test_evidence_is_of_the_side_and_the_order",
    ),
    Guard(
        "the buyer and the merchant at once",
        MOVING,
        '    hold_names(f"aftersale:{order_no}")\n',
        "    return\n",
        "xingqu/aftersale/tests/test_side_by_side.py::test_the_same_units_asked_for_twice_at_once",
        "postgresql",
    ),
)
