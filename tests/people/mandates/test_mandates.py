"""Mandates, and acting on a producer's behalf: asked anew each time, never a way to another's rights."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.services import (
    change_password,
    change_profile,
    disable_user,
    erase_user,
    hand_over,
    invite,
    open_sign_in,
    remove_member,
    start_email_change,
)
from marketplace.people.mandates.models import Mandate, MandateState, OfficeConsent
from marketplace.people.mandates.policies import ACT_AS_OFFICER
from marketplace.people.mandates.queries import find_acted_for, list_cooperatives, list_given, list_received
from marketplace.people.mandates.services import (
    ConsentStands,
    MandateGiven,
    MandateMoved,
    accept_mandate,
    acting_as,
    allow_officers,
    end_consent,
    end_mandate,
    give_mandate,
    lose_acting,
    note_consent,
    start_acting,
    stop_acting,
)
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.services import suspend_producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.access import GUEST, Actor, Permission, in_person, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import token_hash
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.dossiers.models import Dossier, DossierStep
from tests.builders import BY, make_consent, make_mandate, make_member, make_paper, make_producer, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in, token


class Village:
    """A cooperative with its owner, a household with its owner, an officer of their commune."""

    def __init__(self, at: datetime) -> None:
        self.owner, self.giver = (make_user(Role.PRODUCER, at=at, email=f"{n}@example.com") for n in ("coop", "ho"))
        self.coop = make_producer("HTX Giúp", at=at, user=self.owner)
        self.household = make_producer("Hộ Nhờ", at=at, user=self.giver)
        with transaction():
            db.session.get_one(Producer, self.household.id).kind = ProducerKind.HOUSEHOLD
        self.officer = make_user(Role.COMMUNE_OFFICER, at=at)
        for owner in (self.owner, self.giver):
            make_consent(owner, at=at)


@pytest.fixture
def village(app: Flask, at: datetime) -> Village:
    return Village(at)


def may_act(user: User, producer: Producer) -> bool:
    found = find_acted_for(producer.organisation_id, by=user.actor())
    db.session.rollback()
    return found is not None


def open_for(user: User, at: datetime) -> str:
    with transaction():
        secret = open_sign_in(user_id=user.id, address="::1", device="x", at=at)
    code = db.session.scalar(select(SignIn.code).where(SignIn.token_hash == token_hash(secret)))
    assert code is not None
    return code


def test_a_mandate_is_given_accepted_and_withdrawn(village: Village, at: datetime) -> None:
    giver, owner = village.giver, village.owner
    mandate = make_mandate(giver, owner, at=at, accepted=False)
    assert may_act(owner, village.household) is False, "not before it is accepted"
    with pytest.raises(MandateGiven), transaction():
        give_mandate(holder_slug=village.coop.slug, by=giver.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        accept_mandate(code=mandate.code, by=giver.actor(), at=at)
    with transaction():
        accept_mandate(code=mandate.code, by=owner.actor(), at=at)
    assert may_act(owner, village.household) is True
    assert (may_act(giver, village.coop), may_act(owner, village.coop)) == (False, False)
    with pytest.raises(MandateMoved), transaction():
        end_mandate(code=mandate.code, to=MandateState.DECLINED, by=owner.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=owner.actor(), at=at)
    with transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=giver.actor(), at=at)
    assert may_act(owner, village.household) is False
    found = list_given(village.household.id)
    assert [(m.state, m.ended_by) for m in found] == [(MandateState.WITHDRAWN, giver.name)]
    assert list_received(village.coop.id) == []
    told = list(db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)))
    assert told == [
        "Hộ Nhờ nhờ HTX Giúp làm thay.",
        "HTX Giúp đã nhận làm thay Hộ Nhờ.",
        "Hộ Nhờ đã rút quyền làm thay của HTX Giúp.",
    ]
    make_mandate(giver, owner, at=at)
    assert may_act(owner, village.household) is True, "an ended one may be given anew"


def test_declined_and_laid_down(village: Village, at: datetime) -> None:
    for accepted, to in ((False, MandateState.DECLINED), (True, MandateState.LAID_DOWN)):
        mandate = make_mandate(village.giver, village.owner, at=at, accepted=accepted)
        with transaction():
            end_mandate(code=mandate.code, to=to, by=village.owner.actor(), at=at)
        assert may_act(village.owner, village.household) is False
    assert sorted(m.state for m in db.session.scalars(select(Mandate))) == ["declined", "laid_down"]


def test_only_owners_give_and_accept_and_only_to_verified_cooperatives(village: Village, at: datetime) -> None:
    member = make_member(village.giver, at=at)
    with pytest.raises(Forbidden), transaction():
        give_mandate(holder_slug=village.coop.slug, by=member.actor(), at=at)
    for slug in ("nope", village.household.slug):
        with pytest.raises(Invalid), transaction():
            give_mandate(holder_slug=slug, by=village.giver.actor(), at=at)
    for by in (GUEST, village.officer.actor(), make_user(at=at).actor()):
        with pytest.raises(Forbidden), transaction():
            give_mandate(holder_slug=village.coop.slug, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            end_mandate(code="X", to=MandateState.WITHDRAWN, by=by, at=at)
    assert [c.name for c in list_cooperatives(but=village.household.id)] == ["HTX Giúp"]
    mandate = make_mandate(village.giver, village.owner, at=at)
    stranger = make_user(Role.PRODUCER, at=at)
    make_producer("Xa", at=at, user=stranger)
    with pytest.raises(NotFound), transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=stranger.actor(), at=at)
    with transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=member.actor(), at=at)


def test_a_suspended_cooperative_acts_for_nobody(village: Village, at: datetime) -> None:
    make_mandate(village.giver, village.owner, at=at)
    with transaction():
        suspend_producer(slug=village.coop.slug, by=BY, at=at)
    assert may_act(village.owner, village.household) is False


def test_officers_act_within_their_unit(village: Village, at: datetime) -> None:
    for role, unit, may in (
        (Role.COMMUNE_OFFICER, "03390", True),
        (Role.COMMUNE_OFFICER, "03394", False),
        (Role.DISTRICT_OFFICER, "106", True),
        (Role.PROVINCE_OFFICER, "12", True),
        (Role.PROVINCE_OFFICER, "01", False),
        (Role.ADMIN, "", True),
        (Role.BUYER, "", False),
        (Role.DISTRIBUTOR, "", False),
        (Role.COUNCIL_MEMBER, "", False),
    ):
        assert may_act(make_user(role, at=at, unit=unit), village.household) is may, (role, unit)
    for by in (system("x"), GUEST, acting_as(village.officer.actor(), village.household)):
        assert find_acted_for(village.coop.organisation_id, by=by) is None
    assert ACT_AS_OFFICER.held_by(acting_as(make_user(Role.ADMIN, at=at).actor(), village.coop)) is False


def test_acting_is_kept_with_the_sign_in_and_changes_its_secret(village: Village, at: datetime) -> None:
    code, by = open_for(village.officer, at), village.officer.actor()
    before = db.session.scalar(select(SignIn.token_hash).where(SignIn.code == code))
    others = open_for(village.owner, at)
    with pytest.raises(NotFound), transaction():
        start_acting(sign_in=others, slug=village.household.slug, by=by, at=at)
    with pytest.raises(NotFound), transaction():
        start_acting(sign_in=code, slug="nope", by=by, at=at)
    with transaction():
        secret = start_acting(sign_in=code, slug=village.household.slug, by=by, at=at)
    row = db.session.scalars(select(SignIn).where(SignIn.code == code)).one()
    assert (row.acting_for_id, row.token_hash) == (village.household.organisation_id, token_hash(secret))
    assert row.token_hash != before
    actor = acting_as(by, village.household)
    with pytest.raises(Forbidden), transaction():
        start_acting(sign_in=code, slug=village.coop.slug, by=actor, at=at)
    with transaction():
        stop_acting(sign_in=code, by=actor, at=at)
    assert db.session.scalar(select(SignIn.acting_for_id).where(SignIn.code == code)) is None
    with transaction():
        start_acting(sign_in=code, slug=village.household.slug, by=by, at=at)
        lose_acting(sign_in=code, by=by, at=at)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("acting.%")).order_by(AuditEntry.id))
    assert [(e.action, e.detail.get("on_behalf_of")) for e in entries] == [
        ("acting.started", "Hộ Nhờ"),
        ("acting.stopped", "Hộ Nhờ"),
        ("acting.started", "Hộ Nhờ"),
        ("acting.lost", None),
    ]


def test_the_trail_says_for_whom_in_rows_of_many_too(village: Village, at: datetime) -> None:
    actor = acting_as(village.officer.actor(), village.household)
    with transaction():
        record_all([Act("x.y", "x", "1", {"a": 1}), Act("x.y", "x", "2")], by=actor, at=at)
        record_all([Act("x.y", "x", "3")], by=village.officer.actor(), at=at)
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "x.y").order_by(AuditEntry.id))
    assert [(r.actor_id, r.detail) for r in rows] == [
        (village.officer.id, {"a": 1, "on_behalf_of": "Hộ Nhờ"}),
        (village.officer.id, {"on_behalf_of": "Hộ Nhờ"}),
        (village.officer.id, {}),
    ]


def test_what_is_a_persons_own_is_refused_on_anothers_behalf(village: Village, at: datetime) -> None:
    member = make_member(village.giver, at=at)
    by = acting_as(village.owner.actor(), village.household)
    for verb in (
        lambda: invite(email="x@example.com", by=by, at=at),
        lambda: remove_member(code=member.code, by=by, at=at),
        lambda: hand_over(code=member.code, by=by, at=at),
        lambda: change_password(password_hash="x", keep="", by=by, at=at),
        lambda: start_email_change(email="x@example.com", by=by, at=at),
        lambda: change_profile(name="x", phone=None, language="vi", by=by, at=at),
        lambda: erase_user(by=by, at=at),
        lambda: give_mandate(holder_slug=village.coop.slug, by=by, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()
    assert in_person(village.owner.actor()) == village.owner.actor()
    own = Permission("x:y", frozenset({Role.PRODUCER}), personal=True)
    assert (own.held_by(by), own.held_by(village.owner.actor())) == (False, True)
    assert db.session.scalar(select(User.organisation_id).where(User.id == member.id)) == member.organisation_id


# --- in the browser


def begin(client: Client, user: User, producer: Producer) -> None:
    sign_in(client, user)
    assert send(client, f"/office/producers/{producer.slug}/act").headers["Location"] == "/producer/"


def test_an_officer_works_the_desk_of_a_producer_and_returns(client: Client, village: Village, at: datetime) -> None:
    begin(client, village.officer, village.household)
    page = client.get("/producer/").text
    assert "Bạn đang làm thay" in page
    assert "Gian hàng của Hộ Nhờ" in page
    for path in ("/office/", "/office/producers", "/account/password", "/account/data", "/producer/members"):
        assert client.get(path).status_code == 403, path
    for path in ("/producer/mandates", "/producer/onboarding/bank", "/account/profile", "/account/sessions"):
        assert client.get(path).status_code == 403, path
    assert send(client, f"/office/producers/{village.coop.slug}/act").status_code == 403
    assert send(client, "/producer/terms", minimum_order="1000", ready_from="1", ready_until="2").status_code == 302
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.actor_name, entry.detail["on_behalf_of"]) == (
        village.officer.id,
        village.officer.name,
        "Hộ Nhờ",
    )
    assert send(client, "/account/acting/stop").headers["Location"] == "/office/"
    assert (client.get("/office/").status_code, client.get("/producer/").status_code) == (200, 403)
    assert send(client, "/account/acting/stop").headers["Location"] == "/"


def test_a_dossiers_steps_and_a_personal_papers_trace_say_so(client: Client, village: Village, at: datetime) -> None:
    paper = make_paper(village.giver, "identity", at=at)
    begin(client, village.officer, village.household)
    answer = send(client, "/producer/dossiers/new", name="Miến", set_code="I.3.b", idea="Nghề của bản.")
    assert answer.status_code == 302, answer.text
    step = db.session.scalars(select(DossierStep)).one()
    assert (step.actor_name, step.behalf) == (village.officer.name, "Hộ Nhờ")
    code = db.session.scalar(select(Dossier.code))
    assert f"{village.officer.name} thay mặt Hộ Nhờ" in client.get(f"/producer/dossiers/{code}").text
    assert client.get(f"/papers/{paper.code}/{paper.files[0].file.code}").status_code == 200
    opened = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "paper.opened")).one()
    assert (opened.actor_id, opened.detail["on_behalf_of"]) == (village.officer.id, "Hộ Nhờ")


def test_a_cooperative_acts_by_its_mandate(client: Client, village: Village, at: datetime) -> None:
    mandate = make_mandate(village.giver, village.owner, at=at)
    sign_in(client, village.owner)
    assert send(client, f"/producer/mandates/{mandate.code}/act").headers["Location"] == "/producer/"
    assert "Gian hàng của Hộ Nhờ" in client.get("/producer/").text
    assert send(client, "/account/acting/stop").headers["Location"] == "/producer/"
    assert "Gian hàng của HTX Giúp" in client.get("/producer/").text
    other = new_client(client.application)
    sign_in(other, village.giver)
    assert send(other, f"/producer/mandates/{mandate.code}/act").status_code == 404, "the giver acts for themselves"


def test_a_form_opened_before_is_void_once_one_acts(client: Client, village: Village) -> None:
    sign_in(client, village.officer)
    old = token(client)
    begin_token = {"csrf_token": old}
    assert client.post(f"/office/producers/{village.household.slug}/act", data=begin_token).status_code == 302
    assert client.post("/producer/terms", data={**begin_token, "minimum_order": "5"}).status_code == 400


def test_a_cookie_known_before_carries_no_right(client: Client, village: Village) -> None:
    sign_in(client, village.officer)
    thief = new_client(client.application)
    thief._cookies = dict(client._cookies or {})
    assert thief.get("/office/").status_code == 200
    send(client, f"/office/producers/{village.household.slug}/act")
    assert thief.get("/producer/").status_code == 302, "sent to sign in"


@pytest.mark.parametrize("how", ["moved", "disabled"])
def test_an_officer_moved_or_disabled_stops_at_once(client: Client, village: Village, at: datetime, how: str) -> None:
    begin(client, village.officer, village.household)
    form = {"csrf_token": token(client), "minimum_order": "5"}
    elsewhere = make_user(Role.COMMUNE_OFFICER, at=at, unit="03394").unit_id
    with transaction():
        if how == "moved":
            db.session.get_one(User, village.officer.id).unit_id = elsewhere
        else:
            disable_user(email=village.officer.email, by=BY, at=at)
    answer = client.post("/producer/terms", data=form)
    assert answer.status_code == (403 if how == "moved" else 302)
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "terms.set")) is None
    if how == "moved":
        assert client.get("/office/").status_code == 200, "one's own role again"
        assert db.session.scalars(select(SignIn.acting_for_id)).all() == [None]


def test_what_was_meant_for_another_never_lands_in_ones_own(client: Client, village: Village, at: datetime) -> None:
    """A mandate withdrawn between page and form: the cooperative's own terms must not change instead."""
    mandate = make_mandate(village.giver, village.owner, at=at)
    sign_in(client, village.owner)
    send(client, f"/producer/mandates/{mandate.code}/act")
    form = {"csrf_token": token(client), "minimum_order": "77000", "ready_from": "1", "ready_until": "2"}
    with transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=village.giver.actor(), at=at)
    answer = client.post("/producer/terms", data=form)
    assert (answer.status_code, "không còn quyền làm thay" in answer.text) == (403, True)
    assert client.post("/producer/terms", data=form).status_code == 400, "nor when sent again"
    page = client.get("/producer/terms").text
    assert "77000" not in page
    assert "Gian hàng của HTX Giúp" in page


