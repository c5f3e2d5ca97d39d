from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "xingqu.ledger"
    label = "ledger"
