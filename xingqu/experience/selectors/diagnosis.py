"""What a shop could do about its score and its sales, the most rewarding first."""

from datetime import datetime, timedelta
from typing import Any

from xingqu.aftersale.selectors.figures import reasons_between
from xingqu.catalogue.selectors import shelf_problems
from xingqu.experience.domain.formula import Points, score_of
from xingqu.experience.selectors.figures import counted_of
from xingqu.experience.selectors.scores import rules_at
from xingqu.kit import clock
from xingqu.review.selectors import bad_aspects, desk_counts
from xingqu.trade.selectors import shipping_figures, sold_between

LEAST_EFFECT = 0.05  # of a point: below it is noise
REASON_SHARE = 0.2


def diagnosis_of(*, shop_id: int) -> dict[str, Any]:
    """Problems by what solving them would bring.

    `effect` of kind ``score``: points the score would gain if the indicator reached its target; of kind ``sales``: percent of the
    units of the last days that were sold of the products concerned. Both run from 0 to 100.
    """
    rules, until = rules_at(), clock.now()
    since = until - timedelta(days=rules.window_days)
    counted, received = counted_of(shop_id=shop_id, since=since, until=until)
    score = score_of(counted, rules)
    problems = [
        *(_of_indicator(one) for one in score.indicators.values() if one.count and one.loss >= LEAST_EFFECT),
        *_of_shelf(shop_id, since, until),
        *_of_aspects(shop_id, since, score.indicators["goods_stars"].loss),
        *_of_reasons(shop_id, since, until, score.indicators["quality_return_rate"].loss),
    ]
    return {
        "days": rules.window_days,
        "since": since,
        "until": until,
        "orders": received,
        "min_orders": rules.min_orders,
        "problems": sorted(problems, key=lambda one: -one["effect"]),
    }


def _problem(code: str, effect: float, kind: str, count: int, total: int, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "effect": round(effect, 1),
        "effect_kind": kind,
        "count": count,
        "total": total,
        "detail": more.get("detail", ""),
        "product_ids": more.get("product_ids", []),
    }


def _of_indicator(one: Points) -> dict[str, Any]:
    fewer_is_better = one.name in ("quality_return_rate", "merchant_fault_rate")
    if one.name.endswith("_stars"):
        return _problem(one.name, one.loss, "score", one.count, one.count, detail=f"{one.total / one.count:.2f}")
    bad = one.total if fewer_is_better else one.count - one.total
    return _problem(one.name, one.loss, "score", int(bad), one.count)


def _of_shelf(shop_id: int, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Listings that lack something, by the units that were sold of them."""
    sold = sold_between(shop_id=shop_id, since=since, until=until)
    units = sum(sold.values())
    found = []
    for code, product_ids in shelf_problems(shop_id=shop_id).items():
        touched = sorted(product_ids, key=lambda pk: -sold.get(pk, 0))
        if not touched:
            continue
        share = 100 * sum(sold.get(pk, 0) for pk in touched) / units if units else 0.0
        found.append(_problem(code, share, "sales", len(touched), len(touched), product_ids=touched[:20]))
    return found


def _of_aspects(shop_id: int, since: datetime, loss: float) -> list[dict[str, Any]]:
    """Aspects that buyers blame, sharing the points that the stars of goods lost by how often they are blamed."""
    rows = bad_aspects(shop_id=shop_id, since=since)
    blamed = sum(row["mentions"] - row["positive"] for row in rows)
    return [
        _problem(
            "bad_aspect",
            loss * (row["mentions"] - row["positive"]) / blamed,
            "score",
            row["mentions"] - row["positive"],
            row["mentions"],
            detail=row["aspect"],
        )
        for row in rows
    ]


def _of_reasons(shop_id: int, since: datetime, until: datetime, loss: float) -> list[dict[str, Any]]:
    """Reasons that a fifth or more of the cases give, sharing what quality returns cost."""
    reasons = reasons_between(shop_id=shop_id, since=since, until=until)
    total = sum(reasons.values())
    return [
        _problem("refund_reason", loss * count / total, "score", count, total, detail=reason)
        for reason, count in sorted(reasons.items(), key=lambda row: -row[1])
        if count >= 3 and count >= REASON_SHARE * total
    ]


def waiting_now(*, shop_id: int) -> list[dict[str, Any]]:
    """What waits for the shop at this moment: {code, count}; what it costs is not known yet."""
    until = clock.now()
    late = shipping_figures(shop_id=shop_id, since=until - timedelta(days=90), until=until)["open_late"]
    desk = desk_counts(shop_id=shop_id)
    found = {"late_now": late, "review_case_waiting": desk["to_act"], "reviews_unanswered": desk["unanswered"]}
    return [{"code": code, "count": count} for code, count in found.items() if count]
