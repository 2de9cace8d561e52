"""Loading the demonstration through the same services that people use."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from marketplace.faces.cli.demo.dealing import load_deals
from marketplace.faces.cli.demo.fairing import load_fairs
from marketplace.faces.cli.demo.featuring import load_window
from marketplace.faces.cli.demo.history import make_history
from marketplace.faces.cli.demo.makers import put_papers, verify_makers
from marketplace.faces.cli.demo.meeting import load_campaign
from marketplace.faces.cli.demo.moderation import make_moderation
from marketplace.faces.cli.demo.programme import COUNCIL, load_programme
from marketplace.faces.cli.demo.reviewing import make_reviews
from marketplace.faces.cli.demo.showing import load_points
from marketplace.faces.cli.demo.stocking import stock_up
from marketplace.faces.cli.demo.telling import load_news
from marketplace.faces.cli.demo.texts import DATA, DemoCertificate, DemoListing, DemoProducer, listings, producers
from marketplace.faces.cli.demo.trading import load_trade, put_trade_papers
from marketplace.faces.cli.demo.year_plan import load_year_plan
from marketplace.office.legal.models import Page
from marketplace.office.legal.services import NewWording, write_page
from marketplace.people.accounts.models import Organisation, OrganisationKind, Role, User
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import NewAccount, create_user
from marketplace.people.addresses.services import AddressFacts, add_address
from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer
from marketplace.people.producers.services import ProducerFacts, create_producer, verify_producer
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.folding import slugify
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.rules import AuthorityLevel, may_grant
from marketplace.registry.certification.services import DecisionFacts, certify, create_product, revoke
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.services import ListingTexts, VariantFacts, add_variant, create_listing, move_listing

PASSWORD = "ocop-demo"  # noqa: S105 - the demonstration's, named in README
BY = Actor(name="flask demo load", role=Role.ADMIN)
PEOPLE = (
    ("admin@demo.test", "Quản trị Chợ Phiên", Role.ADMIN, ""),
    ("province@demo.test", "Vù Thị Sính", Role.PROVINCE_OFFICER, "12"),
    ("district@demo.test", "Lò Văn Hùng", Role.DISTRICT_OFFICER, "106"),
    ("commune@demo.test", "Tẩn Thị Thảo", Role.COMMUNE_OFFICER, "03390"),
    ("buyer@demo.test", "Nguyễn Thị Hoàng Yến", Role.BUYER, ""),
)
OFFICERS = ("Hà Văn Inh", "Lò Thị Phương", "Giàng A Dế", "Chang Thị Xá", "Phàn A Sử", "Mùa Thị Sua", "Vàng Văn Khăm",
            "Tao Thị Pành", "Nguyễn Hồng Quân", "Lý Phì Gia", "Sùng A Chu", "Đèo Thị Ngân")  # fmt: skip
ADDRESSES = (
    AddressFacts("Nguyễn Thị Hoàng Yến", "+84900000902", "01", "00004", "Ngõ 42 Trần Phú", "Nhà"),
    AddressFacts("Nguyễn Thị Hoàng Yến", "+84900000902", "01", "00008", "Tầng 5, số 18 Lý Thường Kiệt", "Cơ quan"),
)
STEPS: dict[ListingState, tuple[ListingState, ...]] = {
    ListingState.DRAFT: (),
    ListingState.IN_REVIEW: (ListingState.IN_REVIEW,),
    ListingState.PUBLISHED: (ListingState.PUBLISHED,),
    ListingState.PAUSED: (ListingState.PUBLISHED, ListingState.PAUSED),
    ListingState.WITHDRAWN: (ListingState.WITHDRAWN,),
}
DEMO_PRODUCERS = {
    "binhlu": "producer@demo.test",
    "tanphong": "producer2@demo.test",
    "sinsuoi": "producer3@demo.test",  # a stay, so that a booking can be answered
    "thulum": "producer4@demo.test",  # returned by the province, so that its remarks can be read
    "thanuyen": "household@demo.test",  # a household that has a cooperative act for it
}
OPEN_SINCE = 760  # days: the marketplace is a little older than the orders that are made up for it


def load_demo(*, at: datetime) -> tuple[int, int]:
    """Load people, producers, products, certificates, listings and two years of orders.

    Answers how many producers and listings.

    One block: whole or not at all. The password is hashed, and papers are put into the store, before it opens.
    """
    password_hash, papers = hash_password(PASSWORD), put_papers(at=at)
    trade_papers = put_trade_papers(at=at)
    with transaction():
        for email, name, role, unit in PEOPLE:
            _person(email, name, role, password_hash, at, unit=unit)
        _officers(password_hash, at)
        found = {text.key: _producer(text, password_hash, at) for text in producers()}
        for n, text in enumerate(listings()):
            _listing(text, found[text.producer], _opened(text, n, at), at)
        db.session.flush()
        _address_book(at)
        _owner(at)
        _person(COUNCIL, "Bùi Thu Hằng", Role.COUNCIL_MEMBER, password_hash, at)
        province = find_user("province@demo.test")
        assert province is not None
        load_programme(found, by=province.actor(), at=at)
        make_moderation(by=BY, at=at)
        verify_makers(found, papers, at=at)
        load_trade(found, trade_papers, partial(_buyer, password_hash=password_hash, at=at), at=at)
        load_deals(found, at=at)
        load_campaign(at=at)
        load_fairs(found, at=at)
        load_window(at=at)
        load_points(by=province.actor(), at=at)
        load_news(by=province.actor(), at=at)
        make_history(password_hash=password_hash, at=at)
        make_reviews(found, at=at)
        load_year_plan(found, at=at)
        _asked_today(at)
    return len(found), len(listings())


def _asked_today(at: datetime) -> None:
    """Letters and work of the made-up past wait from now on: no worker was there to be late."""
    db.session.flush()
    db.session.execute(update(Job).values(created_at=at))
    db.session.execute(update(OutgoingMail).where(OutgoingMail.due_at < at).values(due_at=at))


def _address_book(at: datetime) -> None:
    """Two places that the demonstration's buyer has goods sent to."""
    buyer = find_user("buyer@demo.test")
    assert buyer is not None
    for facts in ADDRESSES:
        add_address(facts=facts, default=False, by=buyer.actor(), at=at)


