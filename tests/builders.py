"""Small builders: a person, a producer, a certified product, a listing, an order; through the services people use."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Organisation, OrganisationKind, Role, User
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.services import NewAccount, create_user, invite, join_as_new
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.addresses.services import AddressFacts, add_address
from marketplace.people.mandates.models import Mandate
from marketplace.people.mandates.services import accept_mandate, allow_officers, give_mandate
from marketplace.people.papers.models import Paper
from marketplace.people.papers.services import PaperFacts, add_file, describe_paper, start_paper
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.queries import get_own
from marketplace.people.producers.services import ProducerFacts, create_producer, verify_producer
from marketplace.people.verification.models import ContactRole
from marketplace.people.verification.queries import file_of
from marketplace.people.verification.rules import Check
from marketplace.people.verification.services import (
    ContactFacts,
    IdentityFacts,
    LeaderFacts,
    add_contact,
    approve_producer,
    propose_account,
    save_identity,
    save_leaders,
    save_tax,
    send_for_verification,
)
from marketplace.platform.core.access import GUEST, Actor, system
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.folding import slugify
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.rules import AuthorityLevel, may_grant
from marketplace.registry.certification.services import DecisionFacts, certify, create_product, revoke
from marketplace.registry.councils.models import Seat, Sitting
from marketplace.registry.councils.services import (
    SeatFacts,
    SheetFacts,
    add_member,
    close_sitting,
    form_council,
    lay_table,
    open_sitting,
    plan_sitting,
    save_sheet,
)
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.registry.dossiers.services import (
    AssessmentFacts,
    IdeaFacts,
    admit_dossier,
    answer_idea,
    assess_dossier,
    attach_paper,
    hand_in_dossier,
    promise_samples,
    send_idea,
    start_from_certificate,
    start_idea,
)
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.rules import RoundDays
from marketplace.registry.rounds.services import RoundFacts, open_round
from marketplace.shop.baskets.queries import find_basket
from marketplace.shop.baskets.services import add_to_basket, use_voucher
from marketplace.shop.catalog.label_fields import MEDICINE_SET, DeclaredKind, asked_fields
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.catalog.services import (
    LabelFacts,
    ListingTexts,
    VariantFacts,
    add_variant,
    create_listing,
    move_listing,
)
from marketplace.shop.checkout.queries import review
from marketplace.shop.checkout.services import Address, place_order, save_draft
from marketplace.shop.inventory.services import count_stock
from marketplace.shop.orders.models import Order
from marketplace.shop.pricing.models import FlashSale
from marketplace.shop.pricing.services import SaleFacts, plan_sale
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.search.jobs import follow_changes, rebuild
from marketplace.shop.vouchers.models import Voucher
from marketplace.shop.vouchers.services import VoucherFacts, give_voucher

BY = Actor(name="builder", role=Role.ADMIN)
PASSWORD = "một câu dài dễ nhớ"
_hashes: dict[str, str] = {}
_numbers = count(1)

ADDRESS = Address(
    recipient="Nguyễn Thị Hoàng Yến",
    phone="+84912345678",
    email="yen@example.com",
    province_code="01",
    commune_code="00004",
    street="Ngõ 42 Trần Duy Hưng",
)


def password_hash(password: str = PASSWORD) -> str:
    """The real hash of a test password, made once a process."""
    if password not in _hashes:
        _hashes[password] = hash_password(password)
    return _hashes[password]


def make_user(
    role: Role = Role.BUYER, *, email: str = "", unit: str = "", at: datetime, name: str = "Lò Thị Thử"
) -> User:
    """An account with the test password."""
    units = {Role.PROVINCE_OFFICER: "12", Role.DISTRICT_OFFICER: "106", Role.COMMUNE_OFFICER: "03390"}
    with transaction():
        return create_user(
            account=NewAccount(
                email=email or f"{role.value}{next(_numbers)}@example.com",
                name=name,
                password_hash=password_hash(),
                role=role,
                organisation_name="Siêu thị Thử" if role is Role.DISTRIBUTOR else f"Cơ sở Thử {next(_numbers)}",
                unit_code=unit or units.get(role, ""),
            ),
            by=system("builder"),
            at=at,
        )


def mailed_token(email: str, page: str) -> str:
    """The secret of the newest link to `/account/<page>/…` in a letter waiting for this address."""
    waiting = select(OutgoingMail.text).where(OutgoingMail.to_address == email).order_by(OutgoingMail.id.desc())
    found = next(m for text in db.session.scalars(waiting) if (m := re.search(rf"/account/{page}/([\w-]+)", text)))
    return found.group(1)


def make_member(owner: User, *, at: datetime, email: str = "") -> User:
    """One more person of the owner's organisation, by an invitation."""
    email = email or f"member{next(_numbers)}@example.com"
    with transaction():
        invite(email=email, by=owner.actor(), at=at)
    with transaction():
        return join_as_new(
            token=mailed_token(email, "join"), name="Vàng A Thử", password_hash=password_hash(), language="vi", at=at
        )


