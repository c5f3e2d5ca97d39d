"""The one table of lists that are also files: which columns, and what their reader must be allowed beyond reading the list."""

from dataclasses import dataclass

SHOP = "/shops/{shop_id}"


@dataclass(frozen=True, slots=True)
class SheetOf:
    """A list's file. `columns` are dotted paths in a row; money is in minor units with its currency beside it.

    `scope` is asked for beyond what the list itself asks: a file of buyers' data leaves the house.
    """

    name: str
    columns: tuple[str, ...]
    scope: str | None = None


def _sheet(name: str, columns: str, scope: str | None = None) -> SheetOf:
    return SheetOf(name, tuple(columns.split()), scope)


_WITHDRAWAL = (
    "withdrawal_no state amount.amount_minor amount.currency holder bank_name number_end asked_at done_at tries "
    "bank_reference failure"
)
_SETTLEMENT = "order_no state waits_for received_at due_at days net.amount_minor net.currency settled_at"

EXPORTS: dict[str, SheetOf] = {
    f"{SHOP}/packages": _sheet(
        "packages",
        "id state lines.order_no lines.name lines.option_text lines.quantity carrier_code carrier_name tracking_no "
        "recipient.recipient recipient.phone recipient.province recipient.city recipient.district recipient.street ship_by "
        "printed_at shipped_at delivered_at flagged_at news_at watch intercept",
        "orders.write",
    ),
    f"{SHOP}/stock-movements": _sheet(
        "stock-movements",
        "id at kind product_id product_name sku_id option_text warehouse_name campaign on_hand_delta held_delta order_ref "
        "reason person_id",
    ),
    f"{SHOP}/warehouses": _sheet("warehouses", "id name is_default priority"),
    f"{SHOP}/contents": _sheet(
        "contents",
        "id kind state title caption topic_tags.name creator_name anchors.product.id anchors.product.name duration_ms "
        "published_at created_at updated_at",
    ),
    f"{SHOP}/live-rooms": _sheet(
        "live-rooms",
        "id title state scheduled_at started_at ended_at end_reason visitors gmv.amount_minor gmv.currency",
    ),
    f"{SHOP}/live-prices": _sheet(
        "live-prices",
        "sale_id kind state product_id product_name sku_id option_text price.amount_minor price.currency usual.amount_minor units "
        "taken left limit_per_person starts_at ends_at room.id room.title room.state room.creator.id room.creator.display_name",
    ),
    f"{SHOP}/alliance/activities": _sheet(
        "activities",
        "id title colonel_id colonel_name state enrol_until starts_at ends_at service_bp min_commission_bp approved orders "
        "sold_minor fee_minor",
    ),
    f"{SHOP}/alliance/enrolments": _sheet(
        "enrolments",
        "id activity_id activity_title product_id product.name state commission_bp service_bp applied_at decided_at answer",
    ),
    f"{SHOP}/sample-offers": _sheet(
        "sample-offers",
        "id product_id product.name sku_id option_text kind state units free held sent pay_minor currency fulfil_days created_at",
    ),
    f"{SHOP}/samples": _sheet(
        "samples",
        "sample_no state waiting_for due_at creator_id creator_name product_id product_name quantity kind pay_minor currency "
        "created_at shipped_at delivered_at publish_by proof_kind proof_id proof_link closed_at reason",
    ),
    f"{SHOP}/collaborations": _sheet(
        "collaborations",
        "collab_no state waiting_for due_at creator_id creator_name terms.commission_bp terms.slot_fee_minor currency "
        "terms.starts_on terms.ends_on paid_minor released_minor returned_minor agreed_at started_at closed_at reason",
    ),
    f"{SHOP}/coupons": _sheet(
        "coupons",
        "id name kind state threshold.amount_minor discount.amount_minor rate_bp cap.amount_minor threshold.currency audience "
        "stock left limit_per_person claim_from claim_until use_from use_until valid_days scope scope_ids scope_names claimed "
        "used cost.amount_minor cost.currency",
    ),
    f"{SHOP}/full-reductions": _sheet(
        "full-reductions",
        "id name state steps.threshold.amount_minor steps.reduction.amount_minor starts_at ends_at",
    ),
    f"{SHOP}/flash-sales": _sheet(
        "flash-sales",
        "id name state starts_at ends_at items.product_id items.sku_id items.name items.option_text items.price.amount_minor "
        "items.usual_price.amount_minor items.allotment items.taken items.limit_per_person",
    ),
    f"{SHOP}/bundles": _sheet(
        "bundles",
        "id name state price.amount_minor usual_price.amount_minor saves.amount_minor price.currency items.product_id "
        "items.sku_id items.name items.option_text items.quantity available reason starts_at ends_at",
    ),
    f"{SHOP}/invoices": _sheet(
        "invoices",
        "order_no state ripe title.kind title.name title.tax_no amount.amount_minor amount.currency asked_at decided_at reason "
        "documents.kind documents.number documents.gross.amount_minor documents.tax.amount_minor documents.issued_at "
        "documents.voided",
        "funds.write",
    ),
    f"{SHOP}/funds/settlements": _sheet("settlements", _SETTLEMENT),
    f"{SHOP}/funds/withdrawals": _sheet("withdrawals", _WITHDRAWAL),
    f"{SHOP}/funds/deposit/compensations": _sheet(
        "compensations",
        "compensation_no order_no state amount.amount_minor amount.currency borne_minor reason refund_no at done_at",
    ),
    f"{SHOP}/alliance/plans": _sheet(
        "plans",
        "id kind product_id product.name commission_bp service_bp next.commission_bp next.effective_from closed_from "
        "creators_count created_at",
    ),
    f"{SHOP}/alliance/commissions": _sheet(
        "commissions",
        "id order_no product_id product_name creator_id creator_name state commission_bp ordered_base_minor base_minor "
        "estimated_minor amount_minor cost_minor currency paid_at confirmed_at settled_at",
    ),
    f"{SHOP}/freight/products": _sheet("freight-products", "product_id template_id weight_g"),
    f"{SHOP}/diagnosis": _sheet("diagnosis", "code effect effect_kind count total detail product_ids"),
    f"{SHOP}/webhook-deliveries": _sheet(
        "webhook-deliveries",
        "id endpoint_id url topic reference state attempts answer at due_at delivered_at",
    ),
    "/platform/settlement/orders": _sheet("all-settlements", f"shop_id {_SETTLEMENT}"),
    "/platform/settlement/withdrawals": _sheet("all-withdrawals", f"shop_id {_WITHDRAWAL}"),
    "/platform/tax-remittances": _sheet(
        "tax-remittances",
        "remittance_no period currency until withheld_minor returned_minor total_minor payees reference note by at",
    ),
    "/platform/tax-remittances/{remittance_no}/payees": _sheet(
        "tax-remittance-payees",
        "organisation_id organisation_name payee account rule_id rule_from payouts gross_minor withheld_minor "
        "returned_minor total_minor currency",
    ),
    "/platform/tax-payees": _sheet(
        "tax-payees",
        "organisation_id organisation_name payee account withheld_minor returned_minor remitted_minor outstanding_minor "
        "currency",
    ),
    "/platform/tax-returns": _sheet(
        "tax-returns",
        "return_no withdrawal_no organisation_id organisation_name payee account amount_minor currency reason "
        "remittance_no by at",
    ),
    "/platform/audits/{run_id}/differences": _sheet(
        "audit-differences", "id flow kind reference shop_id expected found"
    ),
    "/operator/reconciliation/differences": _sheet(
        "payment-differences",
        "id provider day kind subject key reference order_no ours.amount_minor ours.currency theirs.amount_minor "
        "theirs.currency ours_state theirs_state found_at resolved_at resolved_by note",
    ),
}
