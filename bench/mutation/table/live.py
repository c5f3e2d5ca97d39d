"""Guards of live rooms: streams, who may do what, chat, selling, what reaches viewers."""

from bench.mutation.guard import Guard

STREAMS = "xingqu/live/services/streams.py"
ROOMS = "xingqu/live/services/rooms.py"
SHOWING = "xingqu/live/services/showing.py"
CHATTING = "xingqu/live/services/chatting.py"
LUCKY = "xingqu/live/services/lucky.py"
DROPPING = "xingqu/live/services/dropping.py"
SELLING = "xingqu/live/services/selling.py"
SHOWN = "xingqu/live/selectors/rooms.py"
TAIL = "xingqu/config/edge/tail.py"
MEMORY = "xingqu/config/edge/memory.py"
LISTENERS = "xingqu/config/edge/listeners.py"
PRICES = "xingqu/trade/tests/test_room_prices.py"
EDGE = "xingqu/config/tests/test_live_rooms.py"
TESTS = "xingqu/live/tests"

GUARDS = (
    Guard(
        "a stream with a wrong key",
        STREAMS,
        "    if room is None or not is_secret(secret, play_name=name, key_version=room.key_version):\n",
        "    if room is None:\n",
        f"{TESTS}/test_streams.py::test_a_wrong_key_opens_nothing",
    ),
    Guard(
        "two hosts on one key",
        STREAMS,
        "        if running.seen_at > silent_before():\n",
        "        if False:\n",
        f"{TESTS}/test_streams.py::test_two_hosts_the_second_is_refused_until_the_first_is_silent",
    ),
    Guard(
        "a stream that goes on with a key that was changed",
        STREAMS,
        'token=token, ended_at__isnull=True, end_reason="", room__state__in=PUSHABLE',
        "token=token, ended_at__isnull=True, room__state__in=PUSHABLE",
        f"{TESTS}/test_streams.py::test_a_new_key_cuts_the_stream_that_runs",
    ),
    Guard(
        "a codec that viewers cannot play",
        "xingqu/live/ingest/publishing.py",
        "            self._check_codec(kind, body)\n",
        "",
        f"{TESTS}/test_ingest.py::test_a_codec_that_viewers_cannot_play_ends_the_stream",
    ),
    Guard(
        "another shop at the desk",
        ROOMS,
        "    room = LiveRoom.objects.select_for_update().filter(pk=room_id, shop_id=shop_id).first()\n",
        "    room = LiveRoom.objects.select_for_update().filter(pk=room_id).first()\n",
        f"{TESTS}/test_rooms.py::test_another_shops_room_is_not_there",
    ),
    Guard(
        "a second room of an account on air",
        ROOMS,
        "    if other is not None:\n",
        "    if False:\n",
        f"{TESTS}/test_rooms.py::test_one_open_room_an_account",
    ),
    Guard(
        "a start without a picture",
        ROOMS,
        '    _require_stream(room_id)\n    move_room(room_id=room_id, action="start"',
        '    move_room(room_id=room_id, action="start"',
        f"{TESTS}/test_rooms.py::test_no_show_without_a_picture",
    ),
    Guard(
        "explaining what cannot be bought",
        SHOWING,
        "    if card is None or not card.sale_state.can_buy:\n",
        "    if card is None:\n",
        f"{TESTS}/test_showing.py::test_only_what_can_be_bought_is_explained",
    ),
    Guard(
        "a sold-out product that stays on the screen",
        SHOWING,
        "if pk in known and known[pk].sale_state.can_buy}",
        "if pk in known}",
        f"{TESTS}/test_showing.py::test_what_sells_out_or_is_banned_on_air_leaves_the_screen",
    ),
    Guard(
        "a muted viewer who speaks",
        CHATTING,
        "    if mute is not None and (mute.until is None or mute.until > now):\n",
        "    if False and mute is not None:\n",
        f"{TESTS}/test_chatting.py::test_a_muted_viewer_is_silent_and_unseen",
    ),
    Guard(
        "chat faster than slow mode",
        CHATTING,
        "    if times and room.slow_mode_s and (now - times[-1]).total_seconds() < room.slow_mode_s:\n",
        "    if False:\n",
        f"{TESTS}/test_chatting.py::test_slow_mode_and_the_limit_a_minute",
    ),
    Guard(
        "words that the house or the host forbids",
        CHATTING,
        "    _check_words(text, room.block_words)\n",
        "",
        f"{TESTS}/test_chatting.py::test_words_that_are_not_said_here",
    ),
    Guard(
        "two lines at one moment past the limit",
        CHATTING,
        "        times.append(now)\n",
        "",
        f"{TESTS}/test_chatting.py::test_lines_of_one_moment_keep_the_rules_each_for_itself",
    ),
    Guard(
        "a price by who is not the goods' merchant",
        SELLING,
        "    if room is None or item is None or card is None or card.shop_id != shop_id:\n",
        "    if room is None or item is None or card is None:\n",
        f"{TESTS}/test_selling.py::test_only_the_goods_merchant_sets_a_price",
    ),
    Guard(
        "a room's price after its end",
        ROOMS,
        '                turn_room_sales(live_room_id=room_id, state="ended", kinds=("flash_sale", "room_price"))\n',
        "",
        f"{TESTS}/test_selling.py::test_a_rooms_price_begins_and_ends_with_it",
    ),
    Guard(
        "the file of a cover that was refused",
        "xingqu/live/services/covers.py",
        "        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)\n",
        "",
        f"{TESTS}/test_covers.py::test_a_room_that_ends_meanwhile_keeps_nothing",
    ),
    Guard(
        "the file of a cover that was replaced",
        ROOMS,
        "        transaction.on_commit(lambda: path.unlink(missing_ok=True))\n",
        "        path.exists()\n",
        f"{TESTS}/test_covers.py::test_a_cover_is_shown_replaced_and_taken_away",
    ),
    Guard(
        "a room's prices told to another merchant",
        "xingqu/programmes/selectors/rooms.py",
        "FlashSaleItem.objects.filter(sale__shop_id=shop_id, sale__live_room_id__isnull=False)",
        "FlashSaleItem.objects.filter(sale__live_room_id__isnull=False)",
        f"{TESTS}/test_pricing.py::test_prices_are_the_shops_own_and_come_in_pages",
    ),
    Guard(
        "another merchant's goods among those to price",
        "xingqu/live/selectors/pricing.py",
        "    items = list(LiveItem.objects.filter(shop_id=shop_id, room__in=found)",
        "    items = list(LiveItem.objects.filter(room__in=found)",
        f"{TESTS}/test_pricing.py::test_a_merchant_prices_its_goods_in_a_creators_room",
    ),
    Guard(
        "a room's price kept aside for longer than a season",
        SELLING,
        "    if max(begins, ends_at or begins) > now + LONGEST:\n",
        "    if False:\n",
        f"{TESTS}/test_pricing.py::test_a_price_has_a_time",
    ),
    Guard(
        "a room's price that has not begun, called over",
        "xingqu/programmes/selectors/quoting.py",
        "AND s.kind <> 'prize' AND s.starts_at <= %s\"",
        "AND s.kind <> 'prize' AND (TRUE OR s.starts_at <= %s)\"",
        f"{PRICES}::test_one_that_begins_later_is_not_over",
    ),
    Guard(
        "a room's price outside the room",
        "xingqu/programmes/selectors/quoting.py",
        '    rows = [row for row in rows if row[8] is None or row[7] == "prize" or row[8] == rooms.get(row[2])]\n',
        "",
        f"{PRICES}::test_of_two_products_each_has_the_prices_of_the_room_it_comes_from",
    ),
    Guard(
        "a room's price that is over, told of goods from elsewhere",
        "xingqu/programmes/selectors/quoting.py",
        "    return frozenset(sku_id for sku_id, room_id in rows if rooms.get(sku_id) == room_id)\n",
        "    return frozenset(sku_id for sku_id, room_id in rows)\n",
        f"{PRICES}::test_of_two_products_each_has_the_prices_of_the_room_it_comes_from",
    ),
    Guard(
        "a guest sent to sign in for somebody else's prize",
        "xingqu/programmes/selectors/quoting.py",
        " AND s.kind IN ('flash_sale', 'room_price')), {_OTHERS}",
        "), {_OTHERS}",
        f"{PRICES}::test_a_prize_is_for_its_winners_once",
    ),
    Guard(
        "freight of what was won",
        "xingqu/trade/domain/quote.py",
        'for line in buyable if line.flash is None or line.flash.kind != "prize"]',
        "for line in buyable]",
        f"{PRICES}::test_a_prize_is_brought_free_of_charge_and_nothing_else_with_it",
    ),
    Guard(
        "a prize for who did not win it",
        "xingqu/programmes/selectors/quoting.py",
        "AND (s.kind <> 'prize' OR EXISTS",
        "AND (TRUE OR EXISTS",
        f"{PRICES}::test_a_prize_is_for_its_winners_once",
    ),
    Guard(
        "a room's coupon taken elsewhere",
        "xingqu/programmes/services/claiming.py",
        "filter(pk=coupon_id, live_room_id=live_room_id)",
        "filter(pk=coupon_id)",
        f"{TESTS}/test_rewards.py::test_a_dropped_coupon_is_taken_in_its_room_while_it_is_there",
    ),
    Guard(
        "a room's coupon after its end",
        DROPPING,
        '    if room.state not in ON_AIR:\n        raise WrongState(data={"state": room.state})\n    return claim_coupon',
        "    return claim_coupon",
        f"{TESTS}/test_rewards.py::test_a_dropped_coupon_is_taken_in_its_room_while_it_is_there",
    ),
    Guard(
        "two entries of one person in a lucky bag",
        LUCKY,
        'LuckyEntry.objects.get_or_create(bag=bag, person_id=person_id, defaults={"entered_at": now})',
        "LuckyEntry.objects.create(bag=bag, person_id=person_id, entered_at=now)",
        f"{TESTS}/test_rewards.py::test_conditions_of_a_bag",
    ),
    Guard(
        "a lucky bag's word that was not said",
        LUCKY,
        "    if bag.word and not _has_said(bag, person_id):\n",
        "    if False:\n",
        f"{TESTS}/test_rewards.py::test_conditions_of_a_bag",
    ),
    Guard(
        "a bag that is drawn twice",
        LUCKY,
        '    if not LuckyBag.objects.filter(pk=bag_id, state="open").update(state=state, drawn_at=now):\n',
        "    if not LuckyBag.objects.filter(pk=bag_id).update(state=state, drawn_at=now):\n",
        f"{TESTS}/test_rewards.py::test_the_draw_can_be_done_again_by_anybody",
    ),
    Guard(
        "a replay that is not public",
        SHOWN,
        "content_id if content_id is not None and content_id in visible_ids(ids=[content_id]) else None",
        "content_id",
        f"{TESTS}/test_cuts.py::test_a_replay_is_shown_once_it_is_public",
    ),
    Guard(
        "an event that commits late",
        TAIL,
        "            self._missing[skipped] = now\n",
        "            pass\n",
        f"{EDGE}::test_each_event_once_also_one_that_commits_late",
    ),
    Guard(
        "an event told twice",
        TAIL,
        "            elif self._missing.pop(row.id, None) is None:\n",
        "            elif False:\n",
        f"{EDGE}::test_each_event_once_also_one_that_commits_late",
    ),
    Guard(
        "a cursor that memory does not reach",
        MEMORY,
        "        if self.floor is None or (cursor <= self.floor and self.floor > 0):\n",
        "        if self.floor is None:\n",
        f"{EDGE}::test_a_broken_line_goes_on_where_it_was",
    ),
    Guard(
        "an event that overtook another on its way",
        "xingqu/config/edge/rooms.py",
        "        if rows and self._tail.follows(rows[0].id):\n",
        "        if rows:\n",
        f"{EDGE}::test_told_by_another_process_in_order_once",
    ),
    Guard(
        "a reader that stands still holds the others up",
        LISTENERS,
        "        if listener.is_busy or listener.place == self.count:\n",
        "        if listener.place == self.count:\n",
        f"{EDGE}::test_a_reader_that_stands_still_costs_a_ring_and_is_told_to_read_anew",
    ),
)
