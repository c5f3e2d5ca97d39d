from django.apps import AppConfig


class AllianceConfig(AppConfig):
    name = "xingqu.alliance"
    label = "alliance"
