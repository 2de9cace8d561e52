"""A dossier's way: who may take which step, what it needs, what is told, that nothing leads round the decision."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import UnknownProductSet
from marketplace.registry.dossiers import services
from marketplace.registry.dossiers.jobs import remind
from marketplace.registry.dossiers.models import TRANSITIONS, Dossier, DossierKind, DossierState, DossierStep
from marketplace.registry.dossiers.queries import (
    Asked,
    completeness_of,
    count_by_state,
    count_dossiers,
    count_late,
    get_dossier,
    list_assessments,
    list_dossiers,
    list_late,
    list_renewable,
    list_steps,
    papers_of,
)
from marketplace.registry.dossiers.rules import Have, Late, completeness, late
from marketplace.registry.dossiers.services import (
    AssessmentFacts,
    IdeaFacts,
    Incomplete,
    NotNow,
    RoundOver,
    Unfitting,
    admit_dossier,
    answer_idea,
    assess_dossier,
    attach_paper,
    certify_dossier,
    detach_paper,
    fill_from_vault,
    hand_in_dossier,
    preparing,
    promise_samples,
    receive_samples,
    refuse_dossier,
    reopen_dossier,
    return_dossier,
    save_idea,
    score_dossier,
    send_idea,
    start_from_certificate,
    start_idea,
    withdraw_dossier,
)
from marketplace.registry.rounds.rules import RoundDays
from marketplace.registry.rounds.services import REMIND, RoundFacts, change_round, close_round
from marketplace.registry.rulesets.queries import ruleset
from tests.builders import (
    BY,
    fill_dossier,
    make_certificate,
    make_dossier,
    make_paper,
    make_producer,
    make_product,
    make_round,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY

IDEA = IdeaFacts(name="Trà hoa", set_code="I.5.b", idea="Hoa rừng")


class Maker(NamedTuple):
    user: User
    producer: Producer


@pytest.fixture
def maker(app: Flask, at: datetime) -> Maker:
    user = make_user(Role.PRODUCER, at=at)
    return Maker(user, make_producer("Lò miến", at=at, user=user))


def fresh(dossier: Dossier) -> Dossier:
    db.session.expunge_all()
    db.session.rollback()
    return db.session.get_one(Dossier, dossier.id)


def letters(to: str = "") -> list[str]:
    query = select(OutgoingMail.subject).order_by(OutgoingMail.id)
    found = list(db.session.scalars(query.where(OutgoingMail.to_address == to) if to else query))
    db.session.rollback()
    return found


def test_an_idea_is_written_sent_returned_and_accepted(maker: Maker, at: datetime) -> None:
    by, commune = maker.user.actor(), make_user(Role.COMMUNE_OFFICER, at=at)
    with transaction():
        dossier = start_idea(facts=IdeaFacts(" Trà  hoa ", "I.5.b", wanted_stars=4), by=by, at=at)
    assert (dossier.name, dossier.state, dossier.kind, dossier.ruleset_code, dossier.wanted_stars) == (
        "Trà hoa", DossierState.IDEA, DossierKind.NEW, "1489", 4,
    )  # fmt: skip
    with pytest.raises(Invalid, match="invalid"), transaction():
        send_idea(code=dossier.code, by=by, at=at)
    with transaction():
        save_idea(code=dossier.code, facts=IDEA, by=by, at=at)
    with transaction():
        send_idea(code=dossier.code, by=by, at=at)
    assert letters(commune.email) == ["Có hồ sơ chờ bạn xem: Trà hoa"]
    with pytest.raises(NotNow), transaction():
        save_idea(code=dossier.code, facts=IDEA, by=by, at=at)
    with pytest.raises(Invalid), transaction():
        answer_idea(code=dossier.code, accepted=False, remark=" ", by=commune.actor(), at=at)
    with transaction():
        answer_idea(code=dossier.code, accepted=False, remark="Kể thêm về hoa", by=commune.actor(), at=at)
    assert (fresh(dossier).state, fresh(dossier).remark) == (DossierState.IDEA, "Kể thêm về hoa")
    with transaction():
        send_idea(code=dossier.code, by=by, at=at + timedelta(hours=1))
    with transaction():
        answer_idea(code=dossier.code, accepted=True, remark="", by=commune.actor(), at=at)
    assert (fresh(dossier).state, fresh(dossier).remark) == (DossierState.PREPARING, "")
    with pytest.raises(NotNow), transaction():
        answer_idea(code=dossier.code, accepted=False, remark="x", by=commune.actor(), at=at)
    verbs = [(s.verb, s.actor_role) for s in list_steps(dossier.id)]
    assert verbs == [
        ("started", "producer"),
        ("written", "producer"),
        ("idea_sent", "producer"),
        ("idea_returned", "commune_officer"),
        ("idea_sent", "producer"),
        ("idea_accepted", "commune_officer"),
    ]
    assert letters(maker.user.email)[-1].startswith("Trà hoa: Ý tưởng được chấp nhận")


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (IdeaFacts("  ", "I.5.b"), {"name"}),
        (IdeaFacts("A", "I.5.b", wanted_stars=2), {"wanted_stars"}),
        (IdeaFacts("A", "I.5.b", market="x" * 6001), {"market"}),
        (IdeaFacts("A", "IX.9"), {"set_code"}),
    ],
)
def test_an_idea_that_cannot_be(maker: Maker, at: datetime, facts: IdeaFacts, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        start_idea(facts=facts, by=maker.user.actor(), at=at)
    assert set(refusal.value.fields) == wrong
    assert isinstance(refusal.value, UnknownProductSet) == (wrong == {"set_code"})
    assert db.session.scalars(select(Dossier.id)).all() == []


def test_a_complete_dossier_goes_all_the_way_to_the_council(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    province = make_user(Role.PROVINCE_OFFICER, at=at)
    dossier = make_dossier(maker.user, at=at, to=DossierState.ADMITTED, round_code=row.code)
    assert (dossier.state, dossier.round_id, dossier.submitted_at) == (DossierState.ADMITTED, row.id, at)
    product = db.session.get_one(Product, dossier.product_id)
    assert (product.name, product.set_code, product.producer_id) == ("Miến dong Thử", "I.3.b", maker.producer.id)
    assert all(paper.handed_in_at == at for paper in db.session.scalars(select(Paper)))
    assert [s.verb for s in list_steps(dossier.id)] == [
        "started", "idea_sent", "idea_accepted", "handed_in", "forwarded", "admitted",
    ]  # fmt: skip
    assert letters(province.email) == ["Có hồ sơ chờ bạn xem: Miến dong Thử"]
    [assessment] = list_assessments(dossier.id)
    assert assessment.findings["local_labour"] == {"met": True, "text": "Đạt"}


def test_without_a_mandatory_piece_it_is_not_handed_in(maker: Maker, at: datetime) -> None:
    row, by = make_round(at=at), maker.user.actor()
    dossier = make_dossier(maker.user, at=at)
    with pytest.raises(Incomplete) as refusal, transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=at)
    assert set(refusal.value.fields) == {
        "registration_form", "business_plan", "organisation_chart", "business_registration", "self_assessment",
        "samples",
    }  # fmt: skip
    fill_dossier(dossier, maker.user, at=at)
    with transaction():
        promise_samples(code=dossier.code, units=4, by=by, at=at)
    with pytest.raises(Incomplete) as refusal, transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=at)
    assert set(refusal.value.fields) == {"samples"}
    for units in (-1, 1001):
        with pytest.raises(Invalid), transaction():
            promise_samples(code=dossier.code, units=units, by=by, at=at)
    assert (fresh(dossier).state, fresh(dossier).samples_promised) == (DossierState.PREPARING, 4)
    assert db.session.scalars(select(Paper.id).where(Paper.handed_in_at.is_not(None))).all() == []


def test_a_service_hands_in_no_samples(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(
        maker.user, at=at, name="Ngủ bản", set_code="VI.1", to=DossierState.SUBMITTED, round_code=row.code
    )
    assert "samples" not in {
        i.requirement.code for i in completeness_of(get_dossier(dossier.code, by=BY), on=TODAY).items
    }


def test_deadlines_hold_and_a_returned_one_has_until_the_provinces(maker: Maker, at: datetime) -> None:
    row, by = make_round(at=at, first=0, province=10), maker.user.actor()
    dossier = make_dossier(maker.user, at=at)
    fill_dossier(dossier, maker.user, at=at)
    tomorrow, late_day = at + timedelta(days=1), at + timedelta(days=11)
    with pytest.raises(RoundOver), transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=tomorrow)
    with pytest.raises(NotFound), transaction():
        hand_in_dossier(code=dossier.code, round_code="1999-9", by=by, at=at)
    with transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=at)
    with transaction():
        return_dossier(code=dossier.code, remark="Ảnh mờ", by=BY, at=at)
    assert (fresh(dossier).state, fresh(dossier).remark) == (DossierState.RETURNED, "Ảnh mờ")
    with pytest.raises(RoundOver), transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=late_day)
    with transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=by, at=tomorrow)
    assert (fresh(dossier).state, fresh(dossier).remark) == (DossierState.SUBMITTED, "")
    with pytest.raises(Invalid), transaction():
        return_dossier(code=dossier.code, remark="x" * 4001, by=BY, at=at)


def test_a_mended_dossier_may_choose_another_round(maker: Maker, at: datetime) -> None:
    first, second = make_round(at=at), make_round(at=at, number=2, first=20, province=40)
    dossier = make_dossier(maker.user, at=at, to=DossierState.SUBMITTED, round_code=first.code)
    with transaction():
        return_dossier(code=dossier.code, remark="Sửa", by=BY, at=at)
    with transaction():
        hand_in_dossier(code=dossier.code, round_code=second.code, by=maker.user.actor(), at=at)
    assert fresh(dossier).round_id == second.id


def test_each_officer_in_his_place(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    here, elsewhere = make_user(Role.COMMUNE_OFFICER, at=at), make_user(Role.COMMUNE_OFFICER, at=at, unit="03394")
    district = make_user(Role.DISTRICT_OFFICER, at=at)
    dossier = make_dossier(maker.user, at=at, to=DossierState.SUBMITTED, round_code=row.code)
    facts = AssessmentFacts(TODAY, "Được", {t.code: (True, "x") for t in dossier.rules.procedure.pre_assessment})
    with pytest.raises(NotFound), transaction():
        assess_dossier(code=dossier.code, facts=facts, by=elsewhere.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        assess_dossier(code=dossier.code, facts=facts, by=district.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        admit_dossier(code=dossier.code, by=here.actor(), at=at)
    with pytest.raises(NotNow), transaction():
        admit_dossier(code=dossier.code, by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        return_dossier(code=dossier.code, remark="x", by=maker.user.actor(), at=at)
    assert [d.code for d in list_dossiers(by=district.actor())] == [dossier.code]
    assert list_dossiers(by=elsewhere.actor()) == []
    assert list_dossiers(by=make_user(at=at).actor()) == []
    with transaction():
        assess_dossier(code=dossier.code, facts=facts, by=here.actor(), at=at)
    with pytest.raises(NotNow), transaction():
        return_dossier(code=dossier.code, remark="x", by=here.actor(), at=at)
    with transaction():
        return_dossier(code=dossier.code, remark="Thiếu dấu", by=BY, at=at)
    assert fresh(dossier).state is DossierState.RETURNED


def test_until_june_2025_the_district_takes_it_in(maker: Maker, at: datetime) -> None:
    dossier = make_dossier(maker.user, at=at)
    with transaction():
        db.session.execute(update(Dossier).values(ruleset_code="148"))
    assert not ruleset("148").procedure.pre_assessment
    row = make_round(at=at)
    with transaction():
        db.session.execute(update(type(row)).values(ruleset_code="148"))
    fill_dossier(dossier, maker.user, at=at)
    district, commune = make_user(Role.DISTRICT_OFFICER, at=at), make_user(Role.COMMUNE_OFFICER, at=at)
    with transaction():
        hand_in_dossier(code=dossier.code, round_code=row.code, by=maker.user.actor(), at=at)
    assert letters(district.email) == ["Có hồ sơ chờ bạn xem: Miến dong Thử"]
    facts = AssessmentFacts(TODAY, "Đề nghị")
    with pytest.raises(Forbidden), transaction():
        assess_dossier(code=dossier.code, facts=facts, by=commune.actor(), at=at)
    with transaction():
        assess_dossier(code=dossier.code, facts=facts, by=district.actor(), at=at)
    assert fresh(dossier).state is DossierState.FORWARDED


def test_an_assessment_says_something_of_every_topic(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker.user, at=at, to=DossierState.SUBMITTED, round_code=row.code)
    with pytest.raises(Invalid) as refusal, transaction():
        facts = AssessmentFacts(TODAY + timedelta(days=1), " ", {"local_labour": (True, "Đủ")})
        assess_dossier(code=dossier.code, facts=facts, by=BY, at=at)
    assert set(refusal.value.fields) == {
        "held_on", "conclusion", "local_material", "origin_of_idea", "local_identity",
    }  # fmt: skip
    assert fresh(dossier).state is DossierState.SUBMITTED


def test_samples_are_counted_while_they_matter(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker.user, at=at, to=DossierState.SUBMITTED, round_code=row.code)
    with pytest.raises(Invalid), transaction():
        receive_samples(code=dossier.code, units=-1, by=BY, at=at)
    with transaction():
        receive_samples(code=dossier.code, units=5, by=BY, at=at)
    assert (fresh(dossier).samples_received, list_steps(dossier.id)[-1].remark) == (5, "5")
    other = make_dossier(maker.user, at=at, name="Khác")
    with pytest.raises(NotNow), transaction():
        receive_samples(code=other.code, units=5, by=BY, at=at)


def test_papers_of_the_vault_answer_and_are_taken_out(maker: Maker, at: datetime) -> None:
    by, other = maker.user.actor(), make_user(Role.PRODUCER, at=at)
    make_producer("Nơi khác", at=at, user=other)
    dossier = make_dossier(maker.user, at=at)
    paper, foreign = make_paper(maker.user, "business_plan", at=at), make_paper(other, "business_plan", at=at)
    for _twice in range(2):
        with transaction():
            attach_paper(code=dossier.code, requirement="business_plan", paper_code=paper.code, by=by, at=at)
    assert {k: [p.code for p in v] for k, v in papers_of(dossier.id).items()} == {"business_plan": [paper.code]}
    for requirement, code in (("business_plan", foreign.code), ("samples", paper.code), ("nothing", paper.code)):
        with pytest.raises(NotFound), transaction():
            attach_paper(code=dossier.code, requirement=requirement, paper_code=code, by=by, at=at)
    with pytest.raises(NotFound), transaction():
        detach_paper(code=dossier.code, requirement="award", paper_code=paper.code, by=by, at=at)
    with transaction():
        detach_paper(code=dossier.code, requirement="business_plan", paper_code=paper.code, by=by, at=at)
    assert papers_of(dossier.id) == {}
    with transaction():
        assert fill_from_vault(code=dossier.code, by=by, at=at) == 1
    with transaction():
        assert fill_from_vault(code=dossier.code, by=by, at=at) == 0


def test_a_renewal_begins_with_what_is_known(maker: Maker, at: datetime) -> None:
    by = maker.user.actor()
    row = make_round(at=at)
    product = make_product(maker.producer, "Miến sợi", at=at)
    certificate = make_certificate(product, at=at, stars=3)
    paper = make_paper(maker.user, "food_safety", at=at)
    make_paper(maker.user, "test_report", at=at, valid_until=TODAY - timedelta(days=1))
    dossier = make_dossier(maker.user, at=at, renews=product)
    assert (dossier.kind, dossier.name, dossier.wanted_stars, dossier.previous_certificate_id, dossier.round_id) == (
        DossierKind.RENEWAL, "Miến sợi", 3, certificate.id, row.id,
    )  # fmt: skip
    assert {k: [p.code for p in v] for k, v in papers_of(dossier.id).items()} == {"food_safety": [paper.code]}
    assert list_renewable(by=by, on=TODAY) == []
    for kind in (DossierKind.RENEWAL, DossierKind.UPGRADE, DossierKind.NEW):
        with pytest.raises(Unfitting), transaction():
            start_from_certificate(product_code=product.code, kind=kind, by=by, at=at)
    with pytest.raises(Invalid), transaction():
        save_idea(code=dossier.code, facts=IdeaFacts("Miến sợi", "I.1.a"), by=by, at=at)
    with transaction():
        save_idea(code=dossier.code, facts=IdeaFacts("Miến sợi nhỏ", "I.3.b", materials="Dong riềng"), by=by, at=at)
    assert fresh(dossier).materials == "Dong riềng"


def test_an_upgrade_needs_a_certificate_in_force_below_five(maker: Maker, at: datetime) -> None:
    by = maker.user.actor()
    lapsed, revoked, five, four = (make_product(maker.producer, f"Món {n}", at=at) for n in range(4))
    make_certificate(lapsed, at=at, days_ago=1200)
    revoke_certificate(make_certificate(revoked, at=at), at=at)
    make_certificate(five, at=at, stars=5)
    make_certificate(four, at=at, stars=4)
    for product in (lapsed, revoked, five):
        with pytest.raises(Unfitting), transaction():
            start_from_certificate(product_code=product.code, kind=DossierKind.UPGRADE, by=by, at=at)
    dossier = make_dossier(maker.user, at=at, renews=four, kind=DossierKind.UPGRADE)
    assert dossier.wanted_stars == 5
    assert make_dossier(maker.user, at=at, renews=lapsed).kind is DossierKind.RENEWAL


def test_council_and_decision(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker.user, at=at, to=DossierState.ADMITTED, round_code=row.code)
    product = db.session.get_one(Product, dossier.product_id)
    other = make_certificate(make_product(maker.producer, "Khác", at=at), at=at)
    with transaction():
        score_dossier(dossier_id=dossier.id, score=Decimal("72.35"), stars=4, by=BY, at=at)
    with pytest.raises(NotNow), transaction():
        withdraw_dossier(code=dossier.code, by=maker.user.actor(), at=at)
    with pytest.raises(NotNow), transaction():
        certify_dossier(dossier_id=dossier.id, certificate=other, by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        refuse_dossier(dossier_id=dossier.id, reason=" ", by=BY, at=at)
    with transaction():
        refuse_dossier(dossier_id=dossier.id, reason="Thiếu tiêu chí bắt buộc", by=BY, at=at)
    with transaction():
        reopen_dossier(dossier_id=dossier.id, row=row, remark="Khiếu nại đúng", by=BY, at=at)
    assert (fresh(dossier).state, fresh(dossier).score) == (DossierState.ADMITTED, None)
    with transaction():
        score_dossier(dossier_id=dossier.id, score=Decimal("74.00"), stars=4, by=BY, at=at)
    certificate = make_certificate(product, at=at, days_ago=0)
    with transaction():
        certify_dossier(dossier_id=dossier.id, certificate=certificate, by=BY, at=at)
    assert (fresh(dossier).state, fresh(dossier).certificate_id) == (DossierState.CERTIFIED, certificate.id)
    told = letters(maker.user.email)
    assert told[-1] == "Miến dong Thử: Sản phẩm được công nhận 4 sao."
    again = make_dossier(maker.user, at=at, renews=product)
    assert again.idea == "Nghề của bản từ lâu."


def test_a_product_that_is_in_the_register_is_not_entered_twice(maker: Maker, at: datetime) -> None:
    row, product = make_round(at=at), make_product(maker.producer, at=at)
    make_certificate(product, at=at)
    dossier = make_dossier(maker.user, at=at, renews=product, to=DossierState.ADMITTED, round_code=row.code)
    assert dossier.product_id == product.id
    assert db.session.scalars(select(Product.id)).all() == [product.id]


def test_the_database_knows_no_certified_dossier_without_certificate(maker: Maker, at: datetime) -> None:
    dossier = make_dossier(maker.user, at=at, to=DossierState.ADMITTED, round_code=make_round(at=at).code)
    with pytest.raises(IntegrityError), transaction():
        values = {"state": DossierState.CERTIFIED, "score": Decimal(80)}
        db.session.execute(update(Dossier).where(Dossier.id == dossier.id).values(**values))


def test_one_open_dossier_a_product(maker: Maker, at: datetime) -> None:
    product = make_product(maker.producer, at=at)
    make_certificate(product, at=at)
    dossier = make_dossier(maker.user, at=at, renews=product)
    facts = {c.name: getattr(dossier, c.name) for c in Dossier.__table__.columns if c.name not in ("id", "code")}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Dossier(**facts, code="HS00000000"))
        db.session.flush()
    with transaction():
        withdraw_dossier(code=dossier.code, by=maker.user.actor(), at=at)
    assert [r.product.code for r in list_renewable(by=maker.user.actor(), on=TODAY)] == [product.code]


def test_only_the_producer_prepares(maker: Maker, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = make_dossier(maker.user, at=at)
    for verb in (
        lambda: start_idea(facts=IDEA, by=BY, at=at),
        lambda: start_from_certificate(product_code="SP1", kind=DossierKind.RENEWAL, by=BY, at=at),
        lambda: save_idea(code=dossier.code, facts=IDEA, by=BY, at=at),
        lambda: withdraw_dossier(code=dossier.code, by=BY, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()
    monkeypatch.setattr(preparing, "MOST_OPEN", 1)
    with pytest.raises(Unfitting), transaction():
        start_idea(facts=IDEA, by=maker.user.actor(), at=at)
    assert db.session.scalars(select(Dossier.code)).all() == [dossier.code]


def test_the_table_of_transitions_leads_nowhere_round_the_council() -> None:
    into = {to: {s for s, after in TRANSITIONS.items() if to in after} for to in DossierState}
    assert into[DossierState.CERTIFIED] == {DossierState.SCORED}
    assert into[DossierState.SCORED] == {DossierState.ADMITTED}
    assert {s for s, after in TRANSITIONS.items() if not after} == {DossierState.CERTIFIED, DossierState.WITHDRAWN}
    assert services.__all__ == sorted(services.__all__)


# --- lists and lateness


def test_lists_narrow_and_count(maker: Maker, at: datetime) -> None:
    row = make_round(at=at)
    sent = make_dossier(maker.user, at=at, name="Miến sợi nhỏ", to=DossierState.SUBMITTED, round_code=row.code)
    make_dossier(maker.user, at=at, name="Chè dây", set_code="I.5.b", to=DossierState.IDEA)
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    for asked, expected in (
        (Asked(), ["Miến sợi nhỏ", "Chè dây"]),
        (Asked(words="che day"), ["Chè dây"]),
        (Asked(words="lo mien"), ["Miến sợi nhỏ", "Chè dây"]),
        (Asked(words=sent.code.lower()), ["Miến sợi nhỏ"]),
        (Asked(state=DossierState.SUBMITTED), ["Miến sợi nhỏ"]),
        (Asked(round_code=row.code), ["Miến sợi nhỏ"]),
        (Asked(open_only=True), ["Miến sợi nhỏ", "Chè dây"]),
        (Asked(words="%"), []),
    ):
        assert [d.name for d in list_dossiers(by=officer, asked=asked)] == expected
        assert count_dossiers(by=officer, asked=asked) == len(expected)
    assert count_by_state(by=officer) == {DossierState.SUBMITTED: 1, DossierState.IDEA: 1}


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("preparing", 10, None),
        ("preparing", 11, Late.NOT_HANDED_IN),
        ("submitted", 11, Late.NOT_ASSESSED),
        ("forwarded", 20, None),
        ("forwarded", 21, Late.NOT_ADMITTED),
        ("returned", 15, None),
        ("returned", 21, Late.NOT_ADMITTED),
        ("admitted", 30, None),
    ],
)
def test_what_is_late(state: str, day: int, expected: Late | None) -> None:
    assert late(state, date(2027, 1, 10), date(2027, 1, 20), date(2027, 1, day)) is expected


def test_the_list_of_the_late_agrees_with_the_rule(maker: Maker, at: datetime) -> None:
    row = make_round(at=at, first=5, province=10)
    make_dossier(maker.user, at=at, name="A", to=DossierState.SUBMITTED, round_code=row.code)
    make_dossier(maker.user, at=at, name="B")
    make_dossier(maker.user, at=at, name="C", to=DossierState.FORWARDED, round_code=row.code)
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    for days in (5, 6, 10, 11):
        on = TODAY + timedelta(days=days)
        expected = {d.name for d in list_dossiers(by=officer) if d.late(on)}
        found = list_late(by=officer, on=on, round_code=row.code, limit=9)
        assert ({d.name for d in found}, count_late(by=officer, on=on)) == (expected, len(expected))
    with transaction():
        close_round(code=row.code, by=BY, at=at)
    assert list_late(by=officer, on=TODAY + timedelta(days=99), limit=9) == []
    assert [d.late(TODAY + timedelta(days=99)) for d in list_dossiers(by=officer)] == [None] * 3


class Held(NamedTuple):
    valid_until: date | None = None
    usable: bool = True


def test_completeness_of_pieces() -> None:
    rules = ruleset("1489")
    papers = {
        "business_plan": [Held()],
        "organisation_chart": [Held(usable=False), Held(TODAY - timedelta(days=1))],
        "business_registration": [Held(TODAY)],
        "self_assessment": [Held(TODAY - timedelta(days=1))],
        "registration_form": [Held(TODAY + timedelta(days=30)), Held(TODAY)],
    }
    found = completeness(rules, papers, service=False, samples=5, on=TODAY, until=TODAY + timedelta(days=20))
    assert {item.requirement.code: item.have for item in found.mandatory} == {
        "registration_form": Have.THERE,
        "business_plan": Have.THERE,
        "organisation_chart": Have.UNFINISHED,
        "business_registration": Have.LAPSING,
        "self_assessment": Have.LAPSED,
        "samples": Have.THERE,
    }
    assert [item.requirement.code for item in found.lacking] == ["organisation_chart", "self_assessment"]
    assert found.percent == 66
    assert {item.have for item in found.supplementary} == {Have.MISSING}
    assert len(found.supplementary) == 13


# --- reminders


def due(at: datetime) -> int:
    return run_due(at, handlers={REMIND: remind}, lease=timedelta(minutes=1))


def test_reminders_reach_whom_the_dossier_waits_for(maker: Maker, at: datetime) -> None:
    row = make_round(at=at, first=8, province=20)
    commune, province = make_user(Role.COMMUNE_OFFICER, at=at), make_user(Role.PROVINCE_OFFICER, at=at)
    make_dossier(maker.user, at=at, name="Đang gom")
    make_dossier(maker.user, at=at, name="Ở xã", to=DossierState.SUBMITTED, round_code=row.code)
    make_dossier(maker.user, at=at, name="Ở tỉnh", to=DossierState.FORWARDED, round_code=row.code)
    with transaction():
        db.session.execute(delete(OutgoingMail))
    assert due(at + timedelta(days=1)) == 1  # seven days before the first deadline, at seven in the morning
    subject = f"Đợt 1 năm 2026: hạn là ngày {row.first_deadline:%d/%m/%Y}"
    assert {u.email: letters(u.email) for u in (maker.user, commune, province)} == {
        maker.user.email: [subject],
        commune.email: [subject],
        province.email: [],
    }
    text = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.to_address == maker.user.email)).one()
    assert "Đang gom" in text
    assert "Ở xã" not in text
    db.session.rollback()
    with transaction():
        db.session.execute(update(Job).values(finished_at=None, claimed_until=None))
    due(at + timedelta(days=1, hours=1))
    assert len(letters()) == 2  # once, however often the worker comes
    due(at + timedelta(days=19, hours=20))
    assert letters(province.email) == [f"Đợt 1 năm 2026: hạn là ngày {row.province_deadline:%d/%m/%Y}"] * 2


def test_a_deadline_that_moved_or_ended_reminds_of_nothing(maker: Maker, at: datetime) -> None:
    row = make_round(at=at, first=8, province=20)
    make_dossier(maker.user, at=at)
    with transaction():
        db.session.execute(delete(OutgoingMail))
    days = RoundDays(row.opens_on, row.first_deadline + timedelta(days=30), row.province_deadline + timedelta(days=30))
    with transaction():
        change_round(code=row.code, facts=RoundFacts(days), by=BY, at=at)
    due(at + timedelta(days=7))
    assert letters() == []
    due(at + timedelta(days=8))  # thirty days before the new deadline
    assert len(letters(maker.user.email)) == 1
    with transaction():
        close_round(code=row.code, by=BY, at=at)
    due(at + timedelta(days=90))
    assert len(letters()) == 1
    remind({"round": "1999-1", "step": "first", "deadline": "1999-01-01", "days": 1}, at)
    assert db.session.scalars(select(DossierStep.verb).order_by(DossierStep.id)).first() == "started"
