"""WeChat Pay v3 over wechatpayv3: QR codes on a computer, WeChat's page on a phone, encrypted and signed notices.

What the SDK does that one would not expect: without a time-out it waits for ever; it raises bare `Exception`s; a notice with
an unknown serial number makes it fetch certificates over the network, in the middle of a web request, and keep them in a
list that other threads read. Hence only the platform's public key (微信支付公钥) is supported, and the serial number is
compared before the SDK sees a notice; its client then holds nothing but keys. It does not look at a notice's age either.
"""

import base64
import binascii
import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

import orjson

from xingqu.kit import clock
from xingqu.trade.domain.errors import BadSignature, WrongRecipient
from xingqu.trade.providers.addresses import callback_address, return_address
from xingqu.trade.providers.keys import WechatKeys
from xingqu.trade.providers.protocol import (
    BILL_ZONE,
    BilledItem,
    BillNotReady,
    Notice,
    Opening,
    PaymentRef,
    PaymentRequest,
    ProviderRefused,
    ProviderUnsure,
    RefundRequest,
    StatusReport,
)
from xingqu.trade.providers.wechat_bill import read_bill

log = logging.getLogger(__name__)
MAX_AGE_S = 300
STATES: dict[str, Literal["pending", "succeeded", "failed", "closed"]] = {
    "SUCCESS": "succeeded",
    "NOTPAY": "pending",
    "USERPAYING": "pending",
    "ACCEPT": "pending",
    "PAYERROR": "failed",
    "CLOSED": "closed",
    "REVOKED": "closed",
    # Paid, and some of it went back before we ever heard that it was paid: not by us, so not to be delivered.
    "REFUND": "closed",
}
# WeChat's word is no final no: its own trouble, or an account that will be filled again.
PASSING = frozenset({"SYSTEM_ERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "NOT_ENOUGH", "BIZERR_NEED_RETRY"})
UNKNOWN_TRADE = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
Answer = tuple[int, dict[str, Any]]


class WechatProvider:
    """Implements PaymentProvider."""

    currencies: frozenset[str] | None = frozenset({"CNY"})
    acknowledgement: str | None = None
    own_threads = True

    def __init__(self, keys: WechatKeys) -> None:
        import wechatpayv3
        from wechatpayv3.type import WeChatPayType

        self._types = WeChatPayType
        self._keys = keys
        make: Any = wechatpayv3.WeChatPay
        self._client = make(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=keys.merchant_id,
            private_key=keys.private_key,
            cert_serial_no=keys.certificate_serial,
            appid=keys.app_id,
            apiv3_key=keys.api_v3_key,
            public_key=keys.public_key,
            public_key_id=keys.public_key_id,
            timeout=(min(keys.timeout_s, 3.0), keys.timeout_s),
        )
        self._client._core._gate_way = keys.gateway  # the SDK itself knows only one address

    def create(self, request: PaymentRequest) -> str | None:
        return None

    def open(self, request: PaymentRequest) -> Opening:
        """A QR code for a computer, the address of WeChat's page for a phone."""
        on_phone = request.device == "phone" and request.payer_ip != ""
        scene = {"payer_client_ip": request.payer_ip, "h5_info": {"type": "Wap"}} if on_phone else None
        status, answer = self._ask(
            "pay",
            description=request.subject,
            out_trade_no=request.payment_no,
            amount={"total": request.amount_minor, "currency": request.currency},
            time_expire=request.expires_at.astimezone(BILL_ZONE).isoformat(timespec="seconds"),
            notify_url=request.notify_url,
            scene_info=scene,
            pay_type=self._types.H5 if on_phone else self._types.NATIVE,
        )
        if status == 200 and on_phone and answer.get("h5_url"):
            back = urlencode({"redirect_url": return_address(request)})
            return Opening("redirect", f"{answer['h5_url']}&{back}")
        if status == 200 and answer.get("code_url"):
            return Opening("qr", str(answer["code_url"]))
        _raise_if_passing(status, answer)
        raise ProviderRefused(str(answer.get("code") or status))

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> Notice:
        self._check_envelope(headers)
        try:
            found = self._client.callback(headers, body)
        except Exception as error:  # what the SDK raises for rubbish is of any kind
            raise BadSignature from error
        if not isinstance(found, dict):
            raise BadSignature
        try:
            return self._notice(found, found["resource"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadSignature from error

    def _check_envelope(self, headers: Mapping[str, str]) -> None:
        if headers.get("Wechatpay-Serial") != self._keys.public_key_id:
            raise BadSignature
        try:
            age_s = clock.now().timestamp() - int(headers.get("Wechatpay-Timestamp", ""))
            base64.b64decode(headers.get("Wechatpay-Signature", ""), validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadSignature from error
        if abs(age_s) > MAX_AGE_S:
            raise BadSignature

    def _notice(self, found: dict[str, Any], resource: dict[str, Any]) -> Notice:
        event_id, kind = found["id"], found["event_type"]
        if not isinstance(event_id, str) or not 0 < len(event_id) <= 80:
            raise ValueError("no event id")
        if kind == "TRANSACTION.SUCCESS":
            return Notice(event_id, self._report(resource))
        if kind.startswith("REFUND."):
            self._check_recipient(resource, ("mchid", self._keys.merchant_id))
            return Notice(event_id, refund_no=str(resource["out_refund_no"]))
        return Notice(event_id)

    def query(self, payment: PaymentRef) -> StatusReport:
        status, answer = self._ask("query", out_trade_no=payment.payment_no)
        if status == 404 and answer.get("code") in UNKNOWN_TRADE:
            return StatusReport(payment.payment_no, "pending", payment.amount_minor, payment.currency, "")
        if status != 200 or answer.get("out_trade_no") != payment.payment_no:
            raise ProviderUnsure(f"{status} {answer.get('code')}")
        try:
            return self._report(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderUnsure(f"unreadable answer: {error!r}") from error

    def close(self, payment: PaymentRef) -> StatusReport:
        status, answer = self._ask("close", out_trade_no=payment.payment_no)
        if status == 204 or (status == 404 and answer.get("code") in UNKNOWN_TRADE):
            return StatusReport(payment.payment_no, "closed", payment.amount_minor, payment.currency, "")
        return self.query(payment)  # paid or closed in the meantime

    def refund(self, request: RefundRequest) -> bool:
        status, answer = self._ask("query_refund", out_refund_no=request.refund_no)
        if status == 404 and answer.get("code") in UNKNOWN_TRADE:
            status, answer = self._ask(
                "refund",
                out_refund_no=request.refund_no,
                out_trade_no=request.payment_no,
                amount={
                    "refund": request.amount_minor,
                    "total": request.paid_minor,
                    "currency": request.currency,
                },
                notify_url=callback_address("wechat"),
            )
        if status == 200:
            return _has_gone_back(request, answer)
        _raise_if_passing(status, answer)
        return False

    def bill(self, day: date) -> list[BilledItem]:
        status, answer = self._ask("trade_bill", bill_date=day.isoformat())
        if status == 400 and answer.get("code") == "NO_STATEMENT_EXIST":
            return []  # a day without any payment has no bill
        if status == 400 and answer.get("code") == "STATEMENT_CREATING":
            raise BillNotReady("the bill is being made")
        if status != 200:
            raise ProviderUnsure(f"{status} {answer.get('code')}")
        try:
            found_status, content = self._client.download_bill(str(answer["download_url"]))
            if found_status != 200 or not isinstance(content, bytes):
                raise ValueError(f"status {found_status}")
            return read_bill(content, sha1=str(answer["hash_value"]))
        except Exception as error:  # the SDK's, requests' and those of what is no bill
            raise ProviderUnsure(f"the bill can't be read: {error!r}"[:300]) from error

    def _report(self, content: dict[str, Any]) -> StatusReport:
        self._check_recipient(content, ("mchid", self._keys.merchant_id), ("appid", self._keys.app_id))
        # A payment that nobody has begun has no amount yet.
        amount = content.get("amount") or {"total": 0, "currency": "CNY"}
        paid_at = content.get("success_time")
        total = amount["total"]
        if not isinstance(total, int):
            raise ValueError("the amount is no number")
        return StatusReport(
            payment_no=str(content["out_trade_no"]),
            state=STATES[content["trade_state"]],
            amount_minor=total,
            currency=str(amount.get("currency", "CNY")),
            reference=str(content.get("transaction_id", ""))[:64],
            paid_at=datetime.fromisoformat(paid_at) if paid_at else None,
        )

    @staticmethod
    def _check_recipient(content: Mapping[str, Any], *expected: tuple[str, str]) -> None:
        for name, value in expected:
            if content[name] != value:
                raise WrongRecipient(field=name)

    def _ask(self, action: str, **fields: Any) -> Answer:
        """(status, body) of an answer; that of a success is signed. Raises ProviderUnsure without one."""
        try:
            status, text = getattr(self._client, action)(**fields)
            content = orjson.loads(text) if text else {}
        except Exception as error:  # requests' own, and the SDK's bare Exception of a wrong signature
            raise ProviderUnsure(f"{action}: {type(error).__name__}") from error
        if not isinstance(content, dict):
            raise ProviderUnsure(f"{action}: the answer is no object")
        return int(status), content


def _has_gone_back(request: RefundRequest, answer: Mapping[str, Any]) -> bool:
    amount = answer.get("amount")
    same = isinstance(amount, dict) and amount.get("refund") == request.amount_minor
    if answer.get("out_refund_no") != request.refund_no or not same:
        raise ProviderUnsure(f"refund {request.refund_no} is another one there")
    state = answer.get("status")
    if state == "SUCCESS":
        return True
    if state == "CLOSED":
        return False
    if (
        state == "ABNORMAL"
    ):  # the buyer's card is gone; whoever runs the site says in WeChat's console where else to pay
        log.error("refund %s is abnormal: it waits in WeChat Pay's console", request.refund_no)
    raise ProviderUnsure(f"the refund is {state}")


def _raise_if_passing(status: int, answer: Mapping[str, Any]) -> None:
    if status >= 500 or status == 429 or answer.get("code") in PASSING:
        raise ProviderUnsure(f"{status} {answer.get('code')}")
