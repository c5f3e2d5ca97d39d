from django.apps import AppConfig


class SandboxPayConfig(AppConfig):
    name = "xingqu.trade.providers.sandbox"
    label = "sandbox_pay"
