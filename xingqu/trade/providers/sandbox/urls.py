"""Addresses of the gateway, under /sandbox-pay/."""

from django.urls import path

from xingqu.trade.providers.sandbox import views

urlpatterns = [
    path("pay", views.pay_page),
    path("api/query", views.query),
    path("api/refund", views.refund),
    path("api/close", views.close),
    path("api/bill", views.bill),
]
