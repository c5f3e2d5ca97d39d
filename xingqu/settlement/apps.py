from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "xingqu.settlement"
    label = "settlement"
