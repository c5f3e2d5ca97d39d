"""Guards of what is handed on: pools by agencies and links, creators' showcases, planned rooms."""

from bench.mutation.guard import Guard

GIVING = "xingqu/matching/services/giving.py"
POOLS = "xingqu/matching/selectors/pools.py"
BOOKING = "xingqu/live/services/booking.py"
SHOWCASE = "xingqu/alliance/selectors/showcase.py"
CLOCK = "xingqu/kit/clock.py"
GIVEN = "xingqu/matching/tests/test_giving.py"
BOOKED = "xingqu/live/tests/test_booking.py"
VISITORS = "xingqu/alliance/tests/test_visitors.py"

GUARDS = (
    Guard(
        "an agency that gives a pool it does not see",
        GIVING,
        "    if not seen.exists():\n",
        "    if False:\n",
        f"{GIVEN}::test_a_pool_that_the_agency_does_not_see_is_not_there",
    ),
    Guard(
        "a pool for a creator whom the agency has not signed",
        GIVING,
        "    if wanted - signed_creators(agency_id=agency_id, at=clock.now()):\n",
        "    if False:\n",
        f"{GIVEN}::test_an_agency_gives_a_pool_to_its_creators",
    ),
    Guard(
        "a pool that outlives the share it came by",
        POOLS,
        "agency_id=agency_id, pool__in=seen, pool__closed_at=None",
        "agency_id=agency_id, pool__closed_at=None",
        f"{GIVEN}::test_a_gift_ends_with_the_share_and_with_the_contract",
    ),
    Guard(
        "a link that was switched off and still opens",
        GIVING,
        "    ProductPool.objects.filter(pk=pool_id).update(link_key=key, updated_at=clock.now())\n",
        "    ProductPool.objects.filter(pk=pool_id).update(link_key=key or pool.link_key, updated_at=clock.now())\n",
        f"{GIVEN}::test_a_pool_by_link",
    ),
    Guard(
        "a reminder of a room that has begun",
        BOOKING,
        '    if room.state != "scheduled":\n',
        "    if False:\n",
        f"{BOOKED}::test_only_a_planned_room_can_be_booked",
    ),
    Guard(
        "being told twice that a room began",
        BOOKING,
        '    if what == "moved":\n        people',
        "    if True:\n        people",
        f"{BOOKED}::test_who_booked_is_told_once_when_it_begins",
    ),
    Guard(
        "a hidden product in a showcase",
        SHOWCASE,
        "        rows = rows.filter(is_hidden=False)\n",
        "        rows = rows.all()\n",
        f"{VISITORS}::test_what_cannot_be_bought_or_is_hidden_is_not_shown",
    ),
    Guard(
        "a showcase of what cannot be bought",
        SHOWCASE,
        "            if product is None or not product.sale_state.can_buy or not _has(product, words):\n",
        "            if product is None or not _has(product, words):\n",
        f"{VISITORS}::test_what_cannot_be_bought_or_is_hidden_is_not_shown",
    ),
    Guard(
        "a window that ends half a millisecond early",
        CLOCK,
        "    return (moment - _EPOCH) // _MS\n",
        "    return round(moment.timestamp() * 1000)\n",
        "xingqu/kit/tests/test_clock.py::test_milliseconds_that_have_passed",
    ),
)