def make_address(user: User, *, at: datetime, street: str = "Số 1 Trần Hưng Đạo", label: str = "Nhà") -> SavedAddress:
    """An entry of the person's address book."""
    facts = AddressFacts("Lò Thị Thử", "+84912345678", "12", "03390", street, label)
    with transaction():
        return add_address(facts=facts, default=False, by=user.actor(), at=at)


def make_producer(
    name: str = "HTX Thử", *, at: datetime, commune: str = "03390", verified: bool = True, user: User | None = None
) -> Producer:
    """A producer, with an organisation of its own or the user's."""
    with transaction():
        if user is not None:
            organisation_id = user.organisation_id or 0
        else:
            organisation = Organisation(
                slug=f"{slugify(name)}-{next(_numbers)}", kind=OrganisationKind.PRODUCER, name=name, created_at=at
            )
            db.session.add(organisation)
            db.session.flush()
            organisation_id = organisation.id
        facts = ProducerFacts(name=name, kind=ProducerKind.COOPERATIVE, commune_code=commune, contact_name="Lò Thị Thử")
        producer = create_producer(organisation_id=organisation_id, facts=facts, by=BY, at=at)
        if verified:
            verify_producer(slug=producer.slug, by=BY, at=at)
    return producer


def pdf(words: str = "Giấy") -> bytes:
    """A small PDF; other words make another file."""
    return b"%PDF-1.7\n% " + words.encode() + b"\n%%EOF\n"


def make_paper(
    user: User,
    kind: str = "business_registration",
    *,
    at: datetime,
    valid_until: date | None = None,
    replaces: str = "",
    files: int = 1,
) -> Paper:
    """A paper of the person's producer, with its files, ready to be used."""
    by = user.actor()
    documents = [take_document(pdf(f"{next(_numbers)}"), f"trang-{n}.pdf") for n in range(files)]
    for document in documents:
        put_document(document, at=at)
    with transaction():
        paper = start_paper(kind=kind, replaces=replaces, by=by, at=at)
        for document in documents:
            add_file(code=paper.code, document=document, by=by, at=at)
    facts = PaperFacts(kind=paper.kind, title="Giấy thử", number="01/GT", valid_until=valid_until)
    with transaction():
        return describe_paper(code=paper.code, facts=facts, by=by, at=at)


def make_product(producer: Producer, name: str = "Miến dong Thử", *, at: datetime, set_code: str = "I.3.b") -> Product:
    """A product in the register, without a certificate."""
    with transaction():
        return create_product(producer_id=producer.id, name=name, set_code=set_code, by=BY, at=at)


def make_decision(on: date, stars: int = 4, number: str = "") -> DecisionFacts:
    """A decision of whoever might grant these stars on that day."""
    level = next(each for each in AuthorityLevel if may_grant(each, stars, on))
    return DecisionFacts("Cơ quan Thử", level, number or f"{next(_numbers)}/QĐ-THỬ", on)


def make_certificate(
    product: Product,
    *,
    at: datetime,
    stars: int = 4,
    days_ago: int = 100,
    expires_on: date | None = None,
    printed: str = "",
) -> Certificate:
    """A certificate issued some days before `at`."""
    on = day_of(at) - timedelta(days=days_ago)
    with transaction():
        return certify(
            product_code=product.code,
            decision=make_decision(on, stars),
            stars=stars,
            printed_number=printed or None,
            expires_on=expires_on,
            by=BY,
            at=at,
        )


def make_round(
    *, at: datetime, number: int = 1, opens: int = -30, first: int = 15, province: int = 30
) -> EvaluationRound:
    """A round of this year whose days lie so many days from `at`."""
    day = day_of(at)
    days = RoundDays(*(day + timedelta(days=n) for n in (opens, first, province)))
    with transaction():
        return open_round(year=days.first_deadline.year, number=number, facts=RoundFacts(days), by=BY, at=at)


