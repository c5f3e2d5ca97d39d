"""`python -m simulator.history --days 18`: the weeks before a demo opens. Does nothing where something was sold already."""

import argparse
import logging
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")

import httpx
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from simulator import offices, shopkeeping
from simulator.alliance import Alliance, try_to
from simulator.browser import Refused
from simulator.partners import invite_creators
from simulator.past import Past, Stage, Work
from simulator.shopper import Shopper
from simulator.stories import Play, Story
from xingqu.kit import clock

log = logging.getLogger("simulator")
SEED = 20211
BUYERS = 6
ROOMS = ("trade", "fulfilment", "aftersale", "settlement", "openapi", "alliance", "collaboration")
# Hours before the same hour of the next day at which a played day begins.
DAY_H = 9
# (days before the end at which it begins, kind, reason, words, where it stops)
STORIES = (
    (16, "return_and_refund", "not_as_described", "颜色和图片差很多", "end"),
    (15, "refund_only", "quality", "有一处线头没有剪", "end"),
    (15, "exchange", "size", "尺码大了，想换小一号", "end"),
    (14, "disputed", "quality", "表面有划痕，商家不认", "end"),
    (13, "repair", "worn", "拉链不顺，请帮忙修", "end"),
    (12, "resend", "missing_parts", "少了一个收纳袋", "end"),
    (11, "no_reason_return_7d", "changed_mind", "不太喜欢", "end"),
    (3, "pre_ship", "wrong_choice", "拍错了颜色", "end"),
    (2, "refund_only", "quality", "边上有一点脱线", "asked"),
    (2, "return_and_refund", "wrong_item", "发错了款式", "asked"),
    (3, "refund_only", "not_as_described", "比图片薄一些", "offered"),
    (3, "return_and_refund", "quality", "洗一次就起球", "approved"),
    (4, "return_and_refund", "damaged", "收到时外盒破了", "sent_back"),
    (5, "exchange", "wrong_item", "要的是蓝色", "to_send"),
    (3, "return_and_refund", "not_as_described", "材质和描述不一样", "refused"),
    (4, "disputed", "quality", "收到就有污渍", "escalated"),
)


def play(stage: Stage, days: int) -> None:
    """Let the days go by, the last of them until now."""
    end = clock.now()
    buyers = [stage.shopper(number) for number in range(BUYERS)]
    consumer = stage.shopper(BUYERS, stage.person("consumer"))
    shopkeeping.open_shops(stage)
    alliance = Alliance(stage)
    stands = try_to("the alliance", alliance.begin) is not None
    running: list[Story] = []
    awaiting: list[tuple[int, int, str]] = []
    for day in range(days, -1, -1):
        stage.past.until(end - timedelta(days=day, hours=DAY_H))
        for place, (begins, kind, reason, words, until) in enumerate(STORIES):
            if begins == day:
                buyer = consumer if place % 3 == 0 else buyers[place % BUYERS]
                asked = "return_and_refund" if kind == "disputed" else kind
                running.append(Play(stage, buyer, stage.shops[0], asked, reason, words, _end_of(kind, until)).run())
        awaiting += [(day, *_buy(stage, buyers)) for _ in range(stage.draw.randint(1, 3))]
        if stands:
            awaiting += _bring(stage, buyers, alliance, day)
        stage.past.tick(hours=1)
        running = [story for story in running if _goes_on(story)]
        stage.past.tick(hours=1)
        shopkeeping.ship_all(stage, keep=4 if day == 0 else 0)
        stage.past.tick(hours=2)
        stage.past.work()
        awaiting = _receive(stage, buyers, awaiting, day)
        _evening(stage, buyers, day)
        if stands and day in (5, 2):
            try_to("payouts of commission", alliance.pay_out)
    stage.past.until(end - timedelta(minutes=5))
    _last_hours(stage, buyers, consumer)
    if stands:
        try_to("plans of the alliance", alliance.plan_ahead)
    stage.past.until(end)


def _goes_on(story: Story) -> bool:
    """Play a story's next day. What the site refuses ends the story, not the demo."""
    try:
        return next(story, True) is None
    except (Refused, LookupError) as error:
        log.warning("a story ended early: %s", error)
        return False


def _end_of(kind: str, until: str) -> str:
    return "decided" if kind == "disputed" and until == "end" else until


def _buy(stage: Stage, buyers: list[Shopper]) -> tuple[int, str]:
    number = stage.draw.randrange(BUYERS)
    shop = stage.shops[0] if stage.draw.random() < 0.5 else stage.draw.choice(stage.shops)
    return number, stage.buy(buyers[number], shop, units=stage.draw.choice((1, 1, 1, 2)))


