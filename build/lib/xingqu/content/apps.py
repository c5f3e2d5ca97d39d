from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "xingqu.content"
    label = "content"
