"""Writes of programmes."""

from xingqu.programmes.domain.errors import LimitExceeded, ProgrammeGone
from xingqu.programmes.services.admission import join_queue
from xingqu.programmes.services.bundles import create_bundle
from xingqu.programmes.services.campaigns import turn_campaigns
from xingqu.programmes.services.claiming import claim_coupon
from xingqu.programmes.services.demo import seed_programmes
from xingqu.programmes.services.limits import give_back_units
from xingqu.programmes.services.managing import (
    NewCoupon,
    NewFlashItem,
    NewGate,
    change_state,
    create_coupon,
    create_flash_sale,
    create_full_reduction,
)
from xingqu.programmes.services.presales import NewPresaleItem, Windows, create_presale, turn_presales
from xingqu.programmes.services.rooms import end_room_coupons, name_winners, turn_room_sales
from xingqu.programmes.services.taking import (
    note_customer,
    release_coupons,
    release_programmes,
    return_programmes,
    take_again,
    take_programmes,
    use_coupons,
)

__all__ = [
    "LimitExceeded",
    "NewCoupon",
    "NewFlashItem",
    "NewGate",
    "NewPresaleItem",
    "ProgrammeGone",
    "Windows",
    "change_state",
    "claim_coupon",
    "create_bundle",
    "create_coupon",
    "create_flash_sale",
    "create_full_reduction",
    "create_presale",
    "end_room_coupons",
    "give_back_units",
    "join_queue",
    "name_winners",
    "note_customer",
    "release_coupons",
    "release_programmes",
    "return_programmes",
    "seed_programmes",
    "take_again",
    "take_programmes",
    "turn_campaigns",
    "turn_presales",
    "turn_room_sales",
    "use_coupons",
]
