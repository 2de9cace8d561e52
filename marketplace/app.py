"""The application, put together: platform, rooms, faces."""

from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from flask_migrate import Migrate

from config import ROOT, Settings
from marketplace import tables
from marketplace.faces.acting import views as acting
from marketplace.faces.api import views as api
from marketplace.faces.cli.commands import init_commands
from marketplace.faces.council_table import views as council_table
from marketplace.faces.distributor_desk import campaign_pages as distributor_campaigns
from marketplace.faces.distributor_desk import catalogue_pages as distributor_catalogue
from marketplace.faces.distributor_desk import deal_pages as distributor_deals
from marketplace.faces.distributor_desk import demand_pages as distributor_demands
from marketplace.faces.distributor_desk import match_pages as distributor_matches
from marketplace.faces.distributor_desk import meeting_pages as distributor_meetings
from marketplace.faces.distributor_desk import views as distributor_desk
from marketplace.faces.members import views as members
from marketplace.faces.office_desk import accounts_page as office_accounts
from marketplace.faces.office_desk import campaign_day as office_campaign_day
from marketplace.faces.office_desk import campaign_pages as office_campaigns
from marketplace.faces.office_desk import carrier_pages as office_money
from marketplace.faces.office_desk import catalogue_pages as office_catalogue
from marketplace.faces.office_desk import commission_page as office_commission
from marketplace.faces.office_desk import councils as office_councils
from marketplace.faces.office_desk import deal_pages as office_deals
from marketplace.faces.office_desk import decisions as office_decisions
from marketplace.faces.office_desk import demand_oversight as office_demands
from marketplace.faces.office_desk import distributor_pages as office_distributors
from marketplace.faces.office_desk import dossier_pages as office_dossiers
from marketplace.faces.office_desk import export_pages as office_export
from marketplace.faces.office_desk import imports as office_imports
from marketplace.faces.office_desk import listing_edits as office_edits
from marketplace.faces.office_desk import listing_history as office_history
from marketplace.faces.office_desk import listing_pages as office_listings
from marketplace.faces.office_desk import match_pages as office_matches
from marketplace.faces.office_desk import order_pages as office_orders
from marketplace.faces.office_desk import outcome_pages as office_outcomes
from marketplace.faces.office_desk import payments as office_payments
from marketplace.faces.office_desk import payout_pages as office_payouts
from marketplace.faces.office_desk import producer_pages as office_producers
from marketplace.faces.office_desk import reconcile_page as office_reconcile
from marketplace.faces.office_desk import register as office_register
from marketplace.faces.office_desk import rounds as office_rounds
from marketplace.faces.office_desk import rule_pages as office_rules
from marketplace.faces.office_desk import sittings as office_sittings
from marketplace.faces.office_desk import statements as office_statements
from marketplace.faces.office_desk import views as office_desk
from marketplace.faces.office_desk import voucher_pages as office_vouchers
from marketplace.faces.operations import crawlers
from marketplace.faces.operations import views as operations
from marketplace.faces.own_data import views as own_data
from marketplace.faces.producer_desk import booking_pages as producer_bookings
from marketplace.faces.producer_desk import campaign_pages as producer_campaigns
from marketplace.faces.producer_desk import deal_pages as producer_deals
from marketplace.faces.producer_desk import dossier_pages as producer_dossiers
from marketplace.faces.producer_desk import evidence_pages as producer_evidence
from marketplace.faces.producer_desk import export_pages as producer_export
from marketplace.faces.producer_desk import goods_files as producer_goods
from marketplace.faces.producer_desk import grid_pages as producer_grid
from marketplace.faces.producer_desk import listing_history as producer_history
from marketplace.faces.producer_desk import listing_pages as producer_listings
from marketplace.faces.producer_desk import listing_preview as producer_preview
from marketplace.faces.producer_desk import listing_selling as producer_selling
from marketplace.faces.producer_desk import match_pages as producer_matches
from marketplace.faces.producer_desk import meeting_pages as producer_meetings
from marketplace.faces.producer_desk import offer_pages as producer_offers
from marketplace.faces.producer_desk import onboarding_pages as producer_onboarding
from marketplace.faces.producer_desk import paper_pages as producer_papers
from marketplace.faces.producer_desk import picture_pages as producer_pictures
from marketplace.faces.producer_desk import profile_page as producer_profile
from marketplace.faces.producer_desk import statement_page as producer_payouts
from marketplace.faces.producer_desk import stock_pages as producer_stock
from marketplace.faces.producer_desk import views as producer_desk
from marketplace.faces.producer_desk import voucher_pages as producer_vouchers
from marketplace.faces.producer_desk import wanted_pages as producer_demands
from marketplace.faces.storefront import age, certificate_pages, sheet_pages
from marketplace.faces.storefront import views as storefront
from marketplace.office.legal import views as legal
from marketplace.office.renewals.jobs import NOTICE, give_notice, watch_certificates
from marketplace.people.accounts import views as accounts
from marketplace.people.accounts.queries import acting_now
from marketplace.people.accounts.sessions import init_sessions
from marketplace.people.addresses import views as addresses
from marketplace.people.mandates.acting import identify
from marketplace.people.papers import views as papers
from marketplace.people.places import views as places
from marketplace.people.producers import views as registration
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.core.db import db, init_db
from marketplace.platform.imports import jobs as imports
from marketplace.platform.imports.rules import Importer
from marketplace.platform.imports.services import APPLY, CHECK
from marketplace.platform.jobs.running import Handler, run_due
from marketplace.platform.jobs.worker import init_queue, on_topic
from marketplace.platform.mail.jobs import deliver_due
from marketplace.platform.mail.transports import transport_for
from marketplace.platform.media import views as media
from marketplace.platform.media.keeping import forget_unused
from marketplace.platform.media.services import FORGET_FILE
from marketplace.platform.media.stores import init_media
from marketplace.platform.web.glue import init_web
from marketplace.registry.councils.importing import SCORES, ScoresImporter
from marketplace.registry.dossiers.jobs import remind
from marketplace.registry.intake.services import CERTIFICATES, CertificatesImporter
from marketplace.registry.rounds.services import REMIND
from marketplace.shop.art import views as art
from marketplace.shop.bank import jobs as bank_jobs
from marketplace.shop.bank import views as bank
from marketplace.shop.bank.feed import init_feed
from marketplace.shop.bank.statements import STATEMENT, StatementImporter
from marketplace.shop.baskets.views import init_baskets
from marketplace.shop.bookings import views as bookings
from marketplace.shop.books import jobs as books
from marketplace.shop.books.services import CHECK as CHECK_BOOKS
from marketplace.shop.catalog.services import FORGET_PICTURE
from marketplace.shop.checkout import views as checkout
from marketplace.shop.fulfilment.jobs import complete
from marketplace.shop.fulfilment.services import COMPLETE
from marketplace.shop.intake.own_goods import OWN_GOODS, OwnGoodsImporter
from marketplace.shop.intake.services import PRODUCTS, ProductsImporter
from marketplace.shop.inventory.jobs import watch_batches
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.orders import views as orders
from marketplace.shop.orders.jobs import forget_picture
from marketplace.shop.payments import jobs as payment_jobs
from marketplace.shop.payments import pages as payment_pages
from marketplace.shop.payments import views as payments
from marketplace.shop.payments.services.events import EVENT
from marketplace.shop.payments.services.refunds import REFUND
from marketplace.shop.payments.setup import init_payments
from marketplace.shop.pricing.jobs import turn_sale
from marketplace.shop.pricing.services import SALE_TURNS
from marketplace.shop.reconciliation import jobs as reconciliation
from marketplace.shop.search.jobs import follow_changes
from marketplace.shop.search.setup import init_search
from marketplace.shop.settlements import jobs as settlements
from marketplace.shop.settlements.services import FETCH as FETCH_SETTLEMENTS
from marketplace.trade.campaigns import jobs as campaigns
from marketplace.trade.deals.jobs import watch_deals

