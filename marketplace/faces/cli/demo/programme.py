"""The demonstration's programme: a round that is over, one under way, dossiers at every step, a council, an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.people.papers.models import Paper
from marketplace.people.papers.services import PaperFacts, add_file, describe_paper, start_paper
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.platform.media.documents import made_document
from marketplace.platform.media.models import FileKind
from marketplace.platform.media.stores import media_store
from marketplace.platform.web.printing import typeset
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.services import DecisionFacts
from marketplace.registry.councils.models import Council, Seat, Sitting
from marketplace.registry.councils.queries import get_council, get_entry, get_sitting, minimum_for
from marketplace.registry.councils.services import (
    Ruling,
    SeatFacts,
    SheetFacts,
    add_member,
    close_sitting,
    decide,
    form_council,
    lay_table,
    make_appeal,
    open_sitting,
    plan_sitting,
)
from marketplace.registry.councils.services.scoring import copy_sheet
from marketplace.registry.dossiers.models import Dossier, DossierKind
from marketplace.registry.dossiers.services import (
    AssessmentFacts,
    IdeaFacts,
    admit_dossier,
    answer_idea,
    assess_dossier,
    attach_paper,
    hand_in_dossier,
    promise_samples,
    receive_samples,
    return_dossier,
    send_idea,
    start_from_certificate,
    start_idea,
)
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.rules import RoundDays, usual_days
from marketplace.registry.rounds.services import RoundFacts, open_round
from marketplace.registry.rulesets.rules import AuthorityLevel

COUNCIL = "council@demo.test"
MEMBERS = (
    ("Hoàng Thị Duyên", "Sở Nông nghiệp và Môi trường", Seat.CHAIR, "duyen.hd@demo.test"),
    ("Lường Văn Tiến", "Sở Nông nghiệp và Môi trường", Seat.SECRETARY, "tien.hd@demo.test"),
    ("Bùi Thu Hằng", "Sở Công Thương", Seat.MEMBER, COUNCIL),
    ("Sùng Thị Mỷ", "Sở Y tế", Seat.MEMBER, "my.hd@demo.test"),
    ("Phạm Quốc Bình", "Sở Khoa học và Công nghệ", Seat.MEMBER, "binh.hd@demo.test"),
)
IDEA = "Nghề của bản từ nhiều đời, mỗi nhà giữ một cách làm; nay gom lại làm cùng một chuẩn để bán được xa hơn."
MATERIALS = "Chín phần mười nguyên liệu trồng trong xã, phần còn lại mua của xã bên."
LABOUR = "Mười hai người làm quanh năm, chín người là phụ nữ, đều ở trong xã."
MARKET = "Chợ phiên, ba cửa hàng ở thành phố và khách đặt qua mạng."


@dataclass(frozen=True)
class Past:
    """A dossier of the round that is over, and the totals its members gave for A, B, C."""

    name: str
    set_code: str
    points: Sequence[tuple[str, str, str]]
    refusal: str = ""


PAST = (
    Past("Bột dong riềng sấy lạnh", "I.3.b",
         (("29", "18", "26"), ("28.5", "17", "25"), ("30", "18.5", "27"), ("29", "17", "26"), ("27", "18", "25"))),
    Past("Trà gừng núi túi lọc", "I.5.b",
         (("24", "14", "20"), ("25", "15", "21"), ("23", "14", "19.5"), ("12", "10", "14"), ("24", "15", "20"))),
    Past("Tương ớt mắc khén", "I.4.a",
         (("18", "12", "16"), ("17", "11", "15"), ("19", "12", "16"), ("18", "11", "17"), ("18", "12", "15")),
         "Trung bình dưới 50 điểm; chưa có phiếu kiểm nghiệm chỉ tiêu an toàn thực phẩm."),
)  # fmt: skip


def load_programme(found: dict[str, Producer], *, by: Actor, at: datetime) -> None:
    """Two rounds with their dossiers, in the open block. `found` are the producers by their key."""
    row, coming = _rounds(by, at)
    _past_round(row, list(found.values())[3:6], by)
    _round_under_way(coming, found, by, at)


def _rounds(by: Actor, at: datetime) -> tuple[EvaluationRound, EvaluationRound]:
    """The plan's last round that is over, and the next one, which takes dossiers already."""
    today = day_of(at)
    usual = [(y, n, days) for y in (today.year - 1, today.year, today.year + 1) for n in (1, 2)
             if (days := usual_days(y, n)) is not None]  # fmt: skip
    over = max(one for one in usual if one[2].province_deadline < today)
    ahead = min(one for one in usual if one[2].first_deadline > today + timedelta(days=7))
    opened = min(ahead[2].opens_on, today - timedelta(days=20))
    taking = RoundDays(opened, ahead[2].first_deadline, ahead[2].province_deadline)
    then = midnight(over[2].opens_on)
    return (
        open_round(year=over[0], number=over[1], facts=RoundFacts(over[2]), by=by, at=then),
        open_round(year=ahead[0], number=ahead[1], facts=RoundFacts(taking), by=by, at=at),
    )


