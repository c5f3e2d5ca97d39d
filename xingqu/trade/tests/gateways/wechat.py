"""WeChat Pay v3: JSON with signed headers both ways, notices whose resource is encrypted with the APIv3 key."""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import time
import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingqu.kit import clock
from xingqu.trade.providers.protocol import BILL_ZONE
from xingqu.trade.tests.gateways.base import (
    PATIENCE_S,
    Answer,
    BookedRefund,
    BookedTrade,
    Gateway,
    Headers,
    private_pem,
    public_pem,
    rsa_check,
    rsa_sign,
)

APP_ID, MERCHANT_ID, SERIAL = "wx0000000000000001", "1900000001", "5157F09EFDC096DE15EBE81A47057A7200000001"
KEY_ID, API_V3_KEY = "PUB_KEY_ID_0119000000012026000000000001", "0123456789abcdef0123456789abcdef"
AUTHORIZATION = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="(\w+)",nonce_str="(\w+)",signature="([^"]+)",timestamp="(\d+)",serial_no="(\w+)"'
)
HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
    "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
    "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
    "费率备注"
)
COLUMNS = HEADER.split(",")


class WechatGateway(Gateway):
    name = "wechat"

    def settings(self) -> dict[str, Any]:
        from pydantic import SecretStr

        return {
            "wechat_app_id": APP_ID,
            "wechat_merchant_id": MERCHANT_ID,
            "wechat_certificate_serial": SERIAL,
            "wechat_private_key": SecretStr(private_pem("shop")),
            "wechat_public_key": SecretStr(public_pem("wechat")),
            "wechat_public_key_id": KEY_ID,
            "wechat_api_v3_key": SecretStr(API_V3_KEY),
            "wechat_gateway": self.url,
            "payment_timeout_s": PATIENCE_S,
        }

    def answer(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        if not self._believes(method, path, headers, body):
            self.broken.append(path)
            return _refused(401, "SIGN_ERROR")
        parts = urlsplit(path)
        self.calls.append(parts.path)
        found = self._route(method, parts.path, parse_qs(parts.query), json.loads(body) if body else {})
        return self._signed(found) if found.status < 300 else found

    def _believes(self, method: str, path: str, headers: Headers, body: bytes) -> bool:
        found = AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
        if found is None or found[1] != MERCHANT_ID or found[5] != SERIAL or headers.get("Wechatpay-Serial") != KEY_ID:
            return False
        try:
            text = f"{method}\n{path}\n{found[4]}\n{found[2]}\n{body.decode()}\n"
            rsa_check("shop", text, base64.b64decode(found[3]))
        except InvalidSignature:
            return False
        return abs(time.time() - int(found[4])) < 300

    def _signed(self, answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, {**answer.headers, **envelope(answer.body, int(time.time()))})

    def _route(self, method: str, path: str, query: dict[str, list[str]], content: dict[str, Any]) -> Answer:
        if path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return self._make(path, content)
        if found := re.fullmatch(r"/v3/pay/transactions/out-trade-no/(\w+)(/close)?", path):
            trade = self.trades.get(found[1])
            if trade is None:
                return _refused(404, "ORDER_NOT_EXIST")
            return self._close(trade) if found[2] else _json(200, self._trade_fields(trade))
        if path == "/v3/refund/domestic/refunds":
            return self._refund(content)
        if found := re.fullmatch(r"/v3/refund/domestic/refunds/(\w+)", path):
            known = self._find_refund(found[1])
            return _json(200, _refund_fields(*known)) if known else _refused(404, "RESOURCE_NOT_EXISTS")
        if path == "/v3/bill/tradebill":
            return self._bill_address(query["bill_date"][0])
        if path == "/v3/billdownload/file":
            plain = self.bill(date.fromisoformat(query["token"][0]))
            return Answer(200, gzip.compress(plain), {"Content-Type": "application/octet-stream"})
        return _refused(404, "NO_SUCH_PATH")

    def _make(self, path: str, content: dict[str, Any]) -> Answer:
        number, amount = content["out_trade_no"], content["amount"]
        if content["appid"] != APP_ID or content["mchid"] != MERCHANT_ID or not 6 <= len(number) <= 32:
            return _refused(400, "PARAM_ERROR")
        if datetime.fromisoformat(content["time_expire"]) <= datetime.now(BILL_ZONE):
            return _refused(400, "PARAM_ERROR")
        trade = self.book(number, amount["total"], amount["currency"])
        if trade.state == "paid":
            return _refused(400, "ORDERPAID")
        if path.endswith("h5"):
            assert content["scene_info"]["payer_client_ip"]
            return _json(200, {"h5_url": f"https://wx.tenpay.test/pay?prepay_id={number}"})
        return _json(200, {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"})

    def arrive(self, action_url: str) -> str:
        query = parse_qs(urlsplit(action_url).query)
        return (query.get("pr") or query["prepay_id"])[0]

    def _trade_fields(self, trade: BookedTrade) -> dict[str, Any]:
        state = {"open": "NOTPAY", "paid": "REFUND" if trade.refunds else "SUCCESS", "closed": "CLOSED"}[trade.state]
        fields: dict[str, Any] = {"appid": APP_ID, "mchid": MERCHANT_ID, "out_trade_no": trade.payment_no}
        fields |= {"trade_state": state, "amount": {"total": trade.amount_minor, "currency": trade.currency}}
        if trade.state == "paid":
            fields |= {"transaction_id": trade.number, "success_time": _rfc(trade.at)}
        return fields

    def _close(self, trade: BookedTrade) -> Answer:
        if trade.state == "paid":
            return _refused(400, "ORDERPAID")
        trade.state = "closed"
        return Answer(204, b"")

    def _find_refund(self, refund_no: str) -> tuple[BookedTrade, BookedRefund] | None:
        known = [(trade, trade.refunds[refund_no]) for trade in self.trades.values() if refund_no in trade.refunds]
        return known[0] if known else None

    def _refund(self, content: dict[str, Any]) -> Answer:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return _refused(404, "RESOURCE_NOT_EXISTS")
        if content["amount"]["total"] != trade.amount_minor:
            return _refused(400, "INVALID_REQUEST")
        refund = self.give_back(trade, content["out_refund_no"], content["amount"]["refund"])
        return _refused(400, "INVALID_REQUEST") if refund is None else _json(200, _refund_fields(trade, refund))

    def _bill_address(self, day: str) -> Answer:
        if not self.bill_ready:
            return _refused(400, "STATEMENT_CREATING")
        plain = self.bill(date.fromisoformat(day))
        if plain.count(b"\n") == 3:
            return _refused(400, "NO_STATEMENT_EXIST")
        address = f"{self.url}/v3/billdownload/file?token={day}"
        return _json(200, {"hash_type": "SHA1", "hash_value": hashlib.sha1(plain).hexdigest(), "download_url": address})

    def bill(self, day: date) -> bytes:
        out = io.StringIO()
        out.write("\ufeff")
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        for trade in self.trades.values():
            if trade.state == "paid" and trade.at.astimezone(BILL_ZONE).date() == day:
                for _ in range(1 + (trade.payment_no in self.billed_twice)):
                    rows.writerow(self._bill_row(trade, None))
            for refund in trade.refunds.values():
                if refund.at.astimezone(BILL_ZONE).date() == day:
                    rows.writerow(self._bill_row(trade, refund))
        rows.writerow(["总交易单数", "应结订单总金额"])
        rows.writerow(["`0", "`0.00"])
        return out.getvalue().encode()

    def _bill_row(self, trade: BookedTrade, refund: BookedRefund | None) -> list[str]:
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {
            "交易时间": _plain_time(refund.at if refund else trade.at),
            "公众账号ID": APP_ID,
            "商户号": MERCHANT_ID,
        }
        cells |= {"微信订单号": trade.number, "商户订单号": trade.payment_no, "货币种类": trade.currency}
        cells |= {"交易状态": "REFUND" if refund else "SUCCESS", "订单金额": f"{trade.amount_minor / 100:.2f}"}
        cells |= {"手续费": "0.00600", "费率": "0.60%", "应结订单金额": f"{trade.amount_minor / 100:.2f}"}
        if refund:
            state = {"done": "SUCCESS", "under_way": "PROCESSING", "failed": "FAIL"}[refund.state]
            cells |= {"商户退款单号": refund.refund_no, "微信退款单号": refund.number, "退款状态": state}
            cells |= {
                "退款金额": f"{refund.amount_minor / 100:.2f}",
                "申请退款金额": f"{refund.amount_minor / 100:.2f}",
            }
        return [f"`{cells[column]}" for column in COLUMNS]

    def notice(self, payment_no: str, *, event_id: str = "", forge: str = "", **changes: Any) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        resource = self._trade_fields(trade)
        resource["out_trade_no"] = changes.get("number", payment_no)
        resource["mchid"] = changes.get("recipient", MERCHANT_ID)
        resource["amount"] = {
            "total": changes.get("amount_minor", trade.amount_minor),
            "currency": changes.get("currency", trade.currency),
        }
        return encrypted_notice("TRANSACTION.SUCCESS", resource, event_id=event_id, forge=forge)

    def refund_notice(self, payment_no: str, refund_no: str) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        fields = _refund_fields(trade, trade.refunds[refund_no])
        return encrypted_notice("REFUND.SUCCESS", {"mchid": MERCHANT_ID, **fields, "refund_status": "SUCCESS"})

    def other_notice(self) -> tuple[Headers, bytes]:
        return encrypted_notice("PAYSCORE.USER_OPEN_SERVICE", {"mchid": MERCHANT_ID})


def envelope(body: bytes, at_s: int, *, signer: str = "wechat", serial: str = KEY_ID) -> Headers:
    """The headers that prove a body to be WeChat Pay's."""
    nonce = uuid.uuid4().hex
    signature = rsa_sign(signer, f"{at_s}\n{nonce}\n{body.decode() if _is_text(body) else ''}\n")
    return {
        "Wechatpay-Timestamp": str(at_s),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def encrypted_notice(
    kind: str, resource: dict[str, Any], *, event_id: str = "", forge: str = ""
) -> tuple[Headers, bytes]:
    """A notice as WeChat Pay sends it; `forge`: altered, other_key, unsigned, stale, other_cipher, other_serial."""
    key = ("f" * 32 if forge == "other_cipher" else API_V3_KEY).encode()
    nonce, associated = uuid.uuid4().hex[:12], "transaction"
    ciphertext = AESGCM(key).encrypt(nonce.encode(), json.dumps(resource).encode(), associated.encode())
    body = json.dumps(
        {
            "id": event_id or str(uuid.uuid4()),
            "create_time": _rfc(datetime.now(BILL_ZONE)),
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "通知",
            "resource": {
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(ciphertext).decode(),
                "associated_data": associated,
                "nonce": nonce,
            },
        }
    ).encode()
    at_s = int(clock.now().timestamp()) - (3600 if forge == "stale" else 0)
    signer = "shop" if forge == "other_key" else "wechat"
    headers = envelope(body, at_s, signer=signer, serial="5157F09EFDC096DE" if forge == "other_serial" else KEY_ID)
    if forge == "unsigned":
        del headers["Wechatpay-Signature"]
    return {**headers, "Content-Type": "application/json"}, body + (b" " if forge == "altered" else b"")


def _is_text(body: bytes) -> bool:
    return not body.startswith(b"\x1f\x8b")


def _refund_fields(trade: BookedTrade, refund: BookedRefund) -> dict[str, Any]:
    return {
        "refund_id": refund.number,
        "out_refund_no": refund.refund_no,
        "out_trade_no": trade.payment_no,
        "status": {"done": "SUCCESS", "under_way": "PROCESSING", "failed": "CLOSED"}[refund.state],
        "amount": {"refund": refund.amount_minor, "total": trade.amount_minor, "currency": trade.currency},
    }


def _json(status: int, content: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(content).encode(), {"Content-Type": "application/json; charset=utf-8"})


def _refused(status: int, code: str) -> Answer:
    return _json(status, {"code": code, "message": code})


def _rfc(at: datetime) -> str:
    return at.astimezone(BILL_ZONE).isoformat(timespec="seconds")


def _plain_time(at: datetime) -> str:
    return at.astimezone(BILL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
