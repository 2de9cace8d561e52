"""The application, put together: platform, rooms, faces."""

from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from flask_migrate import Migrate

from config import ROOT, Settings
from marketplace import tables
from marketplace.faces.cli.commands import init_commands
from marketplace.office.programme.jobs import count_sales
from marketplace.office.renewals.jobs import NOTICE, give_notice, watch_certificates
from marketplace.pages import PAGES
from marketplace.people.accounts.queries import acting_now
from marketplace.people.accounts.sessions import init_sessions
from marketplace.people.mandates.acting import identify
from marketplace.people.second_factor.views import init_second_factor
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.core.db import db, init_db
from marketplace.platform.imports import jobs as imports
from marketplace.platform.imports.rules import Importer
from marketplace.platform.imports.services import APPLY, CHECK
from marketplace.platform.jobs.running import Handler, run_due
from marketplace.platform.jobs.statistics import DailyStatistics
from marketplace.platform.jobs.worker import init_queue, on_topic
from marketplace.platform.mail.jobs import deliver_due
from marketplace.platform.mail.transports import transport_for
from marketplace.platform.media.keeping import forget_unshown, forget_unused
from marketplace.platform.media.services import FORGET_FILE, FORGET_KEPT
from marketplace.platform.media.stores import init_media
from marketplace.platform.web.glue import init_web
from marketplace.registry.councils.importing import SCORES, ScoresImporter
from marketplace.registry.dossiers.jobs import remind
from marketplace.registry.intake.services import CERTIFICATES, CertificatesImporter
from marketplace.registry.rounds.services import REMIND
from marketplace.shop.bank import jobs as bank_jobs
from marketplace.shop.bank.feed import init_feed
from marketplace.shop.bank.statements import STATEMENT, StatementImporter
from marketplace.shop.baskets.views import init_baskets
from marketplace.shop.books import jobs as books
from marketplace.shop.books.services import CHECK as CHECK_BOOKS
from marketplace.shop.catalog.services import FORGET_PICTURE
from marketplace.shop.fulfilment.jobs import complete
from marketplace.shop.fulfilment.services import COMPLETE
from marketplace.shop.intake.own_goods import OWN_GOODS, OwnGoodsImporter
from marketplace.shop.intake.services import PRODUCTS, ProductsImporter
from marketplace.shop.inventory.jobs import watch_batches
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.orders.jobs import forget_picture
from marketplace.shop.payments import jobs as payment_jobs
from marketplace.shop.payments.services.events import EVENT
from marketplace.shop.payments.services.refunds import REFUND
from marketplace.shop.payments.setup import init_payments
from marketplace.shop.pricing.jobs import turn_sale
from marketplace.shop.pricing.services import SALE_TURNS
from marketplace.shop.reconciliation import jobs as reconciliation
from marketplace.shop.reviews.jobs import watch_reviews
from marketplace.shop.search.jobs import follow_changes
from marketplace.shop.search.setup import init_search
from marketplace.shop.settlements import jobs as settlements
from marketplace.shop.settlements.services import FETCH as FETCH_SETTLEMENTS
from marketplace.trade.allocations import services as allocations
from marketplace.trade.allocations.jobs import work_out_booths
from marketplace.trade.campaigns import jobs as campaigns
from marketplace.trade.collections.jobs import forget_picture as forget_collection_picture
from marketplace.trade.collections.services import FORGET as FORGET_COLLECTION_PICTURE
from marketplace.trade.deals.jobs import watch_deals
from marketplace.trade.exhibitors import jobs as exhibitors
from marketplace.trade.fairs.services.steps import TOPIC as FAIRS
from marketplace.trade.news.jobs import send_letters
from marketplace.trade.news.services import SEND as SEND_NEWSLETTER
from marketplace.trade.promotion.jobs import watch as watch_placements
from marketplace.trade.visitors.jobs import watch as watch_visitors


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
    init_second_factor(app)
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
        SEND_NEWSLETTER: send_letters,
        FORGET_PICTURE: forget_picture,
        FORGET_COLLECTION_PICTURE: forget_collection_picture,
        FORGET_FILE: forget_unused,
        FORGET_KEPT: forget_unshown,
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

    def fairs(at: datetime) -> int:
        return exhibitors.watch(at, home=settings.province_code) + watch_visitors(at)

    on_topic(app, "mail", mail)
    on_topic(app, "jobs", jobs)
    on_topic(app, "changes", follow_changes)
    on_topic(app, "audit", seal_new)
    on_topic(app, "statistics", DailyStatistics())
    on_topic(app, "payments", payment_jobs.watch_payments)
    on_topic(app, "bank", bank_jobs.catch_up)
    on_topic(app, "ledger", BOOKS.seal_new)
    on_topic(app, "books", books.watch_books)
    on_topic(app, campaigns.TOPIC, campaigns.watch)
    on_topic(app, allocations.TOPIC, work_out_booths)
    on_topic(app, "settlements", settlements.watch_settlements)
    on_topic(app, "reconciliation", reconciliation.watch_accounts)
    on_topic(app, "certificates", watch_certificates)
    on_topic(app, "placements", watch_placements)
    on_topic(app, "programme", count_sales)
    on_topic(app, "stock", watch_batches)
    on_topic(app, "deals", watch_deals)
    on_topic(app, "reviews", watch_reviews)
    on_topic(app, FAIRS, fairs)
