"""Every table, imported: what migrations and the contract tests compare with."""

from marketplace.office.legal import models as legal
from marketplace.people.accounts import models as accounts
from marketplace.people.addresses import models as addresses
from marketplace.people.mandates import models as mandates
from marketplace.people.papers import models as papers
from marketplace.people.places import models as places
from marketplace.people.producers import models as producers
from marketplace.people.verification import models as verification
from marketplace.platform.audit import models as audit
from marketplace.platform.core import changes
from marketplace.platform.core.db import Model
from marketplace.platform.imports import models as imports
from marketplace.platform.jobs import models as jobs
from marketplace.platform.mail import models as mail
from marketplace.platform.media import models as media
from marketplace.registry.certification import models as certification
from marketplace.registry.councils import models as councils
from marketplace.registry.dossiers import models as dossiers
from marketplace.registry.rounds import models as rounds
from marketplace.shop.bank import models as bank
from marketplace.shop.baskets import models as baskets
from marketplace.shop.bookings import models as bookings
from marketplace.shop.books import models as books
from marketplace.shop.catalog import models as catalog
from marketplace.shop.checkout import models as checkout
from marketplace.shop.fulfilment import models as fulfilment
from marketplace.shop.inventory import models as inventory
from marketplace.shop.ledger import models as ledger
from marketplace.shop.orders import models as orders
from marketplace.shop.payments import models as payments
from marketplace.shop.payouts import models as payouts
from marketplace.shop.pricing import models as pricing
from marketplace.shop.reconciliation import models as reconciliation
from marketplace.shop.settlements import models as settlements
from marketplace.shop.vouchers import models as vouchers
from marketplace.trade.campaigns import models as campaigns
from marketplace.trade.deals import models as deals
from marketplace.trade.demands import models as demands
from marketplace.trade.distributors import models as distributors
from marketplace.trade.matching import models as matching
from marketplace.trade.offers import models as offers
from marketplace.trade.outcomes import models as outcomes

ROOMS = (
    changes,
    audit,
    jobs,
    mail,
    media,
    imports,
    places,
    accounts,
    producers,
    papers,
    verification,
    mandates,
    certification,
    rounds,
    dossiers,
    councils,
    catalog,
    inventory,
    pricing,
    vouchers,
    baskets,
    orders,
    ledger,
    payments,
    payouts,
    bank,
    legal,
    checkout,
    fulfilment,
    addresses,
    distributors,
    demands,
    offers,
    deals,
    matching,
    campaigns,
    outcomes,
    bookings,
    settlements,
    reconciliation,
    books,
)
metadata = Model.metadata
