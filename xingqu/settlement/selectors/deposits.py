"""Deposits as their shops and operators read them: what is due and why, the history with its journals, all shops."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet

from xingqu.accounts.contracts import MERCHANT
from xingqu.accounts.selectors import find_organisations, organisation_cards
from xingqu.catalogue.contracts import CategoryCard
from xingqu.catalogue.selectors import category_cards, shop_category_paths, shop_kind
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.private_files import open_private
from xingqu.kit.spreadsheets import Cell
from xingqu.ledger.contracts import AccountLine, deposit_account
from xingqu.ledger.selectors import account_lines, balances
from xingqu.settlement.domain.deposits import ShopKind
from xingqu.settlement.models import Compensation, DepositChange, DepositEvidence, DepositStanding
from xingqu.settlement.selectors.terms import deposit_terms_at

CURRENCY = "CNY"
FIRST, LAST = datetime.fromisoformat("2000-01-01T00:00:00+00:00"), datetime.fromisoformat("2200-01-01T00:00:00+00:00")
CHANGE_COLUMNS = ("at", "change_no", "kind", "state", "amount_minor", "currency", "reason", "journal", "journal_key")
SHOP_COLUMNS = ("shop_id", "shop", "state", "due_minor", "paid_minor", "frozen_minor", "short_minor", "deadline_at")
AT_ONCE = 500


def standing_of(*, shop_id: int) -> dict[str, Any]:
    """What a shop's deposit should be and why, what is in it, and what follows when."""
    terms = deposit_terms_at(at=clock.now())
    kind: ShopKind = "individual" if shop_kind(shop_id=shop_id) == "individual" else "company"
    paths = shop_category_paths(shop_id=shop_id)
    due = terms.due_of(kind=kind, paths=paths)
    row = DepositStanding.objects.filter(shop_id=shop_id).first()
    paid, frozen = _money([shop_id]).get(shop_id, (0, 0))
    cards = category_cards()
    return {
        "shop_id": shop_id,
        "state": row.state if row is not None else DepositStanding.State.OK,
        "kind": kind,
        "currency": CURRENCY,
        "due_minor": due.amount_minor,
        "least_minor": terms.individual_minor if kind == "individual" else terms.company_minor,
        "paid_minor": paid,
        "frozen_minor": frozen,
        "short_minor": max(due.amount_minor - paid, 0),
        "deadline_at": row.deadline_at if row is not None else None,
        "release_at": row.release_at if row is not None else None,
        "category": _category(cards[due.category_id]) if due.category_id is not None else None,
        "categories": [
            _category(cards[pk]) | {"amount_minor": terms.due_of(kind=kind, paths={pk: paths[pk]}).amount_minor}
            for pk in sorted(paths)
        ],
        "grace_days": terms.grace_days,
        "release_days": terms.release_days,
    }


def changes_page(*, shop_id: int, before_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Movements of a shop's deposit, newest first, each with its journals and evidence, and the id to go on from."""
    rows = DepositChange.objects.filter(shop_id=shop_id).order_by("-id")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.prefetch_related("evidence").select_related("compensation")[: limit + 1])
    journals = journals_of(shop_id)
    items = [_change(row, journals.get(row.change_no, [])) for row in found[:limit]]
    return items, found[limit - 1].pk if len(found) > limit else None


def change_rows(*, shop_id: int) -> Iterator[Sequence[Cell]]:
    """Rows of a file: every journal of the deposit's account with the movement that it belongs to, oldest first."""
    yield CHANGE_COLUMNS
    changes = {row.change_no: row for row in DepositChange.objects.filter(shop_id=shop_id)}
    for line in _lines(shop_id):
        row = changes.get(line.reference)
        kind, state, reason = (row.kind, row.state, row.reason) if row is not None else ("", "", "")
        yield (
            line.at,
            line.reference,
            kind,
            state,
            line.amount_minor,
            CURRENCY,
            reason,
            line.journal_id,
            line.key,
        )


def journals_of(shop_id: int) -> dict[str, list[dict[str, Any]]]:
    """Number of a movement -> what the books have of it: journal, key, time, what the deposit gained or lost."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in _lines(shop_id):
        row = {"id": line.journal_id, "key": line.key, "at": line.at, "amount_minor": line.amount_minor}
        found.setdefault(line.reference, []).append(row)
    return found


def standings_page(
    *, state: str | None, q: str, after_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Shops with how their deposits stand, by shop id. For operators."""
    rows = find_standings(state=state, q=q)
    if after_id is not None:
        rows = rows.filter(shop_id__gt=after_id)
    found = list(rows[: limit + 1])
    return _standings(found[:limit]), found[limit - 1].shop_id if len(found) > limit else None