def _actor(producer: Producer) -> Actor:
    return Actor(name=producer.contact_name, role=Role.PRODUCER, organisation_id=producer.organisation_id)


def _settle() -> None:
    """Members and files are read afresh: one block does here what people do in many."""
    db.session.flush()
    for known in list(db.session.identity_map.values()):
        if isinstance(known, Council):
            db.session.expire(known, ["members"])
        elif isinstance(known, Paper):
            db.session.expire(known, ["files"])
        elif isinstance(known, Dossier):
            db.session.expire(known, ["product", "round", "certificate"])


def _begin(producer: Producer, name: str, set_code: str, by: Actor, at: datetime) -> Dossier:
    facts = IdeaFacts(name, set_code, "", True, IDEA, MATERIALS, LABOUR, MARKET)
    dossier = start_idea(facts=facts, by=_actor(producer), at=at)
    send_idea(code=dossier.code, by=_actor(producer), at=at)
    answer_idea(code=dossier.code, accepted=True, remark="", by=by, at=at + timedelta(days=2))
    return dossier


def _hand_in(dossier: Dossier, producer: Producer, row: EvaluationRound, at: datetime) -> None:
    """Give every mandatory piece, as scans that say that they are made up, and hand the dossier in."""
    by = _actor(producer)
    for requirement in dossier.rules.procedure.mandatory:
        if requirement.samples:
            promise_samples(code=dossier.code, units=requirement.samples, by=by, at=at)
        else:
            paper = demo_paper(requirement.paper_kinds[0], requirement.name, by=by, at=at)
            attach_paper(code=dossier.code, requirement=requirement.code, paper_code=paper.code, by=by, at=at)
    _settle()
    hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=at)


def demo_paper(kind: str, name: str, *, by: Actor, at: datetime, valid_until: date | None = None) -> Paper:
    """A paper of the acting producer with one page that says that it is made up."""
    existing = db.session.scalar(select(Paper).join(Paper.producer).where(
        Paper.kind == kind, Producer.organisation_id == by.organisation_id).limit(1))  # fmt: skip
    if existing is not None:
        return existing
    facts = {"lang": "vi", "title": name, "words": "Giấy của bản trình diễn, không phải giấy thật.", "maker": by.name}
    document = made_document(typeset("sample", facts, kind="pdf"), f"{kind}.pdf", FileKind.PDF)
    media_store().put(document.name, document.data, content_type=document.kind.media_type)
    paper = start_paper(kind=kind, by=by, at=at)
    add_file(code=paper.code, document=document, by=by, at=at)
    _settle()
    facts_said = PaperFacts(kind, number="DEMO", issuer="Bản trình diễn", issued_on=day_of(at), valid_until=valid_until)
    return describe_paper(code=paper.code, facts=facts_said, by=by, at=at)


def _assess(dossier: Dossier, by: Actor, at: datetime) -> None:
    findings = {t.code: (True, "Đúng như hồ sơ khai.") for t in dossier.rules.procedure.pre_assessment}
    facts = AssessmentFacts(day_of(at), "Đủ điều kiện, đề nghị tỉnh đánh giá.", findings)
    assess_dossier(code=dossier.code, facts=facts, by=by, at=at)


def _past_round(row: EvaluationRound, makers: list[Producer], by: Actor) -> None:
    """Three dossiers from the idea to the decision; one was refused, and appeals."""
    made = []
    for past, maker in zip(PAST, makers, strict=True):
        begun = midnight(row.first_deadline) - timedelta(days=20)
        dossier = _begin(maker, past.name, past.set_code, by, begun)
        _hand_in(dossier, maker, row, begun + timedelta(days=15))
        _assess(dossier, by, begun + timedelta(days=18))
        receive_samples(code=dossier.code, units=5, by=by, at=begun + timedelta(days=19))
        admit_dossier(code=dossier.code, by=by, at=begun + timedelta(days=22))
        made.append(dossier)
    held = midnight(row.province_deadline) - timedelta(days=3)
    sitting = _sitting(row, made, by, held)
    for past, dossier in zip(PAST, made, strict=True):
        _score(sitting, dossier, past.points, by, held + timedelta(hours=4))
    _settle()
    close_sitting(code=sitting.code, by=by, at=held + timedelta(hours=9))
    _settle()
    decided = midnight(row.province_deadline)
    facts = DecisionFacts(
        "UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE, f"{row.year}9{row.number}/QĐ-UBND", day_of(decided)
    )
    rulings = [Ruling(d.code, not p.refusal, p.refusal) for p, d in zip(PAST, made, strict=True)]
    decide(sitting_code=sitting.code, decision=facts, rulings=rulings, by=by, at=decided)
    _settle()
    refused, maker = made[-1], makers[-1]
    words = "Phiếu kiểm nghiệm có trong hồ sơ nộp bổ sung, đề nghị hội đồng xem lại."
    make_appeal(dossier_code=refused.code, words=words, by=_actor(maker), at=decided + timedelta(days=9))


