from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "xingqu.accounts"
    label = "accounts"
