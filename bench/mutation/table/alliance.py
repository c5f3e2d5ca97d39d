"""Guards of the alliance: agencies, activities, payouts of commission."""

from bench.mutation.guard import Guard

AGENCIES = "xingqu/alliance/services/agencies.py"
AGENCY_API = "xingqu/alliance/api/agency.py"
ACTIVITIES = "xingqu/alliance/services/activities.py"
PAYEES = "xingqu/alliance/selectors/payees.py"
SCOPES = "xingqu/accounts/scopes.py"
TAXES = "xingqu/settlement/selectors/taxes.py"
SIGNED = "xingqu/alliance/tests/test_agencies.py"
ENROLLED = "xingqu/alliance/tests/test_activities.py"
PAID_OUT = "xingqu/alliance/tests/test_payouts.py"

GUARDS = (
    Guard(
        "an agency that accepts its own offer",
        AGENCIES,
        "    if contract.state != State.INVITED or (accept and side == AGENCY):\n",
        "    if contract.state != State.INVITED:\n",
        f"{SIGNED}::test_who_decides_what",
    ),
    Guard(
        "a share that only one side wants",
        AGENCIES,
        "    if own and accept:\n",
        "    if False:\n",
        f"{SIGNED}::test_another_share_counts_once_both_agree",
    ),
    Guard(
        "a share dated back",
        AGENCIES,
        "    share.effective_from = max(share.effective_from, now)\n",
        "",
        f"{SIGNED}::test_another_share_counts_once_both_agree",
    ),
    Guard(
        "notice given twice",
        AGENCIES,
        "    if contract.until is not None:\n",
        "    if False:\n",
        f"{SIGNED}::test_notice",
    ),
    Guard(
        "rights that outlive the contract",
        AGENCIES,
        "            end_delegation(organisation_id=row.studio_id, to_organisation_id=row.agency_id)\n",
        "",
        f"{SIGNED}::test_notice",
    ),
    Guard(
        "rights that nobody can give away",
        AGENCIES,
        "    if set(scopes) - set(DELEGABLE):\n",
        "    if False:\n",
        f"{SIGNED}::test_offers_that_can_not_be",
    ),
    Guard(
        "an agency that signs for the studio",
        AGENCY_API,
        "    if card.is_delegate:\n",
        "    if False:\n",
        f"{SIGNED}::test_an_agency_enters_the_studios_it_was_let_into_and_no_others",
    ),
    Guard(
        "a member who may more in a studio than at home",
        SCOPES,
        '    if "creators.write" in home:\n',
        "    if True:\n",
        f"{SIGNED}::test_an_agency_s_member_may_no_more_than_at_home",
    ),
    Guard(
        "an activity that is closed for products",
        ACTIVITIES,
        "    if activity.cancelled_at is not None or activity.enrol_until <= now:\n",
        "    if False:\n",
        f"{ENROLLED}::test_enrolments_that_can_not_be",
    ),
    Guard(
        "another shop's product in an activity",
        ACTIVITIES,
        "    if shop_id_of_product(product_id=product_id) != shop_id:\n",
        "    if False:\n",
        f"{ENROLLED}::test_enrolments_that_can_not_be",
    ),
    Guard(
        "another colonel's activity",
        ACTIVITIES,
        "    if enrolment is None or enrolment.activity.colonel_id != colonel_id:\n",
        "    if enrolment is None:\n",
        f"{ENROLLED}::test_a_colonel_decides_about_its_own",
    ),
    Guard(
        "commission of somebody who does not earn here",
        PAYEES,
        "        if (row.payee, row.id) == (payee, payee_id):\n",
        "        if row.payee == payee:\n",
        f"{PAID_OUT}::test_nobody_takes_another_s",
    ),
    Guard(
        "tax on what the bank refused",
        TAXES,
        "        state__in=[Withdrawal.State.ASKED, Withdrawal.State.PAID],\n",
        "",
        f"{PAID_OUT}::test_a_refusing_bank_gives_everything_back",
    ),
)
