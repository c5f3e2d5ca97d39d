from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "xingqu.feed"
    label = "feed"