def _owner(at: datetime) -> None:
    """Whose the market is, as the law has it said: made up, where a real market has its administrator fill it in."""
    text, text_en = ((DATA / f"owner.{code}.md").read_text(encoding="utf-8") for code in ("vi", "en"))
    wording = NewWording(text=text, text_en=text_en, effective_on=day_of(at), reason="Bản trình diễn", seen=0)
    write_page(page=Page.OWNER, wording=wording, by=BY, at=at)


def _officers(password_hash: str, at: datetime) -> None:
    """A dozen commune officers beside the demonstration's own, where most producers are."""
    busiest = Counter(text.commune_code for text in producers() if text.commune_code != "03390").most_common(
        len(OFFICERS)
    )
    for n, ((code, _count), name) in enumerate(zip(busiest, OFFICERS, strict=False), start=1):
        _person(f"xa{n}@demo.test", name, Role.COMMUNE_OFFICER, password_hash, at, unit=code)


def is_empty() -> bool:
    """Whether nobody has an account yet: a fresh database."""
    return db.session.scalar(select(User.id).limit(1)) is None


def _person(
    email: str, name: str, role: Role, password_hash: str, at: datetime, organisation: str = "", unit: str = ""
) -> User:
    account = NewAccount(
        email=email, name=name, password_hash=password_hash, role=role, organisation_name=organisation, unit_code=unit
    )
    return create_user(account=account, by=system(BY.name), at=at)


def _buyer(row: dict[str, Any], *, password_hash: str, at: datetime) -> User:
    """Who buys for a distributor; abroad they read English."""
    account = NewAccount(
        email=row["email"],
        name=row["person"],
        password_hash=password_hash,
        role=Role.DISTRIBUTOR,
        language="en" if row.get("english") else "vi",
        organisation_name=row["name"],
    )
    return create_user(account=account, by=system(BY.name), at=at)


