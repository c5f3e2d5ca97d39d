"""Refunds and receipts of the time when only whole, unshipped orders went back: their parts, and what was earned."""

from django.db import migrations


def write_parts(apps, schema_editor):
    """Each refund of an order was of all its lines and the freight."""
    alias = schema_editor.connection.alias
    refund_line = apps.get_model("trade", "RefundLine")
    for refund in (
        apps.get_model("trade", "Refund").objects.using(alias).filter(order__isnull=False).select_related("order")
    ):
        order, rows = refund.order, []
        for line in apps.get_model("trade", "OrderLine").objects.using(alias).filter(order=order):
            paid = line.subtotal_minor - line.discount_minor
            subsidy = sum(part["amount_minor"] for part in line.discounts if part["payer"] == "platform")
            rows.append(
                refund_line(refund=refund, line=line, amount_minor=paid, subsidy_minor=subsidy, quantity=line.quantity)
            )
            if refund.done:
                line.refunded_minor, line.refunded_quantity = paid, line.quantity
            else:
                line.pending_minor, line.pending_quantity = paid, line.quantity
            line.save()
        if order.freight_minor:
            rows.append(refund_line(refund=refund, amount_minor=order.freight_minor))
        if refund.done:
            order.freight_refunded_minor, order.refunded_minor = order.freight_minor, refund.amount_minor
            order.refunded_subsidy_minor = order.platform_discount_minor
        else:
            order.freight_pending_minor = order.freight_minor
        order.save()
        refund.reference, refund.subsidy_minor = f"order:{order.order_no}", order.platform_discount_minor
        refund.save()
        refund_line.objects.using(alias).bulk_create(rows)


def write_earnings(apps, schema_editor):
    """What receipt booked: the fee stands in the books."""
    alias = schema_editor.connection.alias
    transfers = (
        apps.get_model("ledger", "Transfer").objects.using(alias).filter(credit_account__code="fee:tech_service")
    )
    for order in apps.get_model("trade", "ShopOrder").objects.using(alias).filter(state="done").iterator():
        fee = transfers.filter(journal__idempotency_key=f"received:{order.order_no}").values_list(
            "amount_minor", flat=True
        )
        order.income_minor = order.payable_minor + order.platform_discount_minor
        order.fee_minor = sum(fee)
        order.save(update_fields=["income_minor", "fee_minor"])


class Migration(migrations.Migration):
    dependencies = [("trade", "0005_partial_refunds"), ("ledger", "0002_triggers")]
    operations = [
        migrations.RunPython(write_parts, migrations.RunPython.noop),
        migrations.RunPython(write_earnings, migrations.RunPython.noop),
    ]
