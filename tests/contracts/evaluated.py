"""What the access table speaks of around dossiers and councils: one of each, by the names in braces."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select, update

from marketplace.people.accounts.models import User
from marketplace.people.papers.models import PaperFile
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import KeptFile
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.councils.models import Appeal, AppealState, Seat
from marketplace.registry.councils.queries import get_council
from marketplace.registry.councils.services import (
    SeatFacts,
    SheetFacts,
    add_member,
    close_sitting,
    enter_sheet,
    form_council,
    lay_table,
    open_sitting,
    plan_sitting,
)
from marketplace.registry.dossiers.models import Dossier, DossierPaper, DossierState, DossierStep
from marketplace.registry.dossiers.services import AssessmentFacts, IdeaFacts, assess_dossier, start_idea
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.rules import RoundDays
from marketplace.registry.rounds.services import RoundFacts, open_round
from tests.builders import BY, make_paper, make_product, pdf
from tests.conftest import TODAY

POINTS = {"p-A": "30", "p-B": "20", "p-C": "25"}
DAYS = {
    "opens_on": (TODAY - timedelta(days=30)).isoformat(),
    "first_deadline": (TODAY + timedelta(days=9)).isoformat(),
    "province_deadline": (TODAY + timedelta(days=30)).isoformat(),
}
TOPICS = ("local_material", "local_labour", "origin_of_idea", "local_identity")
EVALUATED_TYPED: dict[str, dict[str, str]] = {
    "POST /producer/papers/new": {"kind": "award"},
    "POST /producer/papers/{paper}": {"kind": "award", "title": "Giải nhất"},
    "POST /producer/dossiers/new": {
        "name": "Trà hoa",
        "set_code": "I.5.b",
        "exists": "no",
        "wanted_stars": "3",
        "idea": "Hoa rừng",
    },
    "POST /producer/dossiers/again": {"kind": "renewal", "product": "{renewable}"},
    "POST /producer/dossiers/{prepared}/idea": {
        "name": "Trà", "set_code": "I.3.b", "exists": "no", "wanted_stars": "3", "idea": "Trà rừng của bản",
    },
    "POST /producer/dossiers/{prepared}/papers/award": {"paper": "{paper}"},
    "POST /producer/dossiers/{prepared}/samples": {"samples": "5"},
    "POST /producer/dossiers/{prepared}/submit": {"round": "{round}"},
    "POST /producer/dossiers/{refused}/appeal": {"words": "Không đúng"},
    "POST /office/dossiers/{sent}/decline": {"remark": "Viết thêm"},
    "POST /office/dossiers/{handed}/return": {"remark": "Sửa ảnh"},
    "POST /office/dossiers/{handed}/assess": {
        "held_on": TODAY.isoformat(), "conclusion": "Được", **dict.fromkeys(TOPICS, "Đủ"),
    },
    "POST /office/dossiers/{handed}/samples": {"units": "5"},
    "POST /office/rounds/new": {"year": "2026", "number": "7", **DAYS},
    "POST /office/rounds/{round}": DAYS,
    "POST /office/councils/new": {
        "name": "Hội đồng", "level": "province", "decision_number": "8/QĐ", "established_on": TODAY.isoformat(),
    },
    "POST /office/councils/{body}/members": {"email": "x@example.com", "name": "Ông X", "seat": "member"},
    "POST /office/councils/{body}/sittings": {"round": "{round}", "held_on": TODAY.isoformat(), "place": "Sở"},
    "POST /office/sittings/{planned}/lay": {"dossier": "{admitted2}"},
    "POST /office/sittings/{sitting}/sheets/{admitted}/{seat}": {"p-A": "x"},
    "POST /office/sittings/{closed}/decide": {
        "authority": "UBND tỉnh", "level": "province", "number": "9/QĐ-D", "issued_on": TODAY.isoformat(),
        "ruling-{scored}": "grant",
    },
    "POST /office/appeals/{appeal}": {"answer": "Đúng", "verdict": "uphold"},
    "POST /council/{open}/{scoring}": POINTS,
}  # fmt: skip


def evaluated(user: User, producer: Producer, product: Product, province: Actor, at: datetime) -> dict[str, str]:
    """The producer's papers and dossiers in every state, a council of the province with three sittings, an appeal."""
    days = RoundDays(*(TODAY + timedelta(days=n) for n in (-30, 9, 30)))
    with transaction():
        row = open_round(year=2026, number=1, facts=RoundFacts(days), by=province, at=at)
    paper = make_paper(user, "award", at=at)
    made = _dossiers(user, producer, row, at)
    names = {name: dossier.code for name, dossier in made.items()}
    names |= {"paper": paper.code, "pagefile": paper.files[0].file.code, "round": row.code}
    names |= _complete(made["prepared"], user, at) | _assessed(made["handed2"], province, at)
    names |= _councils(made, row, province, at) | _appeal(made["refused"], at)
    names["renewable"] = product.code
    return names


def _dossiers(user: User, producer: Producer, row: EvaluationRound, at: datetime) -> dict[str, Dossier]:
    states = {
        "idea": DossierState.IDEA,
        "sent": DossierState.IDEA_SENT,
        "prepared": DossierState.PREPARING,
        "handed": DossierState.SUBMITTED,
        "handed2": DossierState.SUBMITTED,
        "admitted": DossierState.ADMITTED,
        "admitted2": DossierState.ADMITTED,
        "admitted3": DossierState.ADMITTED,
        "admitted4": DossierState.ADMITTED,
        "refused": DossierState.REFUSED,
    }
    found = {}
    for name, state in states.items():
        with transaction():
            facts = IdeaFacts(f"Miến {name}", "I.3.b", idea="Nghề của bản")
            found[name] = start_idea(facts=facts, by=user.actor(), at=at)
        own = make_product(producer, f"Miến {name}", at=at) if name.startswith("admitted") else None
        values = {"state": state, "round_id": row.id, "refusal_reason": "Thiếu" if name == "refused" else ""}
        with transaction():
            values["product_id"] = own.id if own else None
            db.session.execute(update(Dossier).where(Dossier.id == found[name].id).values(**values))
    return found


