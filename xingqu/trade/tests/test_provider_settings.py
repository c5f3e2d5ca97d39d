"""Which ways to pay a site has, and what it says when they are set up wrongly."""

from typing import Any

import pytest
from django.test import Client

from xingqu.trade.models import PaymentAttempt
from xingqu.trade.providers import get_provider, offered, problems
from xingqu.trade.tests.gateways.alipay import AlipayGateway
from xingqu.trade.tests.gateways.site import (
    set_up,
)
from xingqu.trade.tests.gateways.stripe import StripeGateway
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def test_only_what_is_set_up_is_offered(settings: Any, buyer: Caller, sku: int) -> None:
    assert offered("CNY") == ["sandbox"]
    assert buyer.get("/payments/methods") == {"items": [{"code": "sandbox", "test": True}]}
    made = [AlipayGateway(), StripeGateway()]
    set_up(settings, *made)
    assert offered("CNY") == ["alipay", "stripe"]
    assert offered("USD") == ["stripe"]
    order_no = buyer.order((sku, 1))["order_no"]
    for name in ("wechat", "sandbox"):
        error = buyer.error("POST", f"/orders/{order_no}/pay", {"provider": name}, status=409)
        assert (error["code"], error["data"]) == ("payment_method_unavailable", {"methods": ["alipay", "stripe"]})
    assert PaymentAttempt.objects.count() == 0
    assert buyer.post(f"/orders/{order_no}/pay", {})["redirect_url"].startswith(f"{made[0].url}/gateway.do?")
    assert PaymentAttempt.objects.get().provider == "alipay"
    set_up(settings, payment_sandbox=True)
    assert offered("CNY") == ["alipay", "stripe", "sandbox"]
    for one in made:
        one.stop()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"alipay_public_key": None}, "XINGQU_ALIPAY_PUBLIC_KEY"),
        ({"alipay_private_key": "MIIB not a key"}, "can't be read"),
        ({"alipay_private_key": None, "alipay_private_key_file": "/nowhere/key.pem"}, "ALIPAY_PRIVATE_KEY_FILE"),
    ],
)
def test_a_provider_set_up_wrongly_says_so_and_is_not_offered(settings: Any, change: dict[str, Any], says: str) -> None:
    from pathlib import Path

    from pydantic import SecretStr

    made = AlipayGateway()
    set_up(settings, made)
    good = settings.ENVIRONMENT.alipay_private_key.get_secret_value()
    fixed = {name: Path(value) if name.endswith("_file") else SecretStr(value or "") for name, value in change.items()}
    set_up(settings, **fixed)
    assert offered("CNY") == ["sandbox"]
    [(name, what)] = problems()
    assert name == "alipay"
    assert says in what
    assert good not in what
    assert "MIIB" not in what
    made.stop()


def test_keys_from_files(settings: Any, tmp_path: Any) -> None:
    from pydantic import SecretStr

    made = StripeGateway()
    (tmp_path / "key").write_text("sk_test_0000000000000001\n")
    empty = SecretStr("")
    set_up(settings, made, stripe_secret_key=empty, stripe_secret_key_file=tmp_path / "key")
    assert offered("CNY") == ["stripe"]
    assert "sk_test" not in repr(get_provider("stripe").__dict__["_keys"])
    made.stop()


def test_without_the_packages_it_says_what_to_install(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = StripeGateway()
    monkeypatch.setitem(__import__("sys").modules, "xingqu.trade.providers.stripe_checkout", None)
    set_up(settings, made, payment_timeout_s=0.51)
    assert problems() == [
        ("stripe", "the packages of the extra `payments` are missing: pip install 'xingqu[payments]'")
    ]
    assert offered("CNY") == ["sandbox"]
    assert Client().post("/api/v1/payments/callback/stripe").status_code == 404
    made.stop()
