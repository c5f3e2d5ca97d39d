from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "xingqu.trade"
    label = "trade"
