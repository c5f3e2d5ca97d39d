from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "xingqu.review"
    label = "review"
