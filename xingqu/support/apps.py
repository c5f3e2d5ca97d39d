from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "xingqu.support"
    label = "support"
