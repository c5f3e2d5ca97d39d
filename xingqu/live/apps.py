from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "xingqu.live"
    label = "live"
