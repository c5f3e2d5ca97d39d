from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    name = "xingqu.openapi"
    label = "openapi"
