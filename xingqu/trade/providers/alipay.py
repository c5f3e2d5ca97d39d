"""Alipay over python-alipay-sdk: page and phone pages, QR codes, notices signed with RSA2.

What the SDK does that one would not expect: importing it configures Python's logging anew; it stamps requests with the
machine's local time, where Alipay wants Beijing's; it waits 15 s by default; it reads a signed part by counting braces; it
leaves the connection of an answer that breaks off or is an error to the garbage collector. Its client holds nothing but keys
and may be used by many threads.
"""

import logging.config
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from http.client import HTTPException
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.parse import parse_qsl
from urllib.request import urlopen

import httpx

from xingqu.kit import clock
from xingqu.kit.money import parse_decimal
from xingqu.trade.domain.errors import BadSignature, WrongRecipient
from xingqu.trade.providers.addresses import return_address
from xingqu.trade.providers.alipay_bill import read_bill
from xingqu.trade.providers.amounts import decimal_text
from xingqu.trade.providers.keys import AlipayKeys
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

TIME = "%Y-%m-%d %H:%M:%S"
OK, BUSINESS = "10000", "40004"
NOT_EXIST = "ACQ.TRADE_NOT_EXIST"
# Alipay's word is no final no: its own trouble, or an account that will be filled again.
PASSING = frozenset({"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "isp.unknow-error"})
STATES: dict[str, Literal["pending", "succeeded", "closed"]] = {
    "WAIT_BUYER_PAY": "pending",
    "TRADE_SUCCESS": "succeeded",
    "TRADE_FINISHED": "succeeded",
    # Also of a payment that went back in full; we know of ours before it does.
    "TRADE_CLOSED": "closed",
}


@cache
def _sdk() -> Any:
    configure = logging.config.dictConfig
    logging.config.dictConfig = lambda config: None
    try:
        import alipay
    finally:
        logging.config.dictConfig = configure
    return alipay


class AlipayProvider:
    """Implements PaymentProvider."""

    currencies: frozenset[str] | None = frozenset({"CNY"})
    acknowledgement: str | None = "success"
    own_threads = True

    def __init__(self, keys: AlipayKeys) -> None:
        sdk = _sdk()
        self._keys = keys
        self._client = sdk.AliPay(
            appid=keys.app_id,
            app_private_key_string=keys.private_key,
            alipay_public_key_string=keys.public_key,
            sign_type="RSA2",
            config=sdk.utils.AliPayConfig(timeout=keys.timeout_s),
        )
        self._client._gateway = keys.gateway  # the SDK itself knows only two addresses
        self._client.verified_sync_response = self._fetch

    def create(self, request: PaymentRequest) -> str | None:
        """A signed address of Alipay's page; nothing is sent."""
        if request.device == "desktop" and self._keys.desktop == "qr":
            return None
        if request.device == "phone":
            method, product = "alipay.trade.wap.pay", "QUICK_WAP_WAY"
        else:
            method, product = "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"
        signed = self._client.client_api(
            method,
            _content(request, product_code=product),
            timestamp=_beijing(clock.now()),
            notify_url=request.notify_url,
            return_url=return_address(request),
        )
        return f"{self._keys.gateway}?{signed}"

    def open(self, request: PaymentRequest) -> Opening:
        """The content of a QR code to be scanned with Alipay."""
        answer = self._ask("alipay.trade.precreate", _content(request), notify_url=request.notify_url)
        if answer["code"] == OK and answer.get("qr_code"):
            return Opening("qr", str(answer["qr_code"]))
        _refuse_if_final(answer)
        raise ProviderRefused(str(answer.get("sub_code") or answer["code"]))

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> Notice:
        try:
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            signature = fields.pop("sign")
            if fields.get("sign_type") != "RSA2" or not self._client.verify(dict(fields), signature):
                raise BadSignature
            return self._notice(fields)
        except (ValueError, KeyError, TypeError) as error:
            raise BadSignature from error

    def _notice(self, fields: dict[str, str]) -> Notice:
        if fields["app_id"] != self._keys.app_id:
            raise WrongRecipient(field="app_id")
        if self._keys.seller_id and fields.get("seller_id") != self._keys.seller_id:
            raise WrongRecipient(field="seller_id")
        event_id = fields["notify_id"]
        if not 0 < len(event_id) <= 80:
            raise ValueError("no event id")
        if fields.get("notify_type") != "trade_status_sync":
            return Notice(event_id)
        if fields.get("gmt_refund") or fields.get("refund_fee"):
            return Notice(event_id, refund_no=fields.get("out_biz_no", ""))
        return Notice(event_id, _report(fields, fields.get("gmt_payment")))

    def query(self, payment: PaymentRef) -> StatusReport:
        answer = self._ask("alipay.trade.query", {"out_trade_no": payment.payment_no})
        if answer["code"] == BUSINESS and answer.get("sub_code") == NOT_EXIST:  # nobody has opened Alipay's page yet
            return StatusReport(payment.payment_no, "pending", payment.amount_minor, payment.currency, "")
        if answer["code"] != OK or answer.get("out_trade_no") != payment.payment_no:
            raise ProviderUnsure(_words(answer))
        try:
            return _report(answer, answer.get("send_pay_date"))
        except (ValueError, KeyError) as error:
            raise ProviderUnsure(f"unreadable answer: {error!r}") from error

    def close(self, payment: PaymentRef) -> StatusReport:
        answer = self._ask("alipay.trade.close", {"out_trade_no": payment.payment_no})
        if answer["code"] == OK or (answer["code"] == BUSINESS and answer.get("sub_code") == NOT_EXIST):
            return StatusReport(payment.payment_no, "closed", payment.amount_minor, payment.currency, "")
        return self.query(payment)  # paid or closed in the meantime

    def refund(self, request: RefundRequest) -> bool:
        if self._has_gone_back(request):
            return True
        answer = self._ask(
            "alipay.trade.refund",
            {
                "out_trade_no": request.payment_no,
                "out_request_no": request.refund_no,
                "refund_amount": decimal_text(request.amount_minor, request.currency),
            },
        )
        if answer["code"] == OK:
            if answer.get("fund_change") == "Y" or self._has_gone_back(request):
                return True
            raise ProviderUnsure("the refund is under way")
        _refuse_if_final(answer)
        return False

    def _has_gone_back(self, request: RefundRequest) -> bool:
        content = {"out_trade_no": request.payment_no, "out_request_no": request.refund_no}
        answer = self._ask("alipay.trade.fastpay.refund.query", content)
        if answer["code"] == BUSINESS and answer.get("sub_code") == NOT_EXIST:
            return False
        if answer["code"] != OK:
            raise ProviderUnsure(_words(answer))
        if answer.get("refund_status") != "REFUND_SUCCESS":  # also the answer about a number that Alipay does not know
            return False
        amount = decimal_text(request.amount_minor, request.currency)
        if answer.get("out_request_no") != request.refund_no or answer.get("refund_amount") != amount:
            raise ProviderUnsure(f"refund {request.refund_no} is of {answer.get('refund_amount')} there")
        return True

    def bill(self, day: date) -> list[BilledItem]:
        answer = self._ask(
            "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": day.isoformat()}
        )
        if answer["code"] == BUSINESS and "NOT_EXIST" in str(answer.get("sub_code")).upper():
            return []  # a day without any payment has no bill
        if answer["code"] != OK or not answer.get("bill_download_url"):
            raise BillNotReady(_words(answer))
        try:
            found = httpx.get(str(answer["bill_download_url"]), timeout=max(self._keys.timeout_s, 30), trust_env=False)
            found.raise_for_status()
            return read_bill(found.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderUnsure(f"the bill can't be read: {error!r}") from error

    def _fetch(self, data: dict[str, Any], response_type: str) -> Any:
        """In place of the SDK's own: the connection is closed whatever comes. Raises OSError, HTTPException, ValueError."""
        client = self._client
        try:
            with urlopen(f"{client._gateway}?{client.sign_data(data)}", timeout=self._keys.timeout_s) as response:
                text = response.read().decode()
        except HTTPError as error:
            error.close()
            raise
        return client._verify_and_return_sync_response(text, response_type)

    def _ask(self, method: str, content: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A signed answer. Raises ProviderUnsure for any other."""
        sdk = _sdk()
        try:
            answer = self._client.server_api(method, content, timestamp=_beijing(clock.now()), **fields)
        except (OSError, HTTPException, ValueError, sdk.exceptions.AliPayValidationError) as error:
            raise ProviderUnsure(f"{method}: {type(error).__name__}") from error
        except (sdk.exceptions.AliPayException, AttributeError, TypeError) as error:  # an answer without a signature
            raise ProviderUnsure(f"{method}: {str(error)[:300]}") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("code"), str):
            raise ProviderUnsure(f"{method}: the answer has no code")
        return answer


def _content(request: PaymentRequest, **fields: str) -> dict[str, Any]:
    return {
        "out_trade_no": request.payment_no,
        "total_amount": decimal_text(request.amount_minor, request.currency),
        "subject": request.subject,
        "time_expire": _beijing(request.expires_at),
        **fields,
    }


def _report(fields: Mapping[str, Any], paid_at: str | None) -> StatusReport:
    return StatusReport(
        payment_no=str(fields["out_trade_no"]),
        state=STATES[str(fields["trade_status"])],
        amount_minor=parse_decimal(str(fields["total_amount"]), "CNY"),
        currency="CNY",
        reference=str(fields["trade_no"])[:64],
        paid_at=datetime.strptime(paid_at, TIME).replace(tzinfo=BILL_ZONE) if paid_at else None,
    )


def _refuse_if_final(answer: Mapping[str, Any]) -> None:
    if answer["code"] == "20000" or answer.get("sub_code") in PASSING:
        raise ProviderUnsure(_words(answer))


def _words(answer: Mapping[str, Any]) -> str:
    return f"{answer.get('code')} {answer.get('sub_code')} {answer.get('sub_msg')}"


def _beijing(at: datetime) -> str:
    return at.astimezone(BILL_ZONE).strftime(TIME)
