from django.apps import AppConfig


class ExperienceConfig(AppConfig):
    name = "xingqu.experience"
    label = "experience"
