from django.apps import AppConfig


class SandboxBankConfig(AppConfig):
    name = "xingqu.settlement.providers.sandbox"
    label = "sandbox_bank"