WAY = (
    DossierState.IDEA,
    DossierState.IDEA_SENT,
    DossierState.PREPARING,
    DossierState.SUBMITTED,
    DossierState.FORWARDED,
    DossierState.ADMITTED,
)


def make_dossier(
    user: User,
    *,
    at: datetime,
    to: DossierState = DossierState.PREPARING,
    round_code: str = "",
    name: str = "Miến dong Thử",
    set_code: str = "I.3.b",
    renews: Product | None = None,
    kind: DossierKind = DossierKind.RENEWAL,
) -> Dossier:
    """A dossier of the person's producer, taken along `WAY` as far as `to`; with `renews`, of that product."""
    by = user.actor()
    facts = IdeaFacts(name=name, set_code=set_code, idea="Nghề của bản từ lâu.")
    with transaction():
        if renews is not None:
            dossier = start_from_certificate(product_code=renews.code, kind=kind, by=by, at=at)
        else:
            dossier = start_idea(facts=facts, by=by, at=at)
    for state in WAY[WAY.index(dossier.state) + 1 : WAY.index(to) + 1]:
        _onward(dossier, state, user, round_code, at)
    return db.session.get_one(Dossier, dossier.id)


def _onward(dossier: Dossier, state: DossierState, user: User, round_code: str, at: datetime) -> None:
    """One step of `WAY`, by whoever takes it; `BY` stands for the officers."""
    code, by = dossier.code, user.actor()
    if state is DossierState.SUBMITTED:
        fill_dossier(dossier, user, at=at)
    findings = {topic.code: (True, "Đạt") for topic in dossier.rules.procedure.pre_assessment}
    with transaction():
        if state is DossierState.IDEA_SENT:
            send_idea(code=code, by=by, at=at)
        elif state is DossierState.PREPARING:
            answer_idea(code=code, accepted=True, remark="", by=BY, at=at)
        elif state is DossierState.SUBMITTED:
            hand_in_dossier(code=code, round_code=round_code, by=by, at=at)
        elif state is DossierState.FORWARDED:
            facts = AssessmentFacts(day_of(at), "Đề nghị tỉnh chấm", findings)
            assess_dossier(code=code, facts=facts, by=BY, at=at)
        else:
            admit_dossier(code=code, by=BY, at=at)


def make_sitting(*dossiers: Dossier, round_code: str, at: datetime, members: int = 3, opened: bool = True) -> Sitting:
    """A sitting of a new council, with these dossiers on its table and `m1@…`, `m2@…` as members."""
    day = day_of(at)
    with transaction():
        council = form_council(
            name="Hội đồng Thử", level=AuthorityLevel.PROVINCE, decision_number="5/QĐ", established_on=day, by=BY, at=at
        )
    for n in range(1, members + 1):
        seat = Seat.CHAIR if n == 1 else Seat.MEMBER
        facts = SeatFacts(f"m{n}-{council.code.lower()}@example.com", f"Ông Thử {n}", "Sở Thử", seat)
        with transaction():
            add_member(council_code=council.code, facts=facts, by=BY, at=at)
    with transaction():
        sitting = plan_sitting(
            council_code=council.code, round_code=round_code, held_on=day, place="Hội trường", by=BY, at=at
        )
    with transaction():
        lay_table(code=sitting.code, dossier_codes=[d.code for d in dossiers], by=BY, at=at)
    if opened:
        with transaction():
            open_sitting(code=sitting.code, by=BY, at=at)
    return sitting


def members_of(sitting: Sitting) -> list[User]:
    """Everyone with a seat, in the order they were seated."""
    from marketplace.registry.councils.queries import get_sitting

    return [member.user for member in get_sitting(sitting.code, by=BY).council.members]


def score(
    sitting: Sitting, dossier: Dossier, *parts: tuple[str, str, str], at: datetime, met: tuple[str, ...] = ()
) -> None:
    """Each member in turn signs a sheet of totals for A, B and C."""
    for member, points in zip(members_of(sitting), parts, strict=True):
        given = dict(zip(("A", "B", "C"), map(Decimal, points), strict=True))
        facts = SheetFacts(given, frozenset(met))
        with transaction():
            save_sheet(
                sitting_code=sitting.code, dossier_code=dossier.code, facts=facts, sign=True, by=member.actor(), at=at
            )


