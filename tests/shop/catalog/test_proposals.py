"""What a producer claims on a public page waits for an officer; the old text stays; each change is a revision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.rules import Crop, file_name
from marketplace.platform.media.stores import media_store
from marketplace.shop.catalog.history import count_revisions, get_revision, list_revisions
from marketplace.shop.catalog.label_fields import DeclaredKind
from marketplace.shop.catalog.models import (
    Listing,
    ListingPicture,
    ListingProposal,
    ListingRevision,
    ListingState,
    ProposalState,
)
from marketplace.shop.catalog.proposals import (
    as_if,
    find_proposal,
    list_waiting_pages,
    proposals_of,
    wished,
    wished_pictures,
)
from marketplace.shop.catalog.queries import get_kept, get_public, list_pictures
from marketplace.shop.catalog.services import (
    FORGET_PICTURE,
    ChangedSinceSeen,
    Edited,
    Incomplete,
    LabelFacts,
    ListingTexts,
    NothingWaits,
    Overtaken,
    SellingTerms,
    add_picture,
    approve_proposal,
    change_picture,
    editing,
    expect_picture,
    move_listing,
    move_picture,
    remove_picture,
    restore_revision,
    return_proposal,
    save_label,
    save_terms,
    save_texts,
    withdraw_proposal,
)
from marketplace.shop.orders.jobs import forget_picture
from tests.builders import (
    BY,
    complete_label,
    make_certificate,
    make_listing,
    make_producer,
    make_product,
    make_user,
)
from tests.conftest import TODAY
from tests.shop.catalog.test_keeping import made, pictured

S = ListingState
LATER = timedelta(hours=1)


class Desk(NamedTuple):
    """A published page, its maker, and the officer."""

    slug: str
    maker: Actor
    officer: Actor
    email: str


@pytest.fixture
def desk(app: Flask, at: datetime) -> Desk:
    return opened(at)


def opened(at: datetime, set_code: str = "I.3.b", label: LabelFacts | None = None) -> Desk:
    user, officer = make_user(Role.PRODUCER, at=at, name="Lò Thị Mây"), make_user(Role.PROVINCE_OFFICER, at=at)
    product = make_product(make_producer("Lò miến", at=at, user=user), at=at, set_code=set_code)
    make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at)
    if label is not None:
        with transaction():
            save_label(slug=listing.slug, label=label, by=BY, at=at)
    return Desk(listing.slug, user.actor(), officer.actor(), user.email)


def write(desk: Desk, at: datetime, by: Actor | None = None, **texts: str) -> Edited:
    given: dict[str, Any] = {"name": "Miến dong Thử", "summary": "Ngon.", "art_seed": "x", **texts}
    with transaction():
        return save_texts(slug=desk.slug, texts=ListingTexts(**given), by=by or desk.maker, at=at)


def label(desk: Desk, at: datetime, by: Actor | None = None, **changes: Any) -> Edited:
    found = changes.pop("base", complete_label("I.3.b"))
    columns = {k: changes.pop(k) for k in list(changes) if k in LabelFacts.__dataclass_fields__ and k != "facts"}
    with transaction():
        facts = replace(found, facts={**found.facts, **changes}, **columns)
        return save_label(slug=desk.slug, label=facts, by=by or desk.maker, at=at)


def public(desk: Desk) -> Listing:
    db.session.expunge_all()
    db.session.rollback()
    return get_public(desk.slug, on=TODAY).listing


def proposal(desk: Desk) -> ListingProposal | None:
    db.session.expunge_all()
    db.session.rollback()
    return find_proposal(db.session.scalars(select(Listing.id).where(Listing.slug == desk.slug)).one())


def approve(desk: Desk, at: datetime, seen: int | None = None, by: Actor | None = None) -> None:
    with transaction():
        approve_proposal(slug=desk.slug, seen=seen, by=by or desk.officer, at=at)


def everything() -> list[Any]:
    """All that a refusal must not have changed."""
    db.session.expunge_all()
    db.session.rollback()
    tables = (Listing, ListingPicture, ListingProposal, ListingRevision, OutgoingMail, Job, AuditEntry)
    return [sorted(map(repr, db.session.execute(select(t.__table__)))) for t in tables]


def refused(error: type[Exception], act: Callable[[], object]) -> Any:
    before = everything()
    with pytest.raises(error) as caught:
        act()
    assert everything() == before
    return caught.value


def test_the_old_text_stays_until_an_officer_has_looked(desk: Desk, at: datetime) -> None:
    edited = write(desk, at, name="Miến mới", summary="Ngon nhất.")
    assert (edited.applied, edited.waiting) == ((), ("name", "summary"))
    assert (public(desk).name, public(desk).summary) == ("Miến dong Thử", "Ngon.")
    found = proposal(desk)
    assert found is not None
    assert (found.version, found.state, found.asked_by) == (1, ProposalState.WAITING, "Lò Thị Mây")
    assert (found.wanted, found.base) == (
        {"name": "Miến mới", "summary": "Ngon nhất."},
        {"name": "Miến dong Thử", "summary": "Ngon."},
    )
    write(desk, at + LATER, name="Miến mới", summary="Ngon nhất.", description="Chuyện.")
    found = proposal(desk)
    assert found is not None
    assert (found.version, found.asked_at, set(found.wanted)) == (2, at, {"name", "summary", "description"})
    write(desk, at + LATER, name="Miến mới", summary="Ngon nhất.", description="Chuyện.")  # says nothing new
    again = proposal(desk)
    assert again is not None
    assert again.version == 2
    approve(desk, at + 2 * LATER, seen=2)
    assert (public(desk).name, public(desk).summary, public(desk).description) == (
        "Miến mới",
        "Ngon nhất.",
        "Chuyện.",
    )
    assert proposal(desk) is None
    letter = db.session.scalars(select(OutgoingMail)).one()
    assert (letter.to_address, "đã được duyệt" in letter.subject) == (desk.email, True)
    listing = public(desk)
    newest, first = list_revisions(listing, page=1, per_page=9)
    assert (newest.number, newest.changed, newest.by_name, newest.for_name) == (
        2,
        ["description", "name", "summary"],
        "Lò Thị Thử",
        "Lò Thị Mây",
    )
    assert (first.number, first.said["name"], first.by_name) == (1, "Miến dong Thử", "")


def test_what_is_public_already_is_no_proposal(desk: Desk, at: datetime) -> None:
    assert write(desk, at).waiting == ()
    write(desk, at, name="Miến mới")
    assert proposal(desk) is not None
    assert write(desk, at).waiting == ()
    assert proposal(desk) is None
    assert count_revisions(public(desk)) == 1


def test_facts_apply_at_once_and_claims_wait(desk: Desk, at: datetime) -> None:
    edited = label(
        desk, at, storage="Tủ lạnh", shelf_life_days=30, season=3, origin_commune_code="03388", batch_note="Đáy gói"
    )
    assert edited.waiting == ("storage",)
    assert edited.applied == ("batch_note", "origin_commune_code", "season", "shelf_life_days")
    listing = public(desk)
    assert (listing.storage, listing.shelf_life_days, listing.season) == ("Nơi khô", 30, 3)
    assert wished(get_kept(desk.slug, by=desk.maker))["storage"] == "Tủ lạnh"
    revision = get_revision(listing, 2)
    assert (revision.by_name, revision.for_name) == ("Lò Thị Mây", "")


def test_what_protects_the_buyer_does_not_wait(desk: Desk, at: datetime) -> None:
    assert label(desk, at, allergens=["eggs"]).waiting == ()
    assert public(desk).told["allergens"] == ["eggs"]
    edited = label(desk, at, allergens=["fish"])  # one more, one less
    assert (edited.applied, edited.waiting) == (("allergens",), ("allergens",))
    assert public(desk).told["allergens"] == ["eggs", "fish"]
    found = proposal(desk)
    assert found is not None
    assert (found.wanted["allergens"], found.base["allergens"]) == (["fish"], ["eggs", "fish"])
    approve(desk, at)
    assert public(desk).told["allergens"] == ["fish"]
    assert label(desk, at, allergens=[]).waiting == ("allergens",)


@pytest.mark.parametrize("code", ["storage", "usage", "warnings"])
def test_advice_and_warnings_carry_no_claim_unseen(desk: Desk, at: datetime, code: str) -> None:
    """The old words kept whole and a claim behind them: it waits as any other, in both languages."""
    before = public(desk).told[code]
    typed: dict[str, Any] = {code: f"{before}. Chữa khỏi ung thư."}
    if code != "storage":
        typed[f"{code}_en"] = "Cures"
    edited = label(desk, at, **typed)
    assert code in edited.waiting
    assert edited.applied == ()
    assert public(desk).told[code] == before
    assert public(desk).told.get(f"{code}_en", "") == ""


@pytest.mark.parametrize("code", ["batch_note", "responsible"])
def test_a_fact_that_applies_at_once_speaks_of_no_stars(desk: Desk, at: datetime, code: str) -> None:
    boast: dict[str, Any] = {code: "Đáy gói, năm sao OCOP"}
    plain: dict[str, Any] = {code: "Đáy gói"}
    with pytest.raises(Invalid) as told:
        label(desk, at, **boast)
    assert list(told.value.fields) == [code]
    assert public(desk).told[code] == "Thử"
    assert label(desk, at, **plain).applied == (code,)


def test_a_medicine_leaves_at_once_and_comes_back_by_an_officer_only(app: Flask, at: datetime) -> None:
    found = complete_label("III.1")
    desk = opened(at, "III.1", found)
    edited = label(desk, at, base=found, declared_kind=DeclaredKind.MEDICINE, usage="Uống")
    assert (edited.applied, edited.waiting) == (("declared_kind",), ("usage",))
    assert get_kept(desk.slug, by=BY).state is S.PAUSED
    assert label(desk, at, base=found, declared_kind=DeclaredKind.HERB).waiting == ("declared_kind",)
    with pytest.raises(Invalid), transaction():
        move_listing(slug=desk.slug, to=S.PUBLISHED, by=desk.maker, at=at)
    approve(desk, at)
    with transaction():
        move_listing(slug=desk.slug, to=S.PUBLISHED, by=desk.maker, at=at)
    assert public(desk).declared_kind is DeclaredKind.HERB


def test_an_incomplete_proposal_is_refused_at_once(desk: Desk, at: datetime) -> None:
    lacking = refused(Incomplete, lambda: write(desk, at, summary=""))
    assert list(lacking.fields) == ["summary"]
    lacking = refused(Incomplete, lambda: label(desk, at, usage=""))
    assert list(lacking.fields) == ["usage"]
    refused(Incomplete, lambda: label(desk, at, storage=""))
    refused(Invalid, lambda: write(desk, at, name=" "))


def test_an_officers_own_edits_apply_at_once_and_overtake(desk: Desk, at: datetime) -> None:
    write(desk, at, name="Miến mới", summary="Khác.")
    edited = write(desk, at, by=desk.officer, name="Miến của tỉnh")
    assert (edited.applied, edited.waiting, public(desk).name) == (("name",), (), "Miến của tỉnh")
    refused(Overtaken, lambda: approve(desk, at))
    assert public(desk).summary == "Ngon."
    label(desk, at, ingredients="Bột sắn")  # another section does not make the maker's name the newer one
    refused(Overtaken, lambda: approve(desk, at))
    write(desk, at, name="Miến mới", summary="Khác.")  # the maker has seen the officer's words and insists
    approve(desk, at)
    assert (public(desk).name, public(desk).summary, public(desk).ingredients) == ("Miến mới", "Khác.", "Bột sắn")
    write(desk, at, name="Miến lành", summary="Khác.")
    write(desk, at, by=desk.officer, name="Miến lành", summary="Khác.")  # the officer wrote the same
    approve(desk, at)
    assert (public(desk).name, proposal(desk)) == ("Miến lành", None)


def test_returned_it_is_kept_mended_and_waits_anew(desk: Desk, at: datetime) -> None:
    write(desk, at, name="Miến chữa bệnh")
    for remark in ("", "x" * 2001):
        refused(Invalid, partial(give_back, desk, at, remark))
    give_back(desk, at, "Không nói chữa bệnh.")
    found = proposal(desk)
    assert found is not None
    assert (found.state, found.remark, found.wanted) == (
        ProposalState.RETURNED,
        "Không nói chữa bệnh.",
        {"name": "Miến chữa bệnh"},
    )
    letter = db.session.scalars(select(OutgoingMail)).one()
    assert ("cần sửa" in letter.subject, "Không nói chữa bệnh." in letter.text) == (True, True)
    refused(NothingWaits, lambda: approve(desk, at))
    assert list_waiting_pages(by=desk.officer) == []
    label(desk, at, batch_note="Đáy gói")  # a fact elsewhere sends nothing back
    found = proposal(desk)
    assert found is not None
    assert found.state is ProposalState.RETURNED
    write(desk, at + LATER, name="Miến lành")
    found = proposal(desk)
    assert found is not None
    assert (found.state, found.asked_at, found.version) == (ProposalState.WAITING, at + LATER, 2)
    approve(desk, at, seen=2)
    assert public(desk).name == "Miến lành"


def give_back(desk: Desk, at: datetime, remark: str) -> None:
    with transaction():
        return_proposal(slug=desk.slug, seen=None, remark=remark, by=desk.officer, at=at)


@pytest.mark.parametrize("guarded", [True, False])
def test_the_approval_names_the_version_looked_at(
    desk: Desk, at: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The maker writes on while the officer reads; the twin without the guard publishes what nobody has looked at."""
    if not guarded:
        monkeypatch.setattr("marketplace.shop.catalog.services.proposals.check_seen", lambda _now, _seen: None)
    write(desk, at, name="Miến lành")
    write(desk, at, name="Miến chữa bách bệnh")
    if guarded:
        refused(ChangedSinceSeen, lambda: approve(desk, at, seen=1))
        assert public(desk).name == "Miến dong Thử"
    else:
        approve(desk, at, seen=1)
        assert public(desk).name == "Miến chữa bách bệnh"