def test_looking_after_the_right_is_gone_shows_ones_own(client: Client, village: Village, at: datetime) -> None:
    mandate = make_mandate(village.giver, village.owner, at=at)
    sign_in(client, village.owner)
    send(client, f"/producer/mandates/{mandate.code}/act")
    with transaction():
        end_mandate(code=mandate.code, to=MandateState.WITHDRAWN, by=village.giver.actor(), at=at)
    assert "Gian hàng của HTX Giúp" in client.get("/producer/").text


def test_pages_of_mandates_keep_what_was_chosen(client: Client, village: Village, at: datetime) -> None:
    sign_in(client, village.giver)
    assert "Bạn chưa giao quyền cho hợp tác xã nào" in client.get("/producer/mandates").text
    wrong = send(client, "/producer/mandates", holder="")
    assert (wrong.status_code, "Chọn một hợp tác xã đã xác minh." in wrong.text) == (422, True)
    assert send(client, "/producer/mandates", holder=village.coop.slug).status_code == 302
    again = send(client, "/producer/mandates", holder=village.coop.slug)
    assert (again.status_code, "đã giao quyền" in again.text) == (409, True)
    code = db.session.scalar(select(Mandate.code))
    other = new_client(client.application)
    sign_in(other, village.owner)
    assert "Hộ Nhờ" in other.get("/producer/mandates").text
    assert send(other, f"/producer/mandates/{code}/accept").status_code == 302
    send(other, f"/producer/mandates/{code}/accept")
    assert "đã được trả lời" in other.get("/producer/mandates").text
    assert send(client, f"/producer/mandates/{code}/withdraw").status_code == 302
    assert "Đã rút" in client.get("/producer/mandates").text


