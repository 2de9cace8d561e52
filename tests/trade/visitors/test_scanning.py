"""People are let in: once a day, once for each list, never on a forged, cancelled, unpaid or foreign ticket."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services import move
from marketplace.trade.visitors.gates import (
    get_device,
    get_list,
    kept_by_device,
    list_devices,
    list_double,
    list_lists,
    list_refused,
)
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import Admission, ListKind, Outcome, Scan
from marketplace.trade.visitors.queries import visits_by_day, visits_by_hour
from marketplace.trade.visitors.rules import mark
from marketplace.trade.visitors.services import (
    Seen,
    cancel_ticket,
    make_device,
    make_list,
    revoke_device,
    scan_all,
    take_payment,
)
from tests.builders import BY
from tests.fairing import make_edition
from tests.visiting import NOON, device_at, gate_of, look, make_ticket, outcome, signed

STRANGER = Actor(user_id=1, name="An", role=Role.PRODUCER)


def admissions() -> int:
    return db.session.scalar(select(func.count()).select_from(Admission)) or 0


def test_once_a_day(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    assert [outcome(edition, signed(edition, ticket)) for _ in range(2)] == [Outcome.OK, Outcome.DOUBLE]
    assert outcome(edition, ticket.code.lower(), at=NOON + timedelta(hours=1)) is Outcome.DOUBLE
    assert outcome(edition, ticket.code, at=NOON + timedelta(days=1)) is Outcome.OK
    gate = gate_of(edition)
    assert visits_by_day(gate.id) == {day_of(NOON): 1, day_of(NOON) + timedelta(days=1): 1}
    assert visits_by_hour(gate.id, day_of(NOON)) == {12: 1}
    assert [scan.result for scan in list_refused(edition.id)] == [Outcome.DOUBLE] * 2
    assert list_double(edition.id) == []  # nobody was let in twice


def test_what_lets_nobody_in_is_kept_with_its_reason(app: Flask, at: datetime) -> None:
    edition, other = make_edition(at=at), make_edition(at=at, title="Hội chợ khác")
    paid = make_edition(at=at, title="Hội chợ bán vé", ticket_price=Money(20_000))
    ticket, foreign, unpaid = (make_ticket(each, at=at) for each in (edition, other, paid))
    gone = make_ticket(edition, at=at)
    gate_of(paid)
    with transaction():
        cancel_ticket(code=edition.code, ticket=gone.code, by=GUEST, at=at)
    text = signed(edition, ticket)
    forged = text[:-2] + ("AA" if text[-2:] != "AA" else "BA")
    told = {
        forged: Outcome.FORGED,
        text.replace(ticket.code, gone.code): Outcome.FORGED,
        "T1.x": Outcome.FORGED,
        "VE0000000000": Outcome.UNKNOWN,
        signed(edition, gone): Outcome.CANCELLED,
        signed(other, foreign): Outcome.WRONG_EDITION,
        foreign.code: Outcome.WRONG_EDITION,
    }
    assert {text: outcome(edition, text) for text in told} == told
    assert outcome(paid, signed(paid, unpaid)) is Outcome.UNPAID
    assert outcome(edition, text, at=at) is Outcome.OUTSIDE_HOURS
    assert admissions() == 0
    assert db.session.scalar(select(func.count(Scan.id))) == len(told) + 2
    with transaction():
        take_payment(code=paid.code, ticket=unpaid.code, by=BY, at=at)
    assert outcome(paid, signed(paid, unpaid)) is Outcome.OK


def test_a_fair_called_off_lets_nobody_in(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    assert outcome(edition, ticket.code) is Outcome.OUTSIDE_HOURS


def test_the_same_scan_sent_again_is_the_same(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    text = signed(edition, make_ticket(edition, at=at))
    first, again = (look(edition, text, client_id="11111111-2222") for _ in range(2))
    assert (first.id, first.result, again.id, again.result) == (first.id, Outcome.OK, first.id, Outcome.OK)
    assert (admissions(), db.session.scalar(select(func.count(Scan.id)))) == (1, 1)


def test_a_scans_number_opens_no_other_door_and_lets_nobody_else_in(app: Flask, at: datetime) -> None:
    edition, other = make_edition(at=at), make_edition(at=at, title="Hội chợ khác")
    one, two = (make_ticket(edition, at=at) for _ in range(2))
    first = look(edition, one.code, client_id="11111111-2222")
    gate, _ = gate_of(edition), gate_of(other)
    for where, typed in ((edition, two.code), (other, one.code)):
        with pytest.raises(Invalid):
            look(where, typed, client_id="11111111-2222", offline=True, let_in=True)
    twice = [Seen("33333333", one.code, NOON), Seen("33333333", two.code, NOON)]
    with pytest.raises(Invalid), transaction():
        scan_all(gate, twice, device="A", seed=ticket_seed(), at=NOON)
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.id, kept.typed, kept.offline, admissions()) == (first.id, one.code, False, 1)


def test_one_batch_with_a_ticket_twice_and_a_scan_twice(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    one, two = (signed(edition, make_ticket(edition, at=at)) for _ in range(2))
    gate = gate_of(edition)
    ids = [str(uuid4()) for _ in range(3)]
    seen = [
        Seen(ids[0], one, NOON, True, True),
        Seen(ids[1], one, NOON - timedelta(minutes=9), True, True),  # another clock: the earlier counts
        Seen(ids[2], two, NOON, True, True),
        Seen(ids[2], two, NOON, True, True),
    ]
    with transaction():
        found = scan_all(gate, seen, device="A", seed=ticket_seed(), at=NOON + timedelta(hours=1))
    assert [scan.result for scan in found] == [Outcome.DOUBLE, Outcome.OK, Outcome.OK, Outcome.OK]
    assert admissions() == 2


def test_a_batch_has_an_end(app: Flask, at: datetime) -> None:
    gate = gate_of(make_edition(at=at))
    with pytest.raises(Invalid), transaction():
        seen = [Seen(str(n), "x", NOON) for n in range(501)]
        scan_all(gate, seen, device="A", seed=ticket_seed(), at=NOON)


@pytest.mark.parametrize("later_is_first", [False, True])
def test_two_doors_without_a_network_let_one_ticket_in(app: Flask, at: datetime, later_is_first: bool) -> None:
    """Whichever sends first has the admission; the other is listed; the earlier by their clocks is its time."""
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    early, late = NOON, NOON + timedelta(hours=2)
    times = [late, early] if later_is_first else [early, late]
    back = NOON + timedelta(hours=3)
    sent = [
        look(edition, signed(edition, ticket), at=back, scanned_at=when, device=name, offline=True, let_in=True)
        for when, name in zip(times, ("Máy A", "Máy B"), strict=True)
    ]
    assert [scan.result for scan in sent] == [Outcome.OK, Outcome.DOUBLE]
    (double,) = list_double(edition.id)
    assert double.against is not None
    assert double.ticket is not None
    assert (double.ticket.code, double.device, double.scanned_at) == (ticket.code, "Máy B", times[1])
    assert (double.against.device, double.against.scanned_at) == ("Máy A", times[0])
    kept = db.session.scalars(select(Admission)).one()
    assert (kept.scanned_at, kept.hour, kept.scan_id) == (early, 12, sent[1 if later_is_first else 0].id)


def test_a_device_without_an_answer_tells_later_that_it_opened(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    text = signed(edition, make_ticket(edition, at=at))
    look(edition, text, device="Máy A")
    look(edition, text, device="Máy B", client_id="aaaaaaaa")
    assert list_double(edition.id) == []
    for _ in range(2):
        again = look(edition, text, device="Máy B", client_id="aaaaaaaa", offline=True, let_in=True)
    assert (again.result, again.let_in, again.offline) == (Outcome.DOUBLE, True, True)
    assert [scan.device for scan in list_double(edition.id)] == ["Máy B"]


@pytest.mark.parametrize("wrong", [NOON + timedelta(days=1), NOON - timedelta(days=90)])
def test_a_wrong_clock_is_not_believed(app: Flask, at: datetime, wrong: datetime) -> None:
    edition = make_edition(at=at)
    scan = look(edition, signed(edition, make_ticket(edition, at=at)), scanned_at=wrong)
    assert (scan.result, scan.scanned_at) == (Outcome.OK, NOON)


def test_a_session_of_its_own_hours_lets_a_ticket_in_once(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    with transaction():
        times = {"starts_at": NOON, "ends_at": NOON + timedelta(days=1)}
        facts = {"name": "Hội thảo", "kind": ListKind.SESSION, "daily": False, "by": BY, "at": at}
        room = make_list(code=edition.code, **facts, **times)  # type: ignore[arg-type] # two tables of arguments
    row = get_list(edition.id, room.code)
    outcomes = []
    for hours in (-1, 0, 1, 24, 25):
        when = NOON + timedelta(hours=hours)
        with transaction():
            seen = [Seen(str(uuid4()), ticket.code, when)]
            outcomes.append(scan_all(row, seen, device="A", seed=ticket_seed(), at=when)[0].result)
    double, closed = Outcome.DOUBLE, Outcome.OUTSIDE_HOURS
    assert outcomes == [closed, Outcome.OK, double, double, closed]
    assert outcome(edition, ticket.code) is Outcome.OK  # the gate is a list of its own


def test_doors_are_the_offices_and_have_names_of_their_own(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    gate_of(edition)
    facts = {"kind": ListKind.GATE, "daily": True, "at": at}
    with pytest.raises(Forbidden), transaction():
        make_list(code=edition.code, name="B", by=STRANGER, **facts)  # type: ignore[arg-type] # a table of arguments
    for name, times, field in (
        (" ", {}, "name"),
        ("Cổng", {}, "name"),
        ("B", {"starts_at": NOON, "ends_at": NOON}, "ends_at"),
        ("B", {"starts_at": datetime.min.replace(tzinfo=VIETNAM)}, "starts_at"),
        ("B", {"ends_at": datetime.max.replace(tzinfo=VIETNAM)}, "ends_at"),
    ):
        with pytest.raises(Invalid) as refused, transaction():
            make_list(code=edition.code, name=name, by=BY, **facts, **times)  # type: ignore[arg-type] # as above
        assert set(refused.value.fields) == {field}
    assert [each.name for each in list_lists(edition.id)] == ["Cổng"]
    with pytest.raises(NotFound):
        get_list(edition.id, "CO0")


def test_a_devices_link_opens_until_it_is_revoked(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    other = make_edition(at=at, title="Hội chợ khác")
    token = device_at(edition, at=at)
    device = get_device(token)
    assert (device.name, device.list.name, token in device.token) == ("Cổng 1", "Cổng", False)
    with pytest.raises(Invalid), transaction():
        make_device(code=edition.code, at_list=device.list.code, name=" ", by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        revoke_device(code=other.code, device=device.code, by=BY, at=at)
    with transaction():
        assert get_device(token, hold=True).id == device.id
        revoke_device(code=edition.code, device=device.code, by=BY, at=at)
    with pytest.raises(NotFound):
        get_device(token)
    assert [each.revoked_at for each in list_devices(edition.id)] == [at]


def test_what_a_device_keeps(app: Flask, at: datetime) -> None:
    edition: Edition = make_edition(at=at)
    valid, gone, inside = (make_ticket(edition, at=at) for _ in range(3))
    gate = gate_of(edition)
    with transaction():
        cancel_ticket(code=edition.code, ticket=gone.code, by=GUEST, at=at)
    before = kept_by_device(gate, day_of(NOON))
    look(edition, inside.code)
    kept = kept_by_device(gate, day_of(NOON))

    def marks(*codes: str) -> list[str]:
        return sorted(mark(edition.code, code) for code in codes)

    assert (kept.valid, kept.cancelled) == (marks(valid.code, inside.code), marks(gone.code))
    assert (kept.unpaid, kept.inside) == ([], marks(inside.code))
    assert kept.version != before.version
    assert kept_by_device(gate, day_of(NOON)).version == kept.version
    assert kept_by_device(gate, day_of(NOON) + timedelta(days=1)).inside == []
