"""Addresses of the bank, under /sandbox-bank/."""

from django.urls import path

from xingqu.settlement.providers.sandbox import views

urlpatterns = [path("api/pay", views.pay), path("api/payouts", views.payouts)]
