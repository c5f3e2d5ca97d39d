"""Guards of the queue before a flash sale."""

from bench.mutation.guard import Guard

QUEUE = "xingqu/programmes/services/admission.py"
TESTS = "xingqu/programmes/tests/test_admission.py"
RUSH = "xingqu/programmes/tests/test_admission_side_by_side.py"

GUARDS = (
    Guard(
        "ordering without being let in",
        QUEUE,
        "if fetch_one(_ADMITTED, [sale_id, person_id, at]) is None:",
        "if False:",
        f"{TESTS}::TestQueue::test_from_the_queue_to_an_order",
    ),
    Guard(
        "ordering when one's time to order is over",
        QUEUE,
        '    " AND expires_at > %s"',
        '    " AND (expires_at > %s OR 1 = 1)"',
        f"{TESTS}::TestQueue::test_a_ticket_that_ran_out_orders_nothing_and_stands_at_the_end",
    ),
    Guard(
        "a better place by coming again",
        QUEUE,
        "if known is not None and (known.expires_at is None or known.expires_at > now):",
        "if False:",
        f"{TESTS}::TestQueue::test_a_place_is_its_persons",
    ),
    Guard(
        "a moment given out by two processes",
        QUEUE,
        "filter(pk=gate.pk, released_until=gate.released_until)",
        "filter(pk=gate.pk)",
        f"{TESTS}::TestQueue::test_two_processes_give_a_moment_out_once",
    ),
    Guard(
        "more at once than are saved up",
        "xingqu/programmes/domain/admission.py",
        "BURST = timedelta(seconds=2)",
        "BURST = timedelta(days=2)",
        f"{TESTS}::TestQueue::test_so_many_a_second_in_the_order_of_their_places",
    ),
    Guard(
        "a place before the sale or after it",
        QUEUE,
        'if not (sale.starts_at <= now < sale.ends_at and sale.state == "running"):',
        "if False:",
        f"{TESTS}::TestQueue::test_before_and_after_the_sale_it_is_closed",
    ),
    Guard(
        "more places of a device",
        QUEUE,
        ".count() >= policy.per_device:",
        ".count() < 0:",
        f"{TESTS}::TestSuspicion::test_one_place_a_device",
    ),
    Guard(
        "more places of a network",
        QUEUE,
        "if network.count() >= policy.per_network:",
        "if False:",
        f"{TESTS}::TestSuspicion::test_a_network_has_so_many_places_by_the_policy_of_the_day",
    ),
    Guard(
        "another's proof of work",
        QUEUE,
        "fits = (sale, person_id) == (sale_id, arrival.person_id)",
        "fits = True",
        f"{TESTS}::TestSuspicion::test_a_crowd_of_a_network_works_for_its_places",
    ),
    Guard(
        "more places of a network at the same moment",
        QUEUE,
        '    hold_names(f"admission:{sale_id}:n:{arrival.network}")\n',
        "",
        f"{RUSH}::test_the_last_place_of_a_network_is_one_person_s",
        database="postgresql",
    ),
)