PAGES = (
    media,
    places,
    accounts,
    registration,
    papers,
    art,
    orders,
    payments,
    payment_pages,
    bank,
    checkout,
    age,
    storefront,
    certificate_pages,
    producer_desk,
    producer_listings,
    producer_preview,
    producer_history,
    producer_selling,
    producer_pictures,
    producer_papers,
    producer_onboarding,
    producer_dossiers,
    producer_evidence,
    producer_profile,
    producer_stock,
    producer_grid,
    producer_vouchers,
    producer_goods,
    producer_bookings,
    bookings,
    office_desk,
    office_producers,
    office_listings,
    office_dossiers,
    office_rounds,
    office_councils,
    office_sittings,
    council_table,
    office_history,
    office_edits,
    api,
    operations,
    crawlers,
    legal,
    office_imports,
    addresses,
    distributor_desk,
    distributor_matches,
    distributor_campaigns,
    office_campaigns,
    office_outcomes,
    office_campaign_day,
    producer_campaigns,
    office_matches,
    producer_matches,
    members,
    acting,
    own_data,
    office_register,
    office_decisions,
    office_rules,
    office_reconcile,
    office_accounts,
    office_commission,
    office_orders,
    office_payouts,
    office_money,
    producer_payouts,
    office_payments,
    office_statements,
    office_vouchers,
    distributor_demands,
    office_distributors,
    office_demands,
    producer_offers,
    producer_demands,
    distributor_deals,
    producer_deals,
    office_deals,
    distributor_meetings,
    producer_meetings,
    sheet_pages,
    producer_export,
    office_export,
    office_catalogue,
    distributor_catalogue,
)


