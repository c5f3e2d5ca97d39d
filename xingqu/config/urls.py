"""Addresses of the web process. The edge serves files and streams in front of it."""

from django.contrib import admin
from django.urls import include, path

from xingqu.config.api import api
from xingqu.config.routing import api_urls

urlpatterns = [
    api_urls("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("sandbox-carrier/", include("xingqu.fulfilment.carriers.simulated.urls")),
    path("sandbox-pay/", include("xingqu.trade.providers.sandbox.urls")),
    path("sandbox-bank/", include("xingqu.settlement.providers.sandbox.urls")),
    path("admin/", admin.site.urls),
]

handler404 = "xingqu.config.pages.not_found"
handler500 = "xingqu.config.pages.server_error"
