from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "xingqu.collaboration"
    label = "collaboration"
