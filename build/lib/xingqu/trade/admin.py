"""Read-only views for operators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from xingqu.trade.models import ParentOrder, PaymentAttempt, Refund, ShopOrder


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Orders and money change through their services only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ParentOrder)
class ParentOrderAdmin(ReadOnlyAdmin):
    list_display = ("order_no", "state", "payable_minor", "currency", "created_at")
    search_fields = ("order_no", "buyer_key")


@admin.register(ShopOrder)
class ShopOrderAdmin(ReadOnlyAdmin):
    list_display = ("order_no", "shop_id", "state", "payable_minor", "currency", "created_at")
    list_filter = ("state",)
    search_fields = ("order_no", "buyer_key")


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnlyAdmin):
    list_display = ("payment_no", "provider", "state", "outcome", "amount_minor", "created_at")
    list_filter = ("state", "outcome")
    search_fields = ("payment_no",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("refund_no", "reason", "amount_minor", "done", "tries", "created_at")
    list_filter = ("done", "reason")
