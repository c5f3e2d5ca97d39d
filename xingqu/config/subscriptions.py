"""Which handler reacts to which fact: the one table. The worker delivers each (fact, handler) at least once."""

from collections.abc import Callable
from typing import Any

from xingqu.accounts import handlers as accounts
from xingqu.aftersale import handlers as aftersale
from xingqu.alliance import handlers as alliance
from xingqu.catalogue import handlers as catalogue
from xingqu.collaboration import handlers as collaboration
from xingqu.content import handlers as content
from xingqu.events.accounts import GuestMerged, MemberInvited, OrganisationCreated
from xingqu.events.aftersale import CaseChanged, CaseClosed, CaseOpened
from xingqu.events.catalogue import ProductChanged, ProductDelisted, ProductListed, StockChanged
from xingqu.events.collaboration import CollaborationChanged, SampleChanged
from xingqu.events.content import ContentPublished, ContentWithdrawn, CreatorFollowed, CreatorUnfollowed
from xingqu.events.fulfilment import (
    PackageDelivered,
    PackageSilent,
    PackageTurnedBack,
    ParcelDelivered,
    ParcelTurnedBack,
)
from xingqu.events.governance import CreatorFreed, CreatorRestricted
from xingqu.events.interest import BehaviourErased
from xingqu.events.live import LivePlanChanged
from xingqu.events.review import (
    ReviewCaseChanged,
    ReviewFollowedUp,
    ReviewPublished,
    ReviewReplied,
    ReviewVisibilityChanged,
)
from xingqu.events.settlement import CustodyPaid
from xingqu.events.trade import (
    ChargePaid,
    OrderCancelled,
    OrderPaid,
    OrderReaddressed,
    OrderReceived,
    OrderRefunded,
    OrderSettled,
    OrderShipped,
    RefundSettled,
)
from xingqu.experience import handlers as experience
from xingqu.feed import handlers as feed
from xingqu.fulfilment import handlers as fulfilment
from xingqu.interest import handlers as interest
from xingqu.invoice import handlers as invoice
from xingqu.live import handlers as live
from xingqu.openapi import handlers as openapi
from xingqu.programmes import handlers as programmes
from xingqu.review import handlers as review
from xingqu.settlement import handlers as settlement
from xingqu.support import handlers as support
from xingqu.trade import handlers as trade

SUBSCRIPTIONS: dict[type[Any], list[Callable[[Any], None]]] = {
    GuestMerged: [
        content.on_guest_merged,
        interest.merge_guest_interest,
        trade.merge_guest,
        support.on_guest_merged,
        live.merge_guest_visits,
    ],
    BehaviourErased: [live.erase_visits],
    MemberInvited: [accounts.send_invitation],
    OrganisationCreated: [settlement.begin_deposit],
    ContentPublished: [feed.refresh_contents, collaboration.recognise_published],
    ContentWithdrawn: [feed.refresh_contents],
    CreatorFollowed: [interest.follow_creator],
    CreatorUnfollowed: [interest.unfollow_creator],
    CreatorRestricted: [content.suspend_anchors, live.stop_restricted],
    CreatorFreed: [content.restore_anchors],
    ProductListed: [feed.refresh_products, aftersale.keep_price_listed],
    ProductChanged: [feed.refresh_products, aftersale.keep_price_changed],
    ProductDelisted: [feed.refresh_products, live.stop_explaining_delisted],
    LivePlanChanged: [live.tell_plan_changed],
    StockChanged: [catalogue.tell_back_in_stock],
    OrderPaid: [
        fulfilment.insure_return,
        programmes.remember_customer,
        trade.count_sold,
        live.count_sale,
        trade.tell_paid,
        interest.tell_order,
        alliance.share_paid,
    ],
    OrderCancelled: [trade.tell_cancelled],
    OrderShipped: [trade.tell_shipped, fulfilment.charge_insurance],
    OrderReaddressed: [fulfilment.tell_readdressed],
    PackageDelivered: [fulfilment.tell_delivered],
    PackageSilent: [fulfilment.tell_silent],
    PackageTurnedBack: [fulfilment.tell_turned_back, aftersale.return_turned_back],
    OrderReceived: [
        fulfilment.close_tracking,
        settlement.plan_received,
        review.await_review,
        alliance.refresh_received,
    ],
    OrderSettled: [alliance.refresh_settled],
    ChargePaid: [settlement.take_deposit, settlement.take_custody],
    OrderRefunded: [trade.tell_refunded, interest.tell_return],
    RefundSettled: [
        trade.count_returned,
        trade.tell_money_back,
        aftersale.settle_case,
        settlement.update_refunded,
        live.count_refund,
        invoice.take_back,
        alliance.refresh_refunded,
    ],
    ParcelDelivered: [aftersale.note_delivery, fulfilment.pay_insurance, collaboration.note_sample_arrived],
    ParcelTurnedBack: [collaboration.note_sample_turned_back],
    CustodyPaid: [collaboration.take_paid],
    SampleChanged: [collaboration.tell_sample, experience.note_sample],
    CollaborationChanged: [collaboration.tell_collaboration, experience.note_collaboration],
    CaseOpened: [aftersale.tell_opened],
    CaseChanged: [aftersale.tell_changed],
    CaseClosed: [aftersale.tell_closed],
    ReviewPublished: [review.update_score, review.tell_shop, review.read_opinions],
    ReviewFollowedUp: [review.tell_followed_up, review.read_opinions],
    ReviewReplied: [review.tell_replied],
    ReviewVisibilityChanged: [review.update_score, review.read_opinions],
    ReviewCaseChanged: [review.tell_case],
}
# Every fact that a shop's programs are told of.
for _fact, _log in openapi.LOGGED.items():
    SUBSCRIPTIONS.setdefault(_fact, []).append(_log)