def scored_sitting(dossier: Dossier, *, round_code: str, at: datetime, points: tuple[str, str, str]) -> Sitting:
    """A closed sitting at which one member gave a dossier these points and found every minimum criterion met."""
    sitting = make_sitting(dossier, round_code=round_code, at=at, members=1)
    met = tuple(minimum.code for minimum in dossier.rules.minimum)
    score(sitting, dossier, points, at=at, met=met)
    with transaction():
        close_sitting(code=sitting.code, by=BY, at=at)
    return sitting


def fill_dossier(dossier: Dossier, user: User, *, at: datetime) -> None:
    """Answer every mandatory requirement of a dossier."""
    for requirement in dossier.rules.procedure.mandatory:
        if requirement.samples:
            with transaction():
                promise_samples(code=dossier.code, units=requirement.samples, by=user.actor(), at=at)
            continue
        paper = make_paper(user, requirement.paper_kinds[0], at=at)
        with transaction():
            attach_paper(code=dossier.code, requirement=requirement.code, paper_code=paper.code, by=user.actor(), at=at)


def revoke_certificate(certificate: Certificate, *, at: datetime, reason: str = "Kiểm tra không đạt") -> None:
    """Take a certificate back, as of the day of `at`."""
    decision = DecisionFacts("UBND tỉnh Thử", AuthorityLevel.PROVINCE, f"{next(_numbers)}/QĐ-TH", day_of(at))
    with transaction():
        revoke(code=certificate.code, decision=decision, reason=reason, by=BY, at=at)


def complete_label(set_code: str, **changes: object) -> LabelFacts:
    """A label that says everything this set's must."""
    facts: dict[str, object] = {field.code: "Thử" for field in asked_fields(set_code)}
    facts |= {"allergens": [], "shelf_life_from": "made", **changes}
    columns = ("ingredients", "storage", "shelf_life_days", "declared_kind")
    return LabelFacts(
        ingredients="Thử",
        storage="Nơi khô",
        shelf_life_days=90,
        declared_kind=DeclaredKind.HERB if set_code == MEDICINE_SET else None,
        facts={code: value for code, value in facts.items() if code not in columns},
    )


def make_listing(
    product: Product,
    *,
    at: datetime,
    price: int = 50_000,
    stock: int = 10,
    weight_g: int | None = 500,
    name: str = "",
    state: ListingState = ListingState.PUBLISHED,
    description: str = "",
) -> tuple[Listing, Variant]:
    """A listing with one variant on stock."""
    with transaction():
        texts = ListingTexts(name=name or product.name, art_seed="mien-1", summary="Ngon.", description=description)
        label = complete_label(product.set_code)
        listing = create_listing(product_id=product.id, texts=texts, label=label, by=BY, at=at)
        facts = VariantFacts(label="gói", weight_g=weight_g, net_quantity=500, net_unit=Unit.GRAM)
        if weight_g is None:
            facts = VariantFacts(label="một người", net_quantity=1, net_unit=Unit.PERSON)
        variant = add_variant(
            listing_id=listing.id, sku=f"SKU-{next(_numbers)}", price=Money(price), facts=facts, by=BY, at=at
        )
        if weight_g is not None and stock:
            count_stock(sku=variant.sku, counted=stock, seen=0, counts=0, by=BY, at=at)
        if state is not ListingState.DRAFT:
            move_listing(slug=listing.slug, to=state, by=BY, at=at)
    return listing, variant


def make_offer(
    name: str = "Miến dong Thử",
    *,
    at: datetime,
    producer: Producer | None = None,
    set_code: str = "I.3.b",
    stars: int = 4,
    price: int = 50_000,
    stock: int = 10,
    days_ago: int = 100,
) -> Variant:
    """A certified product on sale: its variant."""
    product = make_product(producer or make_producer(at=at), name, at=at, set_code=set_code)
    make_certificate(product, at=at, stars=stars, days_ago=days_ago)
    return make_listing(product, at=at, price=price, stock=stock)[1]


def fill_basket(*goods: tuple[Variant, int], at: datetime, by: Actor = GUEST) -> str:
    """A new basket with these goods; answers its secret."""
    token = new_token()
    for variant, quantity in goods:
        with transaction():
            add_to_basket(token=token, sku=variant.sku, quantity=quantity, by=by, at=at)
    return token


def start_checkout(token: str, *, at: datetime, by: Actor = GUEST, address: Address = ADDRESS) -> tuple[str, str]:
    """Save the address; answers the checkout's key and the fingerprint of what the buyer is shown."""
    basket = find_basket(token, by=by)
    assert basket is not None
    with transaction():
        draft = save_draft(basket_id=basket.id, address=address, at=at)
    shown = review(draft, at=at)
    assert shown is not None
    return draft.key, shown.fingerprint


