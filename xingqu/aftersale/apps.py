from django.apps import AppConfig


class AftersaleConfig(AppConfig):
    name = "xingqu.aftersale"
    label = "aftersale"
