from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "xingqu.kit"
    label = "kit"