def make_order(*goods: tuple[Variant, int], at: datetime, by: Actor = GUEST) -> Order:
    """An order placed for these goods."""
    key, fingerprint = start_checkout(fill_basket(*goods, at=at, by=by), at=at, by=by)
    with transaction():
        return place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)


def make_voucher(
    code: str = "TET2026",
    *,
    at: datetime,
    giver: User | None = None,
    kind: VoucherKind = VoucherKind.AMOUNT,
    off: int = 10_000,
    cap: int = 0,
    least: int = 0,
    uses: int | None = None,
    each: int | None = None,
    hours: int = 240,
    starts: int = -1,
) -> Voucher:
    """A voucher of a producer's person, or of the province; `off` is an amount or a percentage, times are hours."""
    facts = VoucherFacts(
        code=code,
        name=f"Phiếu {code}",
        kind=kind,
        starts_at=at + timedelta(hours=starts),
        ends_at=at + timedelta(hours=hours),
        amount=Money(off),
        percent=off,
        cap=Money(cap) if cap else None,
        minimum_goods=Money(least),
        most_uses=uses,
        most_each=each,
    )
    with transaction():
        return give_voucher(facts=facts, province=giver is None, by=giver.actor() if giver else BY, at=at)


def enter(token: str, *codes: str, at: datetime, by: Actor = GUEST) -> None:
    """Enter vouchers' codes in a basket."""
    for code in codes:
        with transaction():
            use_voucher(token=token, typed=code, by=by, at=at)


def make_sale(
    variant: Variant, seller: User, *, at: datetime, price: int = 40_000, hours: int = 24, units: int | None = None
) -> FlashSale:
    """A flash sale that runs from now for so many hours."""
    facts = SaleFacts(Money(price), at, at + timedelta(hours=hours), units)
    with transaction():
        return plan_sale(sku=variant.sku, facts=facts, by=seller.actor(), at=at)


@contextmanager
def indexed(app: Flask, at: datetime) -> Iterator[None]:
    """Bring the search index to what the tables hold, and empty it afterwards."""
    rebuild(at)
    follow_changes(at)
    yield
    app.extensions["search"].rebuild([])


IN_FULL = ("business_registration", "identity", "food_commitment")


def tell_all(user: User, *, at: datetime, tax_code: str = "6200012345", papers: tuple[str, ...] = IN_FULL) -> None:
    """Every step of verification done by a person of a cooperative, not sent yet."""
    by = user.actor()
    identity = IdentityFacts("HTX Lò miến", ProducerKind.COOPERATIVE, "03390", "DK-01", "Bản Thẳm", 2012)
    with transaction():
        save_identity(facts=identity, by=by, at=at)
        save_tax(subject="organisation", code=tax_code, by=by, at=at)
        add_contact(facts=ContactFacts("Lò Thị Thử", ContactRole.HEAD, "+84912345678", "lo@example.com"), by=by, at=at)
        save_leaders(facts=LeaderFacts(True, False, 9, 7), by=by, at=at)
        propose_account(
            bank_bin="970405", bank_name="Agribank", number="7900205012345", holder="HTX Lò miến", by=by, at=at
        )
    for kind in papers:
        make_paper(user, kind, at=at)


def version_of(producer: Producer, at: datetime) -> int:
    """What an officer's page of this producer is made from."""
    return file_of(producer, on=day_of(at)).version


def approve(user: User, producer: Producer, *, officer: Actor = BY, at: datetime) -> None:
    """Send what `tell_all` told, and have it approved with everything compared."""
    with transaction():
        send_for_verification(by=user.actor(), at=at)
    with transaction():
        seen = version_of(producer, at)
        approve_producer(slug=producer.slug, checked=list(Check), seen=seen, by=officer, at=at)


def make_consent(owner: User, *, at: datetime) -> None:
    """An owner's producer lets the officers of its area work its desk."""
    with transaction():
        allow_officers(by=owner.actor(), at=at)


def make_mandate(giver: User, holder: User, *, at: datetime, accepted: bool = True) -> Mandate:
    """A mandate between the producers of two owners."""
    slug = get_own(holder.actor()).slug
    with transaction():
        mandate = give_mandate(holder_slug=slug, by=giver.actor(), at=at)
    if accepted:
        with transaction():
            accept_mandate(code=mandate.code, by=holder.actor(), at=at)
    return mandate
