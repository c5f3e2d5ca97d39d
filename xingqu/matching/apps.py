from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "xingqu.matching"
    label = "matching"
