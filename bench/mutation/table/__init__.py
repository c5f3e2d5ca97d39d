"""Every guard of the trading chain and of live selling, by room."""

from bench.mutation.guard import Guard
from bench.mutation.table.access import GUARDS as ACCESS
from bench.mutation.table.aftersale import GUARDS as AFTERSALE
from bench.mutation.table.alliance import GUARDS as ALLIANCE
from bench.mutation.table.auditor import GUARDS as AUDITOR
from bench.mutation.table.checkout import GUARDS as CHECKOUT
from bench.mutation.table.collaboration import GUARDS as COLLABORATION
from bench.mutation.table.creators import GUARDS as CREATORS
from bench.mutation.table.fulfilment import GUARDS as FULFILMENT
from bench.mutation.table.handed_on import GUARDS as HANDED_ON
from bench.mutation.table.ledger import GUARDS as LEDGER
from bench.mutation.table.live import GUARDS as LIVE
from bench.mutation.table.payment import GUARDS as PAYMENT
from bench.mutation.table.presale import GUARDS as PRESALE
from bench.mutation.table.queue import GUARDS as QUEUE
from bench.mutation.table.settlement import GUARDS as SETTLEMENT
from bench.mutation.table.stock import GUARDS as STOCK
from bench.mutation.table.together import GUARDS as TOGETHER

TABLE: dict[str, tuple[Guard, ...]] = {
    "stock": STOCK,
    "checkout and discounts": CHECKOUT,
    "the queue before a flash sale": QUEUE,
    "payment and refunds": PAYMENT,
    "presales": PRESALE,
    "one payment of several orders": TOGETHER,
    "ledger": LEDGER,
    "settlement, withdrawals, deposits": SETTLEMENT,
    "compensations, own money, the auditor": AUDITOR,
    "alliance: agencies, activities, payouts": ALLIANCE,
    "fulfilment": FULFILMENT,
    "after-sale": AFTERSALE,
    "samples, collaborations, custody": COLLABORATION,
    "pools handed on, showcases, planned rooms": HANDED_ON,
    "creators: reputation, restrictions, slot fees": CREATORS,
    "live": LIVE,
    "access: shops, programs, service messages": ACCESS,
}
"""Title of a room -> its guards."""
