"""Every table, imported: what migrations and the contract tests compare with."""

from marketplace.office.legal import models as legal
from marketplace.office.outreach import models as outreach
from marketplace.office.programme import models as programme
from marketplace.office.support import models as support
from marketplace.office.worklist import models as worklist
from marketplace.people.accounts import models as accounts
from marketplace.people.addresses import models as addresses
from marketplace.people.mandates import models as mandates
from marketplace.people.papers import models as papers
from marketplace.people.places import models as places
from marketplace.people.producers import models as producers
from marketplace.people.second_factor import models as second_factor
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
from marketplace.shop.delivery import models as delivery
from marketplace.shop.fulfilment import models as fulfilment
from marketplace.shop.inventory import models as inventory
from marketplace.shop.ledger import models as ledger
from marketplace.shop.orders import models as orders
from marketplace.shop.payments import models as payments
from marketplace.shop.payouts import models as payouts
from marketplace.shop.pricing import models as pricing
from marketplace.shop.reconciliation import models as reconciliation
from marketplace.shop.reviews import models as reviews
from marketplace.shop.settlements import models as settlements
from marketplace.shop.vouchers import models as vouchers
from marketplace.trade.allocations import models as allocations
from marketplace.trade.campaigns import models as campaigns
from marketplace.trade.collections import models as collections
from marketplace.trade.deals import models as deals
from marketplace.trade.demands import models as demands
from marketplace.trade.distributors import models as distributors
from marketplace.trade.exhibitors import models as exhibitors
from marketplace.trade.fair_meetings import models as fair_meetings
from marketplace.trade.fair_reports import models as fair_reports
from marketplace.trade.fairs import models as fairs
from marketplace.trade.floorplans import models as floorplans
from marketplace.trade.matching import models as matching
from marketplace.trade.news import models as news
from marketplace.trade.offers import models as offers
from marketplace.trade.outcomes import models as outcomes
from marketplace.trade.promotion import models as promotion
from marketplace.trade.showcase import models as showcase
from marketplace.trade.stands import models as stands
from marketplace.trade.visitors import models as visitors

ROOMS = (
    changes,
    audit,
    jobs,
    mail,
    media,
    imports,
    places,
    accounts,
    second_factor,
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
    delivery,
    fulfilment,
    reviews,
    addresses,
    collections,
    promotion,
    distributors,
    demands,
    offers,
    deals,
    matching,
    campaigns,
    outcomes,
    fairs,
    floorplans,
    exhibitors,
    allocations,
    stands,
    showcase,
    news,
    visitors,
    fair_meetings,
    fair_reports,
    bookings,
    settlements,
    reconciliation,
    books,
    outreach,
    support,
    programme,
    worklist,
)
metadata = Model.metadata
