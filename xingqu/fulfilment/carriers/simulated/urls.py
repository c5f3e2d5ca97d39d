"""Addresses of the simulated carrier, under /sandbox-carrier/."""

from django.urls import path

from xingqu.fulfilment.carriers.simulated import views

urlpatterns = [path("api/<slug:action>", views.answer)]
