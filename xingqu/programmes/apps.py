from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "xingqu.programmes"
    label = "programmes"
