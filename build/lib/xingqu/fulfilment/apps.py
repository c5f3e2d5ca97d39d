from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "xingqu.fulfilment"
    label = "fulfilment"
