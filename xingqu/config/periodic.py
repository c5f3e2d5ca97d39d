"""Everything that runs by the clock: the one table that the worker reads."""

from collections.abc import Callable

from xingqu.accounts import jobs as accounts
from xingqu.aftersale import jobs as aftersale
from xingqu.alliance import jobs as alliance
from xingqu.catalogue import jobs as catalogue
from xingqu.collaboration import jobs as collaboration
from xingqu.content import jobs as content
from xingqu.experience import jobs as experience
from xingqu.feed import jobs as feed
from xingqu.fulfilment import jobs as fulfilment
from xingqu.governance import jobs as governance
from xingqu.interest import jobs as interest
from xingqu.invoice import jobs as invoice
from xingqu.live import jobs as live
from xingqu.matching import jobs as matching
from xingqu.openapi import jobs as openapi
from xingqu.programmes import jobs as programmes
from xingqu.review import jobs as review
from xingqu.settlement import jobs as settlement
from xingqu.trade import jobs as trade

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    *accounts.PERIODIC,
    *aftersale.PERIODIC,
    *alliance.PERIODIC,
    *catalogue.PERIODIC,
    *collaboration.PERIODIC,
    *content.PERIODIC,
    *experience.PERIODIC,
    *feed.PERIODIC,
    *fulfilment.PERIODIC,
    *governance.PERIODIC,
    *interest.PERIODIC,
    *live.PERIODIC,
    *matching.PERIODIC,
    *invoice.PERIODIC,
    *programmes.PERIODIC,
    *openapi.PERIODIC,
    *review.PERIODIC,
    *settlement.PERIODIC,
    *trade.PERIODIC,
]