def _producer(text: DemoProducer, password_hash: str, at: datetime) -> Producer:
    email = DEMO_PRODUCERS.get(text.key)
    if email is not None:
        user = _person(email, text.contact_name, Role.PRODUCER, password_hash, at, text.name)
        organisation_id = user.organisation_id or 0
    else:
        organisation = Organisation(
            slug=slugify(text.name), kind=OrganisationKind.PRODUCER, name=text.name, created_at=at
        )
        db.session.add(organisation)
        db.session.flush()
        organisation_id = organisation.id
    facts = ProducerFacts(
        name=text.name,
        kind=text.kind,
        commune_code=text.commune_code,
        contact_name=text.contact_name,
        phone=text.phone,
        story=text.story,
        story_en=text.story_en,
        founded_year=text.founded_year,
    )
    producer = create_producer(organisation_id=organisation_id, facts=facts, by=BY, at=at)
    producer.registration_number = f"DEMO-{producer.id:04d}"  # nobody's real number
    return verify_producer(slug=producer.slug, by=BY, at=at) if text.verified else producer


def _opened(text: DemoListing, n: int, at: datetime) -> datetime:
    """When a page was opened: soon after the first certificate, those that wait for the office within the last days."""
    if text.state is ListingState.IN_REVIEW:
        return at - timedelta(days=1 + n % 8)
    certified = max((c.issued_days_ago for c in text.certificates), default=0)
    return at - timedelta(days=max(2, min(certified - 4, OPEN_SINCE)))


def _listing(text: DemoListing, producer: Producer, opened: datetime, at: datetime) -> None:
    product = create_product(
        producer_id=producer.id, name=text.name, name_en=text.name_en, set_code=text.set_code, by=BY, at=at
    )
    for certificate in sorted(text.certificates, key=lambda c: -c.issued_days_ago):
        _certificate(certificate, product, producer, at)
    shown = text.model_dump(
        exclude={"producer", "set_code", "state", "variants", "certificates", "label", "season", "declared_kind"}
    )
    listing = create_listing(product_id=product.id, texts=ListingTexts(**shown), label=text.facts(), by=BY, at=opened)
    for position, v in enumerate(text.variants):
        facts = VariantFacts(**v.model_dump(exclude={"sku", "price_vnd", "stock"}), position=position)
        add_variant(listing_id=listing.id, sku=v.sku, price=Money(v.price_vnd), facts=facts, by=BY, at=opened)
        stock_up(v, shelf_life_days=text.shelf_life_days, by=BY, at=at)
    for state in STEPS[text.state]:
        move_listing(slug=listing.slug, to=state, by=BY, at=opened)


def _certificate(text: DemoCertificate, product: Product, producer: Producer, at: datetime) -> None:
    today = day_of(at)
    starts = today - timedelta(days=text.issued_days_ago)
    decided = min(starts, today)
    entered = certify(
        product_code=product.code,
        decision=_decision(decided, text.stars, producer),
        stars=text.stars,
        issued_on=starts,
        printed_number=f"{1 + product.id}/{starts.year}/OCOP",
        by=BY,
        at=at,
    )
    if text.revoked_days_ago is not None:
        db.session.flush()
        revoked = today - timedelta(days=text.revoked_days_ago)
        decision = DecisionFacts("UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE, _number(revoked), revoked)
        revoke(code=entered.code, decision=decision, reason=text.revocation_reason or "", by=BY, at=at)


def _decision(on: date, stars: int, producer: Producer) -> DecisionFacts:
    """Who granted these stars on that day, by the rules of the time."""
    if stars == 5:
        return DecisionFacts("Bộ Nông nghiệp và Môi trường", AuthorityLevel.MINISTRY, f"{_serial(on)}/QĐ-BNNMT", on)
    if may_grant(AuthorityLevel.DISTRICT, stars, on):
        commune = find_commune(producer.commune.code)
        district = commune.former_district.name if commune and commune.former_district else "Huyện Tam Đường"
        return DecisionFacts(f"UBND {district[0].lower()}{district[1:]}", AuthorityLevel.DISTRICT, _number(on), on)
    return DecisionFacts("UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE, _number(on), on)


def _number(on: date) -> str:
    return f"{_serial(on)}/QĐ-UBND"


def _serial(on: date) -> int:
    return 100 + on.toordinal() * 7 % 2900
