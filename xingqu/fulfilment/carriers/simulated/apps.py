from django.apps import AppConfig


class SandboxCarrierConfig(AppConfig):
    name = "xingqu.fulfilment.carriers.simulated"
    label = "sandbox_carrier"