def _sitting(row: EvaluationRound, dossiers: list[Dossier], by: Actor, at: datetime) -> Sitting:
    council = form_council(
        name="Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh",
        level=AuthorityLevel.PROVINCE,
        decision_number=f"{row.number}5/QĐ-UBND",
        established_on=day_of(at) - timedelta(days=30),
        by=by,
        at=at,
    )
    for name, department, seat, email in MEMBERS:
        add_member(council_code=council.code, facts=SeatFacts(email, name, department, seat), by=by, at=at)
        _settle()
    sitting = plan_sitting(
        council_code=council.code, round_code=row.code, held_on=day_of(at), place="Hội trường tầng 2", by=by, at=at
    )
    lay_table(code=sitting.code, dossier_codes=[d.code for d in dossiers], by=by, at=at)
    _settle()
    open_sitting(code=sitting.code, by=by, at=at)
    return sitting


def _score(sitting: Sitting, dossier: Dossier, points: Sequence[tuple[str, str, str]], by: Actor, at: datetime) -> None:
    found = get_sitting(sitting.code, by=by)
    met = frozenset(m.code for m in minimum_for(get_entry(found, dossier.code).dossier) if m.stars <= 4)
    for member, given in zip(get_council(found.council.code, by=by).members, points, strict=False):
        facts = SheetFacts(dict(zip(("A", "B", "C"), map(Decimal, given), strict=True)), met)
        codes = {"sitting_code": sitting.code, "dossier_code": dossier.code, "member_code": member.code}
        copy_sheet(**codes, facts=facts, sign=True, by=by, at=at)


def _round_under_way(row: EvaluationRound, found: dict[str, Producer], by: Actor, at: datetime) -> None:
    """A dossier at every step, and a table that the council's demonstration account scores at."""
    commune = [p for p in found.values() if p.commune.code == "03390"]
    ago = at - timedelta(days=12)
    idea = IdeaFacts("Măng khô ba tháng nắng", "I.3.c", idea=IDEA)
    start_idea(facts=IdeaFacts("Rượu cần lá rừng", "II.1.b"), by=_actor(commune[0]), at=ago)
    sent = start_idea(facts=idea, by=_actor(commune[1]), at=ago)
    send_idea(code=sent.code, by=_actor(commune[1]), at=ago)
    _renewal(found["binhlu"], ago)
    handed = _begin(commune[0], "Bánh dày gói lá dong", "I.3.a", by, ago)
    _hand_in(handed, commune[0], row, at - timedelta(days=5))
    returned = _begin(commune[1], "Muối chẩm chéo", "I.4.b", by, ago)
    _hand_in(returned, commune[1], row, at - timedelta(days=6))
    return_dossier(
        code=returned.code, remark="Ảnh giấy đăng ký mờ, chụp lại cả bốn góc.", by=by, at=at - timedelta(days=4)
    )
    forwarded = _begin(found["tanphong"], "Chè dây rừng sao tay", "I.5.b", by, ago)
    _hand_in(forwarded, found["tanphong"], row, at - timedelta(days=6))
    _assess(forwarded, by, at - timedelta(days=3))
    table = []
    for maker, name, set_code in (
        (commune[2], "Mật ong bạc hà đóng lọ nhỏ", "I.2.b"),
        (commune[-1], "Khăn thổ cẩm nhuộm chàm", "IV.2"),
    ):
        dossier = _begin(maker, name, set_code, by, ago)
        _hand_in(dossier, maker, row, at - timedelta(days=8))
        _assess(dossier, by, at - timedelta(days=6))
        admit_dossier(code=dossier.code, by=by, at=at - timedelta(days=4))
        table.append(dossier)
    sitting = _sitting(row, table, by, at - timedelta(days=1))
    _score(sitting, table[0], (("30", "19", "27"), ("29", "18", "26.5")), by, at)


def _renewal(producer: Producer, at: datetime) -> None:
    """The demonstration's producer renews one of its products, with half of the papers there."""
    by = _actor(producer)
    soon = day_of(at) + timedelta(days=200)
    for kind, until in (("business_registration", None), ("food_safety", soon), ("test_report", soon)):
        demo_paper(kind, "Giấy", by=by, at=at, valid_until=until)
    code = db.session.scalars(
        select(Product.code).where(Product.producer_id == producer.id).order_by(Product.id).limit(1)
    ).one()
    _settle()
    start_from_certificate(product_code=code, kind=DossierKind.RENEWAL, by=by, at=at)
