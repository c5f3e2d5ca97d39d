"""Settings of the payment providers, a part of :class:`xingqu.config.environment.Environment`.

A key is given as text or as a file; a provider is offered as soon as all it needs is there.
"""

from datetime import time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

EMPTY = SecretStr("")


class PaymentSettings(BaseSettings):
    """Which ways to pay a site has."""

    payment_sandbox: bool | None = Field(
        None,
        description="Whether buyers may pay in the sandbox, where no money moves. Empty: on a demo, and as long as no other "
        "provider is set up.",
    )
    payment_timeout_s: float = Field(
        8.0,
        gt=0,
        le=60,
        description="How long a payment provider may take to answer before its answer counts as unknown.",
    )
    payment_bill_after: time = Field(
        time(10, 30),
        description="Time of day (Beijing) from which the providers' bills of the day before are fetched and compared.",
    )
    payment_bill_days: int = Field(
        3, ge=1, le=30, description="For so many days back a bill that could not be had is asked for again."
    )

    alipay_app_id: str = Field("", description="Alipay: id of the app (APPID). Empty: Alipay is not offered.")
    alipay_seller_id: str = Field(
        "",
        description="Alipay: the account (PID, 2088…) that is paid. Notices about another are refused. Empty: not compared.",
    )
    alipay_private_key: SecretStr = Field(
        EMPTY, description="Alipay: the app's private key (RSA2), PEM or its bare base64."
    )
    alipay_private_key_file: Path | None = Field(None, description="Alipay: file with the app's private key.")
    alipay_public_key: SecretStr = Field(
        EMPTY, description="Alipay: Alipay's public key (not the app's), PEM or its bare base64."
    )
    alipay_public_key_file: Path | None = Field(None, description="Alipay: file with Alipay's public key.")
    alipay_gateway: str = Field(
        "https://openapi.alipay.com/gateway.do",
        description="Alipay: address of the gateway. Alipay's own sandbox: https://openapi-sandbox.dl.alipaydev.com/gateway.do",
    )
    alipay_desktop: Literal["page", "qr"] = Field(
        "page", description="Alipay on a computer: Alipay's own page, or a QR code on the site's page (needs 当面付)."
    )

    wechat_app_id: str = Field("", description="WeChat Pay: APPID that the merchant is bound to. Empty: not offered.")
    wechat_merchant_id: str = Field("", description="WeChat Pay: number of the merchant (mchid).")
    wechat_certificate_serial: str = Field(
        "", description="WeChat Pay: serial number of the merchant's API certificate."
    )
    wechat_private_key: SecretStr = Field(
        EMPTY, description="WeChat Pay: the merchant's private key, PEM (apiclient_key.pem)."
    )
    wechat_private_key_file: Path | None = Field(None, description="WeChat Pay: file with the merchant's private key.")
    wechat_public_key: SecretStr = Field(EMPTY, description="WeChat Pay: WeChat Pay's public key (微信支付公钥), PEM.")
    wechat_public_key_file: Path | None = Field(None, description="WeChat Pay: file with WeChat Pay's public key.")
    wechat_public_key_id: str = Field("", description="WeChat Pay: id of WeChat Pay's public key (PUB_KEY_ID_…).")
    wechat_api_v3_key: SecretStr = Field(EMPTY, description="WeChat Pay: the APIv3 key, 32 characters.")
    wechat_api_v3_key_file: Path | None = Field(None, description="WeChat Pay: file with the APIv3 key.")
    wechat_gateway: str = Field("https://api.mch.weixin.qq.com", description="WeChat Pay: address of the API.")

    stripe_secret_key: SecretStr = Field(
        EMPTY, description="Stripe: secret or restricted key (sk_… or rk_…). Empty: Stripe is not offered."
    )
    stripe_secret_key_file: Path | None = Field(None, description="Stripe: file with the secret key.")
    stripe_webhook_secret: SecretStr = Field(EMPTY, description="Stripe: signing secret of the webhook (whsec_…).")
    stripe_webhook_secret_file: Path | None = Field(None, description="Stripe: file with the signing secret.")
    stripe_gateway: str = Field("https://api.stripe.com", description="Stripe: address of the API.")