def test_who_may_decide(desk: Desk, at: datetime) -> None:
    write(desk, at, name="Miến mới")
    elsewhere = make_user(Role.PROVINCE_OFFICER, at=at, unit="01").actor()
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Khác", at=at, user=other)
    for by in (elsewhere, other.actor(), desk.maker):
        refused(NotFound, partial(approve, desk, at, by=by))
    for by in (elsewhere, other.actor()):
        for verb, more in ((withdraw_proposal, {}), (restore_revision, {"number": 1})):
            with pytest.raises(NotFound), transaction():
                verb(slug=desk.slug, by=by, at=at, **more)
    assert [(w.listing.slug, w.kind, w.since) for w in list_waiting_pages(by=desk.officer)] == [
        (desk.slug, "change", at)
    ]
    assert list_waiting_pages(by=elsewhere) == []


def test_the_queue_has_the_longest_waiting_first(desk: Desk, at: datetime) -> None:
    producer = make_producer("Hàng mới", at=at)
    first, _ = make_listing(make_product(producer, "Bún", at=at), at=at + LATER, state=S.IN_REVIEW)
    write(desk, at + 2 * LATER, name="Miến mới")
    second, _ = make_listing(make_product(producer, "Phở", at=at), at=at + 3 * LATER, state=S.IN_REVIEW)
    found = list_waiting_pages(by=desk.officer)
    assert [(w.listing.slug, w.kind) for w in found] == [
        (first.slug, "first"),
        (desk.slug, "change"),
        (second.slug, "first"),
    ]


