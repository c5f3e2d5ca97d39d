from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "xingqu.signals"
    label = "signals"
