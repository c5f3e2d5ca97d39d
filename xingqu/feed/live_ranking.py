"""How probable it is that somebody enters a live room, stays, and buys: pure. The weights stand in one place."""

from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True, slots=True)
class RankingParams:
    """Enter: logistic in the match of interests (0..1), in following the host, and in how many of those to whom the room was shown
    came in, against what is usual (`shown_prior`, worth `shown_weight` people). Stay and buy: shares of the room's visitors,
    smoothed towards what rooms have on the whole. `least`: rooms below are not shown."""

    enter_bias: float = -2.4
    enter_match: float = 4.0
    enter_followed: float = 1.8
    shown_prior: float = 0.1
    shown_weight: float = 30.0
    stay_prior: float = 0.3
    stay_weight: float = 10.0
    buy_prior: float = 0.01
    buy_weight: float = 50.0
    stay_value: float = 1.0
    buy_value: float = 20.0
    least: float = 0.05


PARAMS = RankingParams()


@dataclass(frozen=True, slots=True)
class RoomChances:
    enter: float
    stay: float
    buy: float
    score: float


def chances(
    *,
    match: float,
    followed: bool,
    visitors: int,
    stayers: int,
    buyers: int,
    shown: int = 0,
    shown_entries: int = 0,
    params: RankingParams = PARAMS,
) -> RoomChances:
    """Probabilities and the expected value of showing a room: entering counts, with what staying and buying add."""
    drawn = (shown_entries + params.shown_prior * params.shown_weight) / (shown + params.shown_weight)
    pull = log(drawn / params.shown_prior)
    enter = 1 / (1 + exp(-(params.enter_bias + params.enter_match * match + params.enter_followed * followed + pull)))
    stay = (stayers + params.stay_prior * params.stay_weight) / (visitors + params.stay_weight)
    buy = (buyers + params.buy_prior * params.buy_weight) / (visitors + params.buy_weight)
    score = enter * (1 + params.stay_value * stay + params.buy_value * buy * (0.5 + match))
    return RoomChances(enter, stay, buy, score)