def test_withdrawn_with_the_page_or_alone(desk: Desk, at: datetime) -> None:
    write(desk, at, name="Miến mới")
    with transaction():
        withdraw_proposal(slug=desk.slug, by=desk.maker, at=at)
    assert (proposal(desk), public(desk).name) == (None, "Miến dong Thử")
    with pytest.raises(NotFound), transaction():
        withdraw_proposal(slug=desk.slug, by=desk.maker, at=at)
    write(desk, at, name="Miến mới")
    with transaction():
        move_listing(slug=desk.slug, to=S.WITHDRAWN, by=desk.maker, at=at)
    assert proposal(desk) is None


def test_a_paused_page_waits_too_and_a_draft_does_not(desk: Desk, at: datetime) -> None:
    with transaction():
        move_listing(slug=desk.slug, to=S.PAUSED, by=desk.maker, at=at)
    assert write(desk, at, name="Miến mới").waiting == ("name",)
    with transaction():
        move_listing(slug=desk.slug, to=S.PUBLISHED, by=desk.maker, at=at)
    assert public(desk).name == "Miến dong Thử"


def test_proposed_pictures_are_kept_until_they_are_withdrawn(desk: Desk, at: datetime) -> None:
    listing, store = get_kept(desk.slug, by=BY), media_store()
    old = pictured(listing, at)
    new = made(400)
    with transaction():
        expect_picture(name=new.name, at=at)
    with transaction():
        add_picture(slug=desk.slug, made=new, alt="Mới", by=desk.maker, at=at)
        move_picture(slug=desk.slug, name=new.name, step=-1, by=desk.maker, at=at)
        change_picture(slug=desk.slug, name=old.name, alt="Lời khác", by=desk.maker, at=at)
    assert [(p.name, p.alt) for p in wished_pictures(get_kept(desk.slug, by=BY))] == [
        (new.name, "Mới"),
        (old.name, "Lời khác"),
    ]
    assert [(p.name, p.alt) for p in list_pictures(listing.id)] == [(old.name, "Miến")]

    def there(name: str) -> bool:
        return store.exists(file_name(name, 320, "jpg"))

    def work(later: timedelta) -> int:
        return run_due(at + later, handlers={FORGET_PICTURE: forget_picture}, lease=timedelta(minutes=1))

    assert (work(timedelta(days=1)), there(new.name)) == (1, True)
    with transaction():
        withdraw_proposal(slug=desk.slug, by=desk.maker, at=at + timedelta(days=1))
    assert (work(timedelta(days=2)), there(new.name), there(old.name)) == (1, False, True)


