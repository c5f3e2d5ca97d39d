"""Guards of who may: shops and their members, programs of the open API, webhooks, service messages."""

from bench.mutation.guard import Guard

ACCOUNTS = "xingqu/accounts/selectors/__init__.py"
HTTP = "xingqu/openapi/http.py"
APPS = "xingqu/openapi/services/apps.py"
HOOKS = "xingqu/openapi/services/webhooks.py"
TALK = "xingqu/support/services/conversations.py"
TALKS = "xingqu/support/selectors.py"
PROGRAMS = "xingqu/openapi/tests/test_programs.py"
WEBHOOKS = "xingqu/openapi/tests/test_webhooks.py"
MESSAGES = "xingqu/support/tests/test_support.py"
STRANGERS = "tests/house/test_strangers.py"

GUARDS = (
    Guard(
        "a stranger in a shop",
        ACCOUNTS,
        "    row = rows.filter(person_id=person_id, organisation_id=organisation_id).first()",
        "    row = rows.filter(organisation_id=organisation_id).first()",
        f"{STRANGERS}::test_no_address_of_a_shop_answers_a_stranger",
    ),
    Guard(
        "a member who may not",
        ACCOUNTS,
        "    if not card.may(permission, page):\n",
        "    if False:\n",
        "xingqu/aftersale/tests/test_access.py::test_a_viewer_reads_and_does_nothing",
    ),
    Guard(
        "a program in another shop",
        ACCOUNTS,
        "        if access.shop_id != shop_id or kind is None",
        "        if kind is None",
        f"{PROGRAMS}::test_another_shop_is_not_there",
    ),
    Guard(
        "a token that is over",
        HTTP,
        "if card is None or card.expires_at <= now:",
        "if card is None:",
        f"{PROGRAMS}::test_a_token_ends_with_its_time_its_secret_and_its_program",
    ),
    Guard(
        "an address that is not open",
        "xingqu/openapi/domain/methods.py",
        "    return _BY_ROUTE.get((verb, route))\n",
        "    return _BY_ROUTE.get((verb, route), METHODS[0])\n",
        f"{PROGRAMS}::test_addresses_that_are_not_open_are_closed_to_programs",
    ),
    Guard(
        "a scope that was not granted",
        HTTP,
        "        if method.scope not in card.scopes:\n",
        "        if False:\n",
        f"{PROGRAMS}::test_a_token_opens_what_its_scopes_say_and_nothing_else",
    ),
    Guard(
        "more calls than the rate",
        APPS,
        "WHERE id = %s AND allowed_at_us <= %s RETURNING allowed_at_us",
        "WHERE id = %s AND (allowed_at_us <= %s OR TRUE) RETURNING allowed_at_us",
        f"{PROGRAMS}::test_the_rate_is_held_and_says_when_to_come_again",
    ),
    Guard(
        "a program with a wrong secret",
        APPS,
        "    if not hmac.compare_digest(known, hash_secret(secret)) or app is None:\n",
        "    if app is None:\n",
        f"{PROGRAMS}::test_wrong_credentials_get_no_token",
    ),
    Guard(
        "a token for scopes that the program has not",
        APPS,
        "    if extra := sorted(set(wanted) - set(app.scopes)):\n",
        "    if extra := sorted(set(wanted) - set(wanted)):\n",
        f"{PROGRAMS}::test_bad_token_requests_are_refused_as_the_standard_says",
    ),
    Guard(
        "tokens that outlive their scopes",
        APPS,
        "    if is_active is False or (scopes is not None and set(app.scopes) - set(scopes)):\n",
        "    if is_active is False:\n",
        f"{PROGRAMS}::test_fewer_scopes_end_the_tokens_that_are_out",
    ),
    Guard(
        "another shop's program",
        APPS,
        "OpenApp.objects.filter(pk=app_id, shop_id=shop_id).first()",
        "OpenApp.objects.filter(pk=app_id).first()",
        f"{PROGRAMS}::test_programs_of_another_shop_can_neither_be_seen_nor_changed",
    ),
    Guard(
        "another shop's webhook",
        HOOKS,
        "filter(pk=endpoint_id, app__shop_id=shop_id).first()",
        "filter(pk=endpoint_id).first()",
        f"{WEBHOOKS}::test_another_shop_has_no_hand_in_webhooks",
    ),
    Guard(
        "sending another shop's delivery again",
        HOOKS,
        "filter(pk=delivery_id, endpoint__app__shop_id=shop_id)",
        "filter(pk=delivery_id)",
        f"{WEBHOOKS}::test_after_the_last_try_it_has_failed_and_a_replay_sends_it",
    ),
    Guard(
        "webhooks into this network",
        HOOKS,
        "    if not inside and not all(ipaddress.ip_address(address).is_global for address in found):\n",
        "    if False:\n",
        f"{WEBHOOKS}::test_webhooks_do_not_go_into_this_network",
    ),
    Guard(
        "a name that leads inside a moment later",
        HOOKS,
        "        address = _addresses(endpoint.url)[0]\n",
        '        address = parts.hostname or ""\n',
        f"{WEBHOOKS}::test_an_address_that_leads_inside_later_is_not_called",
    ),
    Guard(
        "another buyer's conversation",
        TALKS,
        "Conversation.objects.filter(pk=conversation_id, buyer_key=buyer_key)",
        "Conversation.objects.filter(pk=conversation_id)",
        f"{MESSAGES}::test_a_conversation_is_of_the_two_alone",
    ),
    Guard(
        "another shop's conversation",
        TALKS,
        "Conversation.objects.filter(pk=conversation_id, shop_id=shop_id)",
        "Conversation.objects.filter(pk=conversation_id)",
        f"{MESSAGES}::test_a_conversation_is_of_the_two_alone",
    ),
    Guard(
        "showing another shop's product",
        TALK,
        "shop_id_of_product(product_id=outgoing.product_id) != conversation.shop_id:",
        "shop_id_of_product(product_id=outgoing.product_id) is None:",
        f"{MESSAGES}::test_cards_are_of_this_shop_and_this_buyer",
    ),
    Guard(
        "saying one thing twice",
        TALK,
        "    if known is not None:\n",
        "    if False:\n",
        f"{MESSAGES}::test_sent_twice_it_is_said_once",
    ),
    Guard(
        "talking too fast",
        TALK,
        "    _check_pace(conversation, message.sender)\n",
        "",
        f"{MESSAGES}::test_the_pace_is_limited_a_side",
    ),
    Guard(
        "links to other sites",
        TALK,
        "    if link is not None:\n",
        "    if False:\n",
        f"{MESSAGES}::test_texts_are_checked",
    ),
    Guard(
        "giving a conversation to somebody else's member",
        TALK,
        "    if person_id is not None and person_id not in member_ids(organisation_id=row.shop_id):\n",
        "    if False:\n",
        f"{MESSAGES}::test_members_assign_among_themselves",
    ),
)
