"""What reviews say: clauses and negations, a model learned from stars, figures that lead to the reviews behind them."""

import pytest
from django.core.management import call_command

from xingqu.kit.outbox import deliver_due
from xingqu.review import services
from xingqu.review.domain.opinions import mentions_of, polarity_of
from xingqu.review.domain.rules import Rules
from xingqu.review.domain.sentiment import learn, lexicon_probability, unpack
from xingqu.review.models import FollowUp, OpinionMention, Review, ReviewOpinion, SentimentModel
from xingqu.review.services.scores import set_hidden
from xingqu.review.tests.house import review_of
from xingqu.trade.tests.house import Caller, Shop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("质量很好，物流太慢了", {"quality": 1, "logistics": -1}),
        ("不贵，也不起球", {"price": 1, "quality": 1}),
        ("客服态度差劲", {"service": -1}),
        ("面料没有异味", {"quality": 1}),
        ("颜色好看但是尺码偏小", {"look": 1, "size": -1}),
        ("包装，严实", {"packaging": 1}),
        ("一般的一天", {}),
        ("尺码是 M", {"size": 0}),
    ],
)
def test_what_is_said_of_what(text: str, found: dict[str, int]) -> None:
    assert {one.aspect: one.polarity for one in mentions_of(text)} == found


def test_the_place_is_the_clause_that_says_it() -> None:
    text = "收到了。质量真的很好！物流慢"
    quality, logistics = mentions_of(text)
    assert (text[quality.start : quality.end], text[logistics.start : logistics.end]) == ("质量真的很好", "物流慢")


def test_a_negation_turns_a_word_round() -> None:
    assert [polarity_of(text) for text in ("喜欢", "不喜欢", "没有不满意", "")] == [1, -1, 1, 0]
    assert lexicon_probability("很好，喜欢") > 0.5 > lexicon_probability("太差，失望")


def test_learned_words_that_no_lexicon_has() -> None:
    texts = [f"今天{n}号收到，绝绝子" for n in range(30)] + [f"今天{n}号收到，下头" for n in range(30)]
    model = learn(texts, [True] * 30 + [False] * 30)
    assert model.probability("收到绝绝子") > 0.8 > 0.2 > model.probability("收到，下头")
    again = unpack(model.pack())
    assert abs(again.probability("绝绝子") - model.probability("绝绝子")) < 0.01
    with pytest.raises(ValueError, match="both kinds"):
        learn(["好"], [True])


@pytest.mark.django_db
def test_figures_lead_to_the_reviews_behind_them(buyer: Caller, sku: int, shop: Shop) -> None:
    texts = ["质量很好", "质量不错，物流太慢", "质量差", "就这样"]
    reviews = [review_of(buyer, shop, sku, 5, text) for text in texts]
    deliver_due()
    path = f"/products/{reviews[0]['product_id']}/reviews"
    summary = buyer.get(path)["summary"]
    assert summary["aspects"] == [{"aspect": "quality", "mentions": 3, "positive": 2}]
    shown = buyer.get(f"{path}?aspect=quality&feeling=negative")["items"]
    assert [row["text"] for row in shown] == ["质量差"]
    assert shown[0]["spans"] == [{"aspect": "quality", "polarity": -1, "in_follow_up": False, "start": 0, "end": 3}]
    own = shop.member().get(f"/shops/{shop.id}/reviews?aspect=logistics")["items"]
    assert [row["text"] for row in own] == ["质量不错，物流太慢"]
    opinions = shop.member().get(f"/shops/{shop.id}/reviews/opinions?days=30")
    assert (opinions["texts"], opinions["model_accuracy"]) == (4, None)
    assert [(a["aspect"], a["mentions"], a["before_mentions"]) for a in opinions["aspects"]] == [
        ("quality", 3, 0),
        ("logistics", 1, 0),
    ]
    assert sum(week["mentions"] for week in opinions["aspects"][0]["weeks"]) == 3
    stranger = Caller.new_person()
    assert stranger.error("GET", f"/shops/{shop.id}/reviews/opinions", status=404)["code"] == "not_found"


@pytest.mark.django_db
def test_read_twice_is_read_once_and_hidden_says_nothing(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku, 5, "质量很好")
    FollowUp.objects.create(review_id=review["id"], text="质量起球了", created_at=Review.objects.get().created_at)
    assert [services.analyse_review(review_id=review["id"]) for _ in range(2)] == [2, 2]
    rows = OpinionMention.objects.order_by("in_follow_up").values_list("in_follow_up", "polarity")
    assert (list(rows), ReviewOpinion.objects.count()) == ([(False, 1), (True, -1)], 1)
    set_hidden(review_id=review["id"], hidden=True)
    assert services.analyse_review(review_id=review["id"]) == 0
    assert (OpinionMention.objects.count(), ReviewOpinion.objects.count()) == (0, 0)
    set_hidden(review_id=review["id"], hidden=False)
    call_command("analyse_reviews")
    assert OpinionMention.objects.count() == 2


@pytest.mark.django_db
def test_a_model_is_learned_from_own_stars_when_there_are_enough(buyer: Caller, sku: int, shop: Shop) -> None:
    review_of(buyer, shop, sku)
    first = Review.objects.get()
    for number in range(40):
        first.pk, first.order_no = None, f"S{number}"
        first.goods_score, first.text = (5, f"绝绝子{number}") if number % 2 else (1, f"下头{number}")
        first.save()
    assert services.train_sentiment() is None
    values = {**Rules().as_json(), "learn_min_texts": 15}
    services.set_rules(person_id=1, rules=Rules(**values), effective_from=None, note="")
    assert services.train_if_due() is not None
    assert services.train_if_due() is None
    model = SentimentModel.objects.get()
    assert (model.adopted, model.accuracy > model.lexicon_accuracy) == (True, True)
    last = Review.objects.filter(goods_score=1).order_by("-id")[0]
    services.analyse_review(review_id=last.pk)
    opinion = ReviewOpinion.objects.get(review=last)
    assert (opinion.model_id, opinion.praise_permille < 200) == (model.pk, True)