def test_approved_pictures_replace_the_old_ones_which_history_keeps(desk: Desk, at: datetime) -> None:
    listing, store = get_kept(desk.slug, by=BY), media_store()
    old, new, never = pictured(listing, at), made(400), made(410)
    with transaction():
        add_picture(slug=desk.slug, made=new, alt="Mới", by=desk.maker, at=at)
        add_picture(slug=desk.slug, made=never, alt="Nhầm", by=desk.maker, at=at)
        remove_picture(slug=desk.slug, name=never.name, by=desk.maker, at=at)
        remove_picture(slug=desk.slug, name=old.name, by=desk.maker, at=at)
    assert public(desk).cover == old.name
    approve(desk, at)
    assert ([p.name for p in list_pictures(listing.id)], public(desk).cover) == ([new.name], new.name)
    run_due(at + timedelta(days=2), handlers={FORGET_PICTURE: forget_picture}, lease=timedelta(minutes=1))
    names = (old.name, new.name, never.name)
    assert [store.exists(file_name(name, 320, "jpg")) for name in names] == [True, True, False]
    with transaction():
        edited = restore_revision(slug=desk.slug, number=2, by=desk.maker, at=at)
    assert (edited.waiting, public(desk).cover) == (("pictures",), new.name)
    approve(desk, at)
    shown = [(p.name, p.position) for p in list_pictures(listing.id)]
    assert (shown, public(desk).cover) == ([(old.name, 0), (new.name, 1)], old.name)