def _complete(dossier: Dossier, user: User, at: datetime) -> dict[str, str]:
    """Every mandatory piece, by one paper that is said to answer them all."""
    paper = make_paper(user, "business_plan", at=at)
    with transaction():
        for requirement in dossier.rules.procedure.mandatory:
            if not requirement.samples:
                db.session.add(
                    DossierPaper(dossier_id=dossier.id, requirement=requirement.code, paper_id=paper.id, attached_at=at)
                )
        db.session.execute(update(Dossier).where(Dossier.id == dossier.id).values(samples_promised=5))
    return {"plan": paper.code}


def _assessed(dossier: Dossier, province: Actor, at: datetime) -> dict[str, str]:
    """A dossier passed on to the province with its signed report."""
    report = take_document(pdf("báo cáo"), "bao-cao.pdf")
    put_document(report, at=at)
    facts = AssessmentFacts(TODAY, "Được", dict.fromkeys(TOPICS, (True, "Đủ")))
    with transaction():
        row = assess_dossier(code=dossier.code, facts=facts, report=report, by=province, at=at)
    assert row.report_id is not None
    code = db.session.get_one(KeptFile, row.report_id).code
    return {"forwarded": dossier.code, "report": code}


def _councils(made: dict[str, Dossier], row: EvaluationRound, province: Actor, at: datetime) -> dict[str, str]:
    with transaction():
        council = form_council(
            name="Hội đồng", level=AuthorityLevel.PROVINCE, decision_number="5/QĐ", established_on=TODAY, by=province,
            at=at,
        )  # fmt: skip
    with transaction():
        facts = SeatFacts("council@example.com", "Bà Hoa", "Sở Y tế", Seat.CHAIR)
        seat = add_member(council_code=council.code, facts=facts, by=province, at=at).code
    sittings = {}
    for name, dossier in (
        ("sitting", "admitted"),
        ("planned", "admitted2"),
        ("closed", "admitted3"),
        ("open", "admitted4"),
    ):
        with transaction():
            plan = plan_sitting(
                council_code=council.code, round_code=row.code, held_on=TODAY, place="Sở", by=province, at=at
            )
            sittings[name] = plan.code
        with transaction():
            lay_table(code=plan.code, dossier_codes=[made[dossier].code], by=province, at=at)
        if name != "planned":
            with transaction():
                open_sitting(code=plan.code, by=province, at=at)
    scan = _sheet(sittings["sitting"], made["admitted"], seat, province, at)
    _sheet(sittings["closed"], made["admitted3"], seat, province, at)
    with transaction():
        close_sitting(code=sittings["closed"], by=province, at=at)
    table = _table_file(made["admitted"], at)
    assert len(get_council(council.code, by=BY).members) == 1
    return {**sittings, "body": council.code, "seat": seat, "scan": scan, "tablefile": table} | {
        "scored": made["admitted3"].code,
        "scoring": made["admitted4"].code,
    }


def _sheet(sitting: str, dossier: Dossier, seat: str, province: Actor, at: datetime) -> str:
    scan = take_document(pdf(sitting), "phieu.pdf")
    put_document(scan, at=at)
    points = {"A": Decimal(30), "B": Decimal(20), "C": Decimal(25)}
    facts = SheetFacts(points, frozenset(minimum.code for minimum in dossier.rules.minimum))
    with transaction():
        sheet = enter_sheet(
            sitting_code=sitting,
            dossier_code=dossier.code,
            member_code=seat,
            facts=facts,
            scan=scan,
            by=province,
            at=at,
        )
    return db.session.scalars(select(KeptFile.code).where(KeptFile.id == sheet.scan_id)).one()


def _table_file(dossier: Dossier, at: datetime) -> str:
    """One file of a paper of the dossier on the open table."""
    row = db.session.execute(
        select(PaperFile.paper_id, KeptFile.code).join(KeptFile, KeptFile.id == PaperFile.file_id).limit(1)
    ).one()
    with transaction():
        db.session.add(DossierPaper(dossier_id=dossier.id, requirement="award", paper_id=row[0], attached_at=at))
    return str(row[1])


def _appeal(dossier: Dossier, at: datetime) -> dict[str, str]:
    """A refused dossier may be appealed; another appeal of it waits for its answer, made by hand."""
    with transaction():
        step = {"dossier_id": dossier.id, "at": at, "verb": "refused", "state": DossierState.REFUSED}
        db.session.add(DossierStep(**step, actor_name="An", actor_role="admin", remark=""))
    other = _dossier_like(dossier, at)
    with transaction():
        db.session.add(
            Appeal(
                code="KN00000001", dossier_id=other, words="Không đúng", state=AppealState.OPEN, made_at=at, made_by="A"
            )
        )
    return {"appeal": "KN00000001"}


def _dossier_like(dossier: Dossier, at: datetime) -> int:
    columns = [c.name for c in Dossier.__table__.columns if c.name not in ("id", "code")]
    facts = {name: getattr(db.session.get_one(Dossier, dossier.id), name) for name in columns}
    with transaction():
        twin = Dossier(**facts, code="HS00000001")
        db.session.add(twin)
        db.session.flush()
        return twin.id
