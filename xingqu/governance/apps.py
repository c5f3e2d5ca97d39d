from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "xingqu.governance"
    label = "governance"