def standing_rows(*, state: str | None, q: str) -> Iterator[Sequence[Cell]]:
    """Rows of a file: the same, all of them."""
    yield SHOP_COLUMNS
    after_id: int | None = None
    while True:
        page, after_id = standings_page(state=state, q=q, after_id=after_id, limit=AT_ONCE)
        for row in page:
            yield [row["shop_name"] if name == "shop" else row[name] for name in SHOP_COLUMNS]
        if after_id is None:
            return


def find_standings(*, state: str | None, q: str) -> QuerySet[DepositStanding]:
    """Standings by shop id, narrowed."""
    rows = DepositStanding.objects.order_by("shop_id")
    if state is not None:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(shop_id__in=find_organisations(text=q, kind=MERCHANT, limit=200))
    return rows


def standing_counts() -> dict[str, int]:
    """How many shops stand where."""
    rows = DepositStanding.objects.values_list("state", flat=True)
    counts = dict.fromkeys(DepositStanding.State.values, 0)
    for state in DepositStanding.State.values:
        counts[state] = rows.filter(state=state).count()
    return counts


def compensations_of(*, shop_id: int) -> list[dict[str, Any]]:
    """What buyers of a shop got out of the fund, newest first, at most 100."""
    return [_compensation(row) for row in Compensation.objects.filter(shop_id=shop_id).order_by("-id")[:100]]


def evidence_row(*, evidence_id: int) -> dict[str, Any]:
    """A picture that was just uploaded."""
    return _evidence(DepositEvidence.objects.get(pk=evidence_id))


def open_evidence(*, evidence_id: int, shop_id: int | None) -> IO[bytes]:
    """The picture's bytes (WebP). With `shop_id`: of a deduction of this shop only. Raises NotFound."""
    rows = DepositEvidence.objects.filter(pk=evidence_id)
    row = (rows if shop_id is None else rows.filter(change__shop_id=shop_id)).first()
    if row is None:
        raise NotFound
    try:
        return open_private(row.path)
    except FileNotFoundError as error:
        raise NotFound from error


def _lines(shop_id: int) -> Iterator[AccountLine]:
    return account_lines(accounts=[deposit_account(shop_id)], currency=CURRENCY, since=FIRST, until=LAST)


def _money(shop_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Shop -> (what is in the deposit, how much of it is frozen)."""
    rows = balances(accounts=[deposit_account(pk) for pk in shop_ids])
    return {
        int(row.account.rpartition(":")[2]): (row.balance_minor, row.kept_aside_minor)
        for row in rows
        if row.currency == CURRENCY
    }


def _standings(rows: Sequence[DepositStanding]) -> list[dict[str, Any]]:
    ids = [row.shop_id for row in rows]
    shops, money = organisation_cards(ids=ids), _money(ids)
    names = ("shop_id", "state", "due_minor", "short_minor", "deadline_at", "release_at", "changed_at")
    return [
        {name: getattr(row, name) for name in names}
        | {
            "shop_name": shops[row.shop_id].name if row.shop_id in shops else "",
            "shop_name_en": shops[row.shop_id].name_en if row.shop_id in shops else "",
            "paid_minor": money.get(row.shop_id, (0, 0))[0],
            "frozen_minor": money.get(row.shop_id, (0, 0))[1],
        }
        for row in rows
    ]


def _category(card: CategoryCard) -> dict[str, Any]:
    return {"id": card.id, "name": card.name, "name_en": card.name_en or card.name}


def _change(row: DepositChange, journals: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("change_no", "kind", "state", "reason", "order_no", "at", "decided_at")
    compensation = getattr(row, "compensation", None)
    return {name: getattr(row, name) for name in names} | {
        "amount": {"amount_minor": row.amount_minor, "currency": row.currency},
        "journals": journals,
        "evidence": [_evidence(one) for one in sorted(row.evidence.all(), key=lambda one: one.pk)],
        "compensation": None if compensation is None else _compensation(compensation),
    }


def _evidence(row: DepositEvidence) -> dict[str, Any]:
    return {"id": row.pk, "width": row.width, "height": row.height}


def _compensation(row: Compensation) -> dict[str, Any]:
    names = ("compensation_no", "order_no", "state", "reason", "refund_no", "borne_minor", "at", "done_at")
    return {name: getattr(row, name) for name in names} | {
        "amount": {"amount_minor": row.amount_minor, "currency": row.currency}
    }
