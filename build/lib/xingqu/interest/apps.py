from django.apps import AppConfig


class InterestConfig(AppConfig):
    name = "xingqu.interest"
    label = "interest"