def create_app(settings: Settings | None = None) -> Flask:
    """An application for `settings` (the environment's when None). No table is read or written here."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "marketplace",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_mapping(settings.flask_config())
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    assert tables.metadata is not None
    init_sessions(app)
    init_web(app, settings, identify=identify)
    init_media(app, settings)
    init_search(app, settings)
    init_baskets(app)
    init_payments(app, settings)
    init_feed(app, settings)
    for room in PAGES:
        app.register_blueprint(room.bp)
    app.extensions["importers"] = _importers(settings)
    init_queue(app, settings)
    _give_the_worker_its_work(app, settings)
    init_commands(app)
    return app


def _importers(settings: Settings) -> dict[str, Importer]:
    """What reads and applies each kind of file."""
    return {
        CERTIFICATES: CertificatesImporter(settings.province_code),
        PRODUCTS: ProductsImporter(),
        SCORES: ScoresImporter(),
        OWN_GOODS: OwnGoodsImporter(),
        STATEMENT: StatementImporter(settings.bank_account.number if settings.bank_account else ""),
    }


def _handlers(app: Flask) -> dict[str, Handler]:
    """What does each kind of job."""
    known = {"importers": app.extensions["importers"], "identify": acting_now}
    return {
        COMPLETE: complete,
        EVENT: payment_jobs.handle_event,
        REFUND: payment_jobs.refund,
        CHECK_BOOKS: books.check_books,
        FETCH_SETTLEMENTS: settlements.fetch_settlements,
        reconciliation.CHECK: reconciliation.check_accounts,
        bank_jobs.NOTICE: bank_jobs.handle_notice,
        SALE_TURNS: turn_sale,
        FORGET_PICTURE: forget_picture,
        FORGET_FILE: forget_unused,
        REMIND: remind,
        NOTICE: give_notice,
        CHECK: partial(imports.check, **known),
        APPLY: partial(imports.apply, **known),
    }


def _give_the_worker_its_work(app: Flask, settings: Settings) -> None:
    lease = timedelta(seconds=settings.worker_lease)
    transport = transport_for(settings.mail_url)
    handlers = _handlers(app)

    def mail(at: datetime) -> int:
        return deliver_due(at, transport=transport, sender=settings.mail_sender, lease=lease)

    def jobs(at: datetime) -> int:
        return run_due(at, handlers=handlers, lease=lease)

    on_topic(app, "mail", mail)
    on_topic(app, "jobs", jobs)
    on_topic(app, "changes", follow_changes)
    on_topic(app, "audit", seal_new)
    on_topic(app, "payments", payment_jobs.watch_payments)
    on_topic(app, "bank", bank_jobs.catch_up)
    on_topic(app, "ledger", BOOKS.seal_new)
    on_topic(app, "books", books.watch_books)
    on_topic(app, campaigns.TOPIC, campaigns.work_out)
    on_topic(app, "settlements", settlements.watch_settlements)
    on_topic(app, "reconciliation", reconciliation.watch_accounts)
    on_topic(app, "certificates", watch_certificates)
    on_topic(app, "stock", watch_batches)
    on_topic(app, "deals", watch_deals)