def test_nobody_is_an_actor_on_behalf_without_a_person() -> None:
    assert Actor(behalf="X").known is False


# --- officers, only with consent


def consents() -> list[tuple[str, str, bool]]:
    found = db.session.scalars(select(OfficeConsent).order_by(OfficeConsent.id))
    return [(each.given_by, each.paper, each.ended_at is None) for each in found]


def letters_to(user: User) -> list[str]:
    sent = select(OutgoingMail.subject).where(OutgoingMail.to_address == user.email).order_by(OutgoingMail.id)
    return list(db.session.scalars(sent))


def test_no_officer_acts_without_consent(client: Client, at: datetime) -> None:
    owner, officer = make_user(Role.PRODUCER, at=at), make_user(Role.COMMUNE_OFFICER, at=at)
    maker = make_producer("Hộ Chưa cho", at=at, user=owner)
    page = f"/office/producers/{maker.slug}/act"
    for role in (Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADMIN):
        assert not may_act(make_user(role, at=at), maker), role
    sign_in(client, officer)
    asked = client.get(page).text
    assert ("Nơi này chưa đồng ý" in asked, "Bắt đầu làm thay" in asked) == (True, False)
    assert send(client, page).headers["Location"] == page
    assert client.get("/producer/").status_code == 403
    desk = new_client(client.application)
    sign_in(desk, owner)
    assert "không cán bộ nào mở được" in desk.get("/producer/mandates").text
    send(desk, "/producer/mandates/officers/allow")
    assert consents() == [(owner.name, "", True)]
    assert "vừa được đổi" in desk.get(send(desk, "/producer/mandates/officers/allow").headers["Location"]).text
    assert send(client, page).headers["Location"] == "/producer/"
    assert client.get("/producer/").status_code == 200
    assert letters_to(owner) == ["Cán bộ vừa bắt đầu làm thay nơi của bạn"]
    shown = desk.get("/producer/mandates").text
    assert ("Những lần làm thay gần đây" in shown, officer.name in shown) == (True, True)
    send(desk, "/producer/mandates/officers/end")
    assert client.get("/producer/").status_code == 403, "lost at once"
    assert consents() == [(owner.name, "", False)]
    assert "vừa được đổi" in desk.get(send(desk, "/producer/mandates/officers/end").headers["Location"]).text