def test_a_picture_cut_anew_comes_back_as_it_was(desk: Desk, at: datetime) -> None:
    listing = get_kept(desk.slug, by=BY)
    old = pictured(listing, at, width=660)
    again = made(660, Crop(0, 50, 100))
    assert again.source_digest == old.source_digest
    with transaction():
        change_picture(slug=desk.slug, name=old.name, alt="Cắt lại", made=again, by=desk.officer, at=at)
    assert [p.name for p in list_pictures(listing.id)] == [again.name]
    with transaction():
        restore_revision(slug=desk.slug, number=2, by=desk.officer, at=at)
    assert [(p.name, p.alt) for p in list_pictures(listing.id)] == [(old.name, "Miến")]


def test_how_a_page_is_sold_does_not_fall_with_an_old_story(desk: Desk, at: datetime) -> None:
    write(desk, at, by=desk.officer, name="Miến hai")
    with transaction():
        save_terms(slug=desk.slug, terms=SellingTerms(max_transit_days=2, delivery_radius_km=90), by=desk.maker, at=at)
        restore_revision(slug=desk.slug, number=1, by=desk.officer, at=at)
    found = public(desk)
    assert (found.name, found.max_transit_days, found.delivery_radius_km) == ("Miến dong Thử", 2, 90)


def test_restoring_is_a_change_like_any_other(desk: Desk, at: datetime) -> None:
    write(desk, at, by=desk.officer, name="Miến hai")
    label(desk, at, by=desk.officer, storage="Tủ lạnh", batch_note="Đáy gói")
    kept = pictured(get_kept(desk.slug, by=BY), at)
    assert count_revisions(public(desk)) == 4
    with transaction():
        edited = restore_revision(slug=desk.slug, number=1, by=desk.maker, at=at)
    assert (edited.waiting, public(desk).name, public(desk).storage) == (("name", "storage"), "Miến hai", "Tủ lạnh")
    approve(desk, at)
    assert public(desk).name == "Miến dong Thử"
    assert [p.name for p in list_pictures(public(desk).id)] == [kept.name]  # added since: it stays
    with transaction():
        restore_revision(slug=desk.slug, number=3, by=desk.officer, at=at)
    listing = public(desk)
    newest = list_revisions(listing, page=1, per_page=1)[0]
    assert (listing.name, listing.storage, newest.restored, newest.for_name) == ("Miến hai", "Tủ lạnh", 3, "Lò miến")
    for number in (0, 99):
        with pytest.raises(NotFound), transaction():
            restore_revision(slug=desk.slug, number=number, by=desk.maker, at=at)


