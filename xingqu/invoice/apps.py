from django.apps import AppConfig


class InvoiceConfig(AppConfig):
    name = "xingqu.invoice"
    label = "invoice"
