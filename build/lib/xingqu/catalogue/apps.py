from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "xingqu.catalogue"
    label = "catalogue"