def test_a_page_never_changed_has_a_first_revision(desk: Desk, at: datetime) -> None:
    listing = public(desk)
    assert [(r.number, r.said["name"]) for r in list_revisions(listing, page=1, per_page=9)] == [(1, "Miến dong Thử")]
    assert list_revisions(listing, page=2, per_page=9) == []
    assert (get_revision(listing, 1).said["summary"], count_revisions(listing)) == ("Ngon.", 1)
    with pytest.raises(NotFound):
        get_revision(listing, 2)
    assert db.session.scalar(select(func.count(ListingRevision.id))) == 0


def test_a_look_writes_nothing(desk: Desk, at: datetime) -> None:
    before = everything()
    found = get_kept(desk.slug, by=desk.maker)
    seen = as_if(found, wished(found) | {"name": "Khác", "usage": "Nấu"})
    assert (seen.name, seen.told["usage"], seen.product is found.product) == ("Khác", "Nấu", True)
    with transaction():
        pass
    assert everything() == before
    assert proposals_of([found.id]) == {}


def test_the_tables_hold_what_a_proposal_is(desk: Desk, at: datetime) -> None:
    write(desk, at, name="Miến mới")
    for values in ({"version": 0}, {"state": "returned"}, {"state": "approved"}):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(ListingProposal).values(**values), execution_options={"bind": None})
    approve(desk, at)
    for values in ({"number": 0}, {"restored": 99}):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(ListingRevision).where(ListingRevision.number == 2).values(**values))


def test_the_guard_of_a_first_publication_is_the_revision(app: Flask, at: datetime) -> None:
    listing, _ = make_listing(make_product(make_producer(at=at), at=at), at=at, state=S.IN_REVIEW)
    assert editing.number_of(listing.id) == 1
    with transaction():
        save_texts(slug=listing.slug, texts=ListingTexts(name="Khác", art_seed="x", summary="Khác."), by=BY, at=at)
    assert editing.number_of(listing.id) == 2
    with pytest.raises(ChangedSinceSeen), transaction():
        move_listing(slug=listing.slug, to=S.PUBLISHED, by=BY, at=at, seen=1)
    with transaction():
        move_listing(slug=listing.slug, to=S.PUBLISHED, by=BY, at=at, seen=2)
