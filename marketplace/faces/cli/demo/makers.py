"""Producers in every state of verification, their papers, and a mandate: through the verbs that people use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.queries import find_user
from marketplace.people.mandates.services import accept_mandate, allow_officers, give_mandate
from marketplace.people.papers.kinds import paper_kind
from marketplace.people.papers.services import PaperFacts, add_file, describe_paper, look_at_paper, start_paper
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.verification.models import ContactRole
from marketplace.people.verification.queries import file_of
from marketplace.people.verification.rules import Step
from marketplace.people.verification.services import (
    ContactFacts,
    IdentityFacts,
    LeaderFacts,
    add_contact,
    decide_account,
    decide_changes,
    propose_account,
    return_producer,
    save_identity,
    save_leaders,
    save_tax,
    send_for_verification,
)
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.folding import fold
from marketplace.platform.media.documents import Document, take_document
from marketplace.platform.media.keeping import put_document

PHONE = "+84900000{:03d}"


@dataclass(frozen=True)
class Told:
    """What one producer of the demonstration gave."""

    tax: tuple[str, str]
    bank: tuple[str, str, str]
    street: str
    leaders: LeaderFacts
    papers: tuple[str, ...]  # kinds, in order; those before `accepted` were looked at
    accepted: int = 0


TOLD: Mapping[str, Told] = {
    "binhlu": Told(
        ("organisation", "6200098765"), ("970405", "Agribank", "7900205012345"), "Bản Thẳm",
        LeaderFacts(True, True, 26, 24),
        ("business_registration", "food_safety", "tax_registration", "quality_system"), 3,
    ),
    "tanphong": Told(
        ("organisation", "6200087654"), ("970418", "BIDV", "36510000123456"), "Số 12 đường 30 tháng 4",
        LeaderFacts(False, True, 40, 31), ("business_registration", "food_safety"), 2,
    ),
    "thanuyen": Told(
        ("household", "012090001234"), ("970415", "VietinBank", "101870001234"), "Bản Lướt",
        LeaderFacts(True, True, 3, 3), ("business_registration", "identity", "food_commitment"), 3,
    ),
    "pusam": Told(
        ("organisation", "6200076543"), ("970436", "Vietcombank", "0861000012345"), "Bản Pu Sam Cáp",
        LeaderFacts(True, True, 14, 14), ("business_registration", "food_commitment"),
    ),
    "thulum": Told(
        ("individual", "012085004321"), ("970405", "Agribank", "7906205000077"), "Bản Thu Lũm",
        LeaderFacts(False, True, 9, 9), ("group_contract", "identity", "food_commitment"),
    ),
}  # fmt: skip
REMARKS = {
    "papers": "Hợp đồng hợp tác chưa thấy dấu xác nhận của xã. Chụp lại trang cuối.",
    "contacts": "Thêm số của người trực ở bản, số này hay ngoài vùng phủ sóng.",
}


def put_papers(*, at: datetime) -> dict[tuple[str, int], Document]:
    """Small papers put into the store before the block that uses them opens; by producer and place."""
    made = {}
    for key, told in TOLD.items():
        for n, kind in enumerate((*told.papers, "food_safety") if key == "tanphong" else told.papers):
            document = take_document(sheet(key, paper_kind(kind).name), f"{kind.replace('_', '-')}.pdf")
            put_document(document, at=at)
            made[key, n] = document
    return made


def verify_makers(found: Mapping[str, Producer], papers: Mapping[tuple[str, int], Document], *, at: datetime) -> None:
    """Approved with an account in force, approved with changes that wait, waiting, returned; and a mandate."""
    province = find_user("province@demo.test")
    assert province is not None
    office = province.actor()
    for n, (key, told) in enumerate(TOLD.items()):
        _fill(key, found[key], told, papers, office, at=at - timedelta(days=30 - n))
    for key in ("binhlu", "tanphong", "thanuyen"):
        decided, slug = at - timedelta(days=20), found[key].slug
        seen = _seen(found[key], at)
        decide_changes(slug=slug, step=Step.TAX, accepted=True, seen=seen, by=office, at=decided)
        decide_account(slug=slug, accepted=True, seen=seen + 1, by=office, at=decided)
    _want_changes(found["tanphong"], papers["tanphong", 2], at=at - timedelta(days=2))
    send_for_verification(by=acting_for(found["pusam"]), at=at - timedelta(days=5))
    send_for_verification(by=acting_for(found["thulum"]), at=at - timedelta(days=6))
    returned = found["thulum"]
    return_producer(slug=returned.slug, remarks=REMARKS, seen=_seen(returned, at), by=office, at=at - timedelta(days=3))
    _mandate(found["binhlu"], at=at)


def _fill(
    key: str,
    producer: Producer,
    told: Told,
    papers: Mapping[tuple[str, int], Document],
    office: Actor,
    *,
    at: datetime,
) -> None:
    by = acting_for(producer)
    facts = IdentityFacts(
        producer.name,
        producer.kind,
        producer.commune.code,
        producer.registration_number or "",
        told.street,
        producer.founded_year,
    )
    save_identity(facts=facts, by=by, at=at)
    save_tax(subject=told.tax[0], code=told.tax[1], by=by, at=at)
    bank_bin, bank, number = told.bank
    propose_account(bank_bin=bank_bin, bank_name=bank, number=number, holder=producer.name, by=by, at=at)
    phone = producer.phone or PHONE.format(700 + producer.id % 200)
    head = ContactFacts(producer.contact_name, ContactRole.HEAD, phone, None)
    add_contact(facts=head, by=by, at=at)
    save_leaders(facts=told.leaders, by=by, at=at)
    for n, kind in enumerate(told.papers):
        give_paper(kind, papers[key, n], by=by, office=office if n < told.accepted else None, at=at)


def give_paper(
    kind: str, document: Document, *, by: Actor, office: Actor | None, at: datetime, replaces: str = ""
) -> str:
    """A paper of the acting producer with this file, accepted by `office` where there is one; answers its code."""
    code = start_paper(kind=kind, replaces=replaces, by=by, at=at).code
    add_file(code=code, document=document, by=by, at=at)
    of_kind, day = paper_kind(kind), day_of(at)
    facts = PaperFacts(
        kind=kind,
        number=f"DEMO-{code[-4:]}" if of_kind.numbered else "",
        issuer="Phòng Kinh tế",
        issued_on=day - timedelta(days=300),
        valid_until=date(day.year + 1, day.month, 1) if of_kind.lapses else None,
    )
    paper = describe_paper(code=code, facts=facts, by=by, at=at)
    if office is not None:
        look_at_paper(code=code, accepted=True, remark="", seen=paper.mark, by=office, at=at)
    return code


def _want_changes(producer: Producer, document: Document, *, at: datetime) -> None:
    """A firm that has moved, changed its bank and renewed a paper: the former ones stand meanwhile."""
    by = acting_for(producer)
    name = producer.name.replace("TNHH", "Cổ phần")
    facts = IdentityFacts(
        name, ProducerKind.COMPANY, "03388", producer.registration_number or "", "Số 12 đường 30 tháng 4"
    )
    save_identity(facts=facts, by=by, at=at)
    propose_account(
        bank_bin="970436", bank_name="Vietcombank", number="0861000099887", holder=producer.name, by=by, at=at
    )
    before = file_of(producer, on=day_of(at)).papers["food_safety"]
    give_paper("food_safety", document, by=by, office=None, at=at, replaces=before.code)


def _mandate(holder: Producer, *, at: datetime) -> None:
    """A household has its cooperative work its desk; the cooperative lets officers help."""
    household, owner = find_user("household@demo.test"), find_user("producer@demo.test")
    assert household is not None
    assert owner is not None
    mandate = give_mandate(holder_slug=holder.slug, by=household.actor(), at=at)
    accept_mandate(code=mandate.code, by=owner.actor(), at=at)
    allow_officers(by=owner.actor(), at=at)


def acting_for(producer: Producer) -> Actor:
    """Whoever acts for a producer of the demonstration, with an account or without."""
    return Actor(name=producer.contact_name, role=Role.PRODUCER, organisation_id=producer.organisation_id)


def _seen(producer: Producer, at: datetime) -> int:
    return file_of(producer, on=day_of(at)).version


def sheet(key: str, title: str) -> bytes:
    """One page of PDF with a line of words; the standard font knows no Vietnamese marks."""
    words = f"{fold(title).upper()} / {key} / BAN TRINH DIEN".encode()
    drawn = b"BT /F1 14 Tf 60 770 Td (" + words + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for n, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (table, len(body))
