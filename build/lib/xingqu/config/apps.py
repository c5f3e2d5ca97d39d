from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "xingqu.config"
    label = "config"