def _bring(stage: Stage, buyers: list[Shopper], alliance: Alliance, day: int) -> list[tuple[int, int, str]]:
    number = stage.draw.randrange(BUYERS)
    order_no = try_to("an order by the creator", alliance.bring_order, buyers[number])
    return [(day, number, order_no)] if order_no else []


def _receive(
    stage: Stage, buyers: list[Shopper], awaiting: list[tuple[int, int, str]], day: int
) -> list[tuple[int, int, str]]:
    """Most confirm two days later and say what they think; what they leave is received by the clock."""
    left = []
    for bought, number, order_no in awaiting:
        if bought - day < 2:
            left.append((bought, number, order_no))
        elif stage.draw.random() < 0.75:
            buyers[number].awaiting.append(order_no)
            buyers[number].receive_and_review(order_no)
    return left


def _evening(stage: Stage, buyers: list[Shopper], day: int) -> None:
    """Questions, answers to reviews, and once a week money to the bank."""
    if day % 3 == 0:
        shopkeeping.chat(stage, stage.draw.choice(buyers), stage.shops[0], answered=day != 0)
        shopkeeping.reply_to_reviews(stage, stage.shops[0], 2)
    if day in (7, 2):
        shopkeeping.pay_out(stage, stage.shops[0], 3)
    if day == 3:
        try_to("the deposit", offices.top_up_deposit, stage, stage.shops[0])
    if day == 1:
        invite_creators(stage)
        shopkeeping.apply_for_a_shop(stage, "晨光手作", 1)


def _last_hours(stage: Stage, buyers: list[Shopper], consumer: Shopper) -> None:
    """What is open when the demo begins: orders to pay, to pack, with a flag; questions without an answer."""
    shop = stage.shops[0]
    for number in (1, 4):
        shopkeeping.chat(stage, buyers[number], shop, answered=False)
    shopkeeping.chat(stage, consumer, shop, answered=True)
    stage.buy(buyers[2], shop, pay=False)
    stage.buy(consumer, shop, pay=False)
    marked = stage.buy(consumer, shop)
    path = f"/api/v1/shops/{shop}/orders/{marked}/mark"
    stage.merchant.send("PUT", path, {"flag": "red", "note": "老顾客，送一份小样"})
    stage.buy(buyers[3], shop, units=2)
    try_to("invoices", _invoices, stage, buyers, consumer)
    try_to("the presale", offices.open_presale, stage, shop, [buyers[5], consumer])
    shopkeeping.pack_some(stage, shop, 2)


def _invoices(stage: Stage, buyers: list[Shopper], consumer: Shopper) -> None:
    """Two are issued, two wait: one for the shop, one for the goods to arrive."""
    shop = stage.shops[0]
    offices.prepare_invoices(stage, shop)
    received = consumer.browser.get("/api/v1/orders", tab="done", limit=20)["items"]
    own = [order["order_no"] for order in received if order["shop"]["id"] == shop][:3]
    for place, order_no in enumerate(own):
        offices.ask_for_invoice(stage, consumer, order_no, company=place == 0)
        if place == 1:
            offices.issue_invoices(stage, shop)
    offices.ask_for_invoice(stage, buyers[3], stage.buy(buyers[3], shop), company=True)


def works() -> tuple[list[Work], Work]:
    """What the worker does by the clock in the rooms of trade, and how facts get to their handlers."""
    from xingqu.config.periodic import PERIODIC
    from xingqu.kit.outbox import deliver_due
    from xingqu.trade.providers.sandbox.gateway import deliver_notices

    found = [run for _, run in PERIODIC if run.__module__.split(".")[1] in ROOMS]
    # The worker waits for notices for a second at a time; here none comes while nobody pays.
    return [deliver_notices, *(run for run in found if run.__name__ != "watch_notices")], deliver_due


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator.history", description=__doc__)
    parser.add_argument("--days", type=int, default=18)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nobody waits for these letters
    application = get_wsgi_application()
    environment = settings.ENVIRONMENT
    past = Past(clock.now() - timedelta(days=options.days + 1), *works())
    with past.serve(application, environment.host, environment.port):
        try:
            stage = Stage(past, f"http://127.0.0.1:{environment.port}", seed=SEED)
            if stage.nothing_sold():
                play(stage, options.days)
        except httpx.HTTPError as error:  # a machine too busy to answer in time: said in a line
            sys.exit(f"Trade: stopped, the site did not answer ({error})")


if __name__ == "__main__":
    main()
