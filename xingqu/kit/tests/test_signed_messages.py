"""Signed messages: what fits, and what does not."""

import time
from collections.abc import Callable

import pytest

from xingqu.kit.signed_messages import BadMessage, Line

PAY, BANK = Line("pay", "X-Pay"), Line("bank", "X-Pay")
BODY = b'{"amount_minor":1}'


def test_a_signed_message_is_believed() -> None:
    headers = PAY.sign("platform", BODY)
    assert set(headers) == {"X-Pay-Signature", "X-Pay-Time"}
    PAY.verify("platform", BODY, headers)
    PAY.verify("platform", BODY, PAY.sign("platform", BODY, at_s=int(time.time()) - 900), max_age_s=1000)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (dict, "does not fit"),
        (lambda: PAY.sign("gateway", BODY), "does not fit"),
        (lambda: PAY.sign("platform", BODY + b" "), "does not fit"),
        (lambda: BANK.sign("platform", BODY), "does not fit"),
        (lambda: {**PAY.sign("platform", BODY), "X-Pay-Time": str(int(time.time()) + 1)}, "does not fit"),
        (lambda: {**PAY.sign("platform", BODY), "X-Pay-Signature": "not base64!"}, "does not fit"),
        (lambda: PAY.sign("platform", BODY, at_s=int(time.time()) - 900), "too old"),
        (lambda: PAY.sign("platform", BODY, at_s=int(time.time()) + 900), "too old"),
    ],
    ids=["unsigned", "another party", "altered", "another line", "another time", "no base64", "old", "of the future"],
)
def test_what_does_not_fit_is_refused(headers: Callable[[], dict[str, str]], why: str) -> None:
    with pytest.raises(BadMessage, match=why):
        PAY.verify("platform", BODY, headers())
