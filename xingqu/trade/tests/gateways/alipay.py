"""Alipay: form requests signed with RSA2, answers with the signed part in the raw text, notices as signed forms."""

import base64
import csv
import io
import json
import uuid
import zipfile
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature

from xingqu.trade.providers.protocol import BILL_ZONE
from xingqu.trade.tests.gateways.base import (
    PATIENCE_S,
    Answer,
    BookedTrade,
    Gateway,
    Headers,
    private_pem,
    public_pem,
    rsa_check,
    rsa_sign,
)

APP_ID, SELLER_ID = "2021000100000001", "2088000000000001"
HEADER = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,"
    "终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
    "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
COLUMNS = HEADER.split(",")


def yuan(amount_minor: int) -> str:
    return f"{amount_minor / 100:.2f}"


def stamp(at: datetime) -> str:
    return at.astimezone(BILL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


class AlipayGateway(Gateway):
    name = "alipay"

    def settings(self) -> dict[str, Any]:
        from pydantic import SecretStr

        bare = "".join(private_pem("shop").splitlines()[1:-1])  # as Alipay's tool writes it
        return {
            "alipay_app_id": APP_ID,
            "alipay_seller_id": SELLER_ID,
            "alipay_private_key": SecretStr(bare),
            "alipay_public_key": SecretStr(public_pem("alipay")),
            "alipay_gateway": f"{self.url}/gateway.do",
            "payment_timeout_s": PATIENCE_S,
        }

    def answer(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        parts = urlsplit(path)
        if parts.path == "/bill":
            return Answer(200, self.bill(date.fromisoformat(parts.query)), {"Content-Type": "application/zip"})
        fields = self._checked(parts.query)
        if fields is None:
            return _plain(
                "error_response", {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
            )
        action = fields["method"]
        self.calls.append(action)
        acts = {
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refund_query,
            "alipay.data.dataservice.bill.downloadurl.query": self._bill_address,
        }
        return self._signed(action, acts[action](json.loads(fields["biz_content"])))

    def _checked(self, query: str) -> dict[str, str] | None:
        fields = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        signature = fields.pop("sign", "")
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        try:
            rsa_check("shop", text, base64.b64decode(signature))
        except (InvalidSignature, ValueError):
            self.broken.append(query)
            return None
        said = datetime.strptime(fields["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BILL_ZONE)
        known = fields["app_id"] == APP_ID and fields["sign_type"] == "RSA2" and fields["charset"] == "utf-8"
        if not known or abs((datetime.now(BILL_ZONE) - said).total_seconds()) > 600:
            self.broken.append(query)
            return None
        return fields

    def _signed(self, action: str, content: dict[str, Any]) -> Answer:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        signature = base64.b64encode(rsa_sign("alipay", text)).decode()
        body = f'{{"{action.replace(".", "_")}_response":{text},"sign":"{signature}"}}'
        return Answer(200, body.encode(), {"Content-Type": "text/html;charset=utf-8"})

    def arrive(self, action_url: str) -> str:
        parts = urlsplit(action_url)
        if parts.netloc == "qr.alipay.test":
            return parts.path[1:]
        fields = self._checked(parts.query)
        assert fields is not None, "the page's address is not signed by the shop"
        assert fields["method"] in ("alipay.trade.page.pay", "alipay.trade.wap.pay")
        content = json.loads(fields["biz_content"])
        assert content["product_code"] in ("FAST_INSTANT_TRADE_PAY", "QUICK_WAP_WAY")
        assert content["time_expire"] > stamp(datetime.now(BILL_ZONE))
        self.book(content["out_trade_no"], round(float(content["total_amount"]) * 100), "CNY")
        return str(content["out_trade_no"])

    def _precreate(self, content: dict[str, Any]) -> dict[str, Any]:
        number = content["out_trade_no"]
        self.book(number, round(float(content["total_amount"]) * 100), "CNY")
        return {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": number,
            "qr_code": f"https://qr.alipay.test/{number}",
        }

    def _query(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return _failed("ACQ.TRADE_NOT_EXIST")
        fields = {"code": "10000", "msg": "Success", **self._trade_fields(trade)}
        return fields if trade.state == "open" else {**fields, "send_pay_date": stamp(trade.at)}

    def _trade_fields(self, trade: BookedTrade) -> dict[str, str]:
        gone = trade.state == "closed" or trade.refunded_minor == trade.amount_minor > 0
        status = "TRADE_CLOSED" if gone else {"open": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS"}[trade.state]
        return {
            "trade_no": trade.number,
            "out_trade_no": trade.payment_no,
            "trade_status": status,
            "total_amount": yuan(trade.amount_minor),
        }

    def _close(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return _failed("ACQ.TRADE_NOT_EXIST")
        if trade.state != "open":
            return _failed("ACQ.TRADE_STATUS_ERROR")
        trade.state = "closed"
        return {"code": "10000", "msg": "Success", "out_trade_no": trade.payment_no}

    def _refund(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return _failed("ACQ.TRADE_NOT_EXIST")
        amount = round(float(content["refund_amount"]) * 100)
        is_new = content["out_request_no"] not in trade.refunds
        refund = self.give_back(trade, content["out_request_no"], amount)
        if refund is None:
            return _failed("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        fields = {"out_trade_no": trade.payment_no, "trade_no": trade.number, "refund_fee": yuan(trade.refunded_minor)}
        return {"code": "10000", "msg": "Success", "fund_change": "Y" if is_new else "N", **fields}

    def _refund_query(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return _failed("ACQ.TRADE_NOT_EXIST")
        refund = trade.refunds.get(content["out_request_no"])
        if refund is None or refund.state != "done":
            return {"code": "10000", "msg": "Success"}
        return {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": trade.payment_no,
            "out_request_no": refund.refund_no,
            "refund_amount": yuan(refund.amount_minor),
            "refund_status": "REFUND_SUCCESS",
        }

    def _bill_address(self, content: dict[str, Any]) -> dict[str, Any]:
        if not self.bill_ready:
            return _failed("isp.bill_being_made")
        return {"code": "10000", "msg": "Success", "bill_download_url": f"{self.url}/bill?{content['bill_date']}"}

    def bill(self, day: date) -> bytes:
        """A zip as Alipay makes it: GBK inside, and in the names."""
        out = io.StringIO()
        out.write(f"#支付宝业务明细查询\r\n#账号：[{SELLER_ID}]\r\n#-----业务明细列表-----\r\n")
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for trade in self.trades.values():
            if trade.state == "paid" and trade.at.astimezone(BILL_ZONE).date() == day:
                for _ in range(1 + (trade.payment_no in self.billed_twice)):
                    rows.writerow(self._bill_row(trade, "交易", trade.amount_minor, "", trade.at))
            for refund in trade.refunds.values():
                if refund.at.astimezone(BILL_ZONE).date() == day:
                    rows.writerow(self._bill_row(trade, "退款", -refund.amount_minor, refund.refund_no, refund.at))
        out.write("#-----业务明细列表结束-----\r\n")
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("summary.csv", "#支付宝业务汇总查询\r\n门店编号,交易订单总笔数\r\n".encode("gb18030"))
            archive.writestr("details.csv", out.getvalue().encode("gb18030"))
        return held.getvalue()

    def _bill_row(self, trade: BookedTrade, kind: str, amount: int, refund_no: str, at: datetime) -> list[str]:
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {"支付宝交易号": f"{trade.number}\t", "商户订单号": f"{trade.payment_no}\t", "业务类型": kind}
        cells |= {
            "创建时间": stamp(at),
            "完成时间": stamp(at),
            "订单金额（元）": yuan(amount),
            "商家实收（元）": yuan(amount),
        }
        cells |= {"退款批次号/请求号": refund_no, "服务费（元）": yuan(-round(amount * 0.006))}
        return [cells[column] for column in COLUMNS]

    def notice(self, payment_no: str, *, event_id: str = "", forge: str = "", **changes: Any) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        fields = {
            **self._trade_fields(trade),
            "gmt_payment": stamp(trade.at),
            "total_amount": yuan(changes.get("amount_minor", trade.amount_minor)),
            "out_trade_no": changes.get("number", payment_no),
            "app_id": changes.get("recipient", APP_ID),
        }
        return self._form(fields, event_id, forge)

    def refund_notice(self, payment_no: str, refund_no: str) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        refund = trade.refunds[refund_no]
        fields = {"gmt_refund": stamp(refund.at), "out_biz_no": refund_no, "refund_fee": yuan(trade.refunded_minor)}
        return self._form({**self._trade_fields(trade), **fields, "app_id": APP_ID}, "", "")

    def other_notice(self) -> tuple[Headers, bytes]:
        return self._form({"app_id": APP_ID, "notify_type": "servicemarket_order_notify"}, "", "")

    def _form(self, fields: dict[str, str], event_id: str, forge: str) -> tuple[Headers, bytes]:
        fields = {
            "notify_id": event_id or uuid.uuid4().hex,
            "notify_type": "trade_status_sync",
            "charset": "utf-8",
            "version": "1.0",
            "seller_id": SELLER_ID,
            "subject": "订单 & 100%",
            **fields,
        }
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        signer = "shop" if forge == "other_key" else "alipay"
        fields |= {"sign": base64.b64encode(rsa_sign(signer, text)).decode(), "sign_type": "RSA2"}
        if forge == "altered":
            fields["subject"] = "another"
        if forge == "unsigned":
            del fields["sign"]
        if forge == "weaker":
            fields["sign_type"] = "RSA"
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields, quote_via=quote).encode()


def _failed(sub_code: str) -> dict[str, str]:
    return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": sub_code}


def _plain(name: str, content: dict[str, str]) -> Answer:
    return Answer(200, json.dumps({name: content}).encode(), {"Content-Type": "text/html;charset=utf-8"})