def test_consent_on_paper_is_noted_and_told(client: Client, at: datetime) -> None:
    owner, officer = make_user(Role.PRODUCER, at=at), make_user(Role.COMMUNE_OFFICER, at=at)
    maker = make_producer("Hộ Giấy", at=at, user=owner)
    page, paper = f"/office/producers/{maker.slug}", "Giấy ngày 12/11, bà Ín ký, lưu ở xã"
    sign_in(client, officer)
    short = send(client, f"{page}/consent", paper="giấy")
    assert (short.status_code, "Ghi giấy gì" in short.text, 'value="giấy"' in short.text) == (422, True, True)
    assert consents() == []
    assert send(client, f"{page}/consent", paper=paper).headers["Location"] == f"{page}/act"
    assert consents() == [(officer.name, paper, True)]
    assert paper in client.get(f"{page}/act").text
    assert letters_to(owner) == ["Đã ghi giấy đồng ý cho cán bộ làm thay"]
    again = send(client, f"{page}/consent", paper=paper)
    assert (again.status_code, "vừa được đổi" in again.text) == (422, True)
    assert send(client, f"{page}/act").headers["Location"] == "/producer/"


def test_who_may_consent_and_note_it(at: datetime, app: Flask) -> None:
    owner, officer = make_user(Role.PRODUCER, at=at), make_user(Role.COMMUNE_OFFICER, at=at)
    maker, paper = make_producer("Hộ Ba", at=at, user=owner), "Giấy ngày 12/11, lưu ở xã"
    member, elsewhere = make_member(owner, at=at), make_user(Role.COMMUNE_OFFICER, at=at, unit="03394")
    acting = acting_as(officer.actor(), maker)
    for by in (officer.actor(), member.actor(), acting):
        with pytest.raises(Forbidden), transaction():
            allow_officers(by=by, at=at)
    for by in (officer.actor(), acting):
        with pytest.raises(Forbidden), transaction():
            end_consent(by=by, at=at)
    for by in (owner.actor(), acting):
        with pytest.raises(Forbidden), transaction():
            note_consent(slug=maker.slug, paper=paper, by=by, at=at)
    with pytest.raises(NotFound), transaction():
        note_consent(slug=maker.slug, paper=paper, by=elsewhere.actor(), at=at)
    assert consents() == []
    with pytest.raises(ConsentStands), transaction():
        end_consent(by=owner.actor(), at=at)
    make_consent(owner, at=at)
    with transaction():
        end_consent(by=member.actor(), at=at)
    assert consents() == [(owner.name, "", False)]
