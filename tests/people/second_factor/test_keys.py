"""Security keys: added, touched, copied, taken away; what is not right is refused, and nothing changes."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace.people.accounts.models import SignIn, User
from marketplace.people.second_factor.models import RecoveryCode, SecurityKey, UsedChallenge
from marketplace.people.second_factor.services import (
    KeyKnown,
    KeyUnread,
    LastMeans,
    Proof,
    TooManyKeys,
    add_key,
    check_proof,
    forget_factor,
    remove_key,
)
from marketplace.people.second_factor.webauthn import (
    NotThisKey,
    Purpose,
    check_challenge,
    make_challenge,
    options_of_touch,
    read_new,
    read_touch,
    site_at,
)
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import PASSWORD, make_user
from tests.conftest import AT, Client, new_client
from tests.pages import send, sign_in
from tests.stepping import code_of, device_code, key_of, paper_codes, turn_on, whoami
from tests.touching import SITE, SoftKey, asked_on, codes_with_key

FIRST, NEW, MINE = "/account/second-factor", "/account/second-factor/keys/new", "/account/second-factor/keys"
WRONG = "Không nhận ra khóa này"
FIELDS = ["id", "rawId", "response", "clientDataJSON", "attestationObject", "signature", "authenticatorData", "type"]
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(FIELDS), inner),
)


def held() -> list[tuple[str, int]]:
    return [(each.name, each.sign_count) for each in db.session.scalars(select(SecurityKey).order_by(SecurityKey.id))]


def rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def waiting(client: Client, user: User) -> dict[str, object]:
    """Type the password; what the next page asks the key."""
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    return asked_on(client.get("/account/second-step").text)


def test_from_a_first_key_to_signing_in_by_a_touch(app: Flask, client: Client) -> None:
    user, key, elsewhere = make_user(at=AT), SoftKey(), new_client(app)
    for each in (client, elsewhere):
        sign_in(each, user)
    assert send(client, NEW, password="nhầm rồi", name="Ở nhà").status_code == 422
    asking = send(client, NEW, password=PASSWORD, name="Ở nhà")
    asked = asked_on(asking.text)
    assert (asked["rp"]["id"], asked["user"]["name"], asked["excludeCredentials"]) == ("localhost", user.email, [])
    done = send(client, MINE, touch=key.make(asked), name="Ở nhà")
    assert len(paper_codes(done.text)) == 10
    assert (whoami(client), whoami(elsewhere)) == (200, 302)  # what a password alone opened has ended
    assert held() == [("Ở nhà", 1)]
    assert "Ở nhà" in client.get(FIRST).text

    fresh = new_client(app)
    asked = waiting(fresh, user)
    assert [each["id"] for each in asked["allowCredentials"]] == [json.loads(key.touch(asked))["id"]]  # type: ignore[attr-defined] # as JSON
    assert whoami(fresh) == 302
    touch = key.touch(asked)
    assert send(fresh, "/account/second-step", touch=touch, code="").headers["Location"] == "/"
    assert whoami(fresh) == 200
    assert held() == [("Ở nhà", 3)]
    again = new_client(app)
    waiting(again, user)
    refused = send(again, "/account/second-step", touch=touch, code="")
    assert (refused.status_code, WRONG in refused.text, whoami(again)) == (422, True, 302)
    acts = select(AuditEntry.action).where(AuditEntry.subject == user.code).order_by(AuditEntry.id)
    assert db.session.scalars(acts).all()[-1] == "second_step.refused"


def test_what_a_key_says_is_taken_for_what_it_was_asked(app: Flask, client: Client) -> None:
    """Another origin, another key, nobody touching, another purpose, another person, an altered word, too late."""
    user, other, key = make_user(at=AT), make_user(at=AT), SoftKey()
    codes_with_key(app, user, key)
    codes_with_key(app, other, SoftKey())
    asked = waiting(client, user)

    def challenged(purpose: Purpose, person: User) -> dict[str, object]:
        challenge = make_challenge(purpose, person.code, key=key_of(app), at=AT)
        return options_of_touch(SITE, challenge=challenge, known=[])

    stranger = SoftKey(identifier=key.identifier)
    altered = json.loads(key.touch(asked))
    altered["response"]["signature"] = altered["response"]["signature"][:-4] + "AAAA"
    wrong = [
        key.touch(asked, origin="http://localhost.evil.example"),
        stranger.touch(asked),
        SoftKey().touch(asked),
        key.touch(asked, flags=0),
        key.touch({**asked, "rpId": "evil.example"}),
        key.touch(challenged(Purpose.OWN, user)),
        key.touch(challenged(Purpose.STEP, other)),
        key.make({"rp": {"id": "localhost"}, "challenge": asked["challenge"]}),
        json.dumps(altered),
        "[]",
        "x" * 20_000,
    ]
    before = held()
    for touch in wrong:
        with pytest.raises(Invalid), transaction():
            check_proof(user, Proof(touch=touch, site=SITE), Purpose.STEP, key=key_of(app), at=AT)
    with pytest.raises(Invalid), transaction():
        check_proof(user, Proof(touch=key.touch(asked)), Purpose.STEP, key=key_of(app), at=AT)  # at no site
    with pytest.raises(Invalid), transaction():
        late = AT + timedelta(minutes=11)
        check_proof(user, Proof(touch=key.touch(asked), site=SITE), Purpose.STEP, key=key_of(app), at=late)
    assert (held(), rows(UsedChallenge)) == (before, 2)  # those of the two that were given


def test_a_copy_of_a_key_is_found_by_its_count(app: Flask, client: Client) -> None:
    user, key = make_user(at=AT), SoftKey()
    codes_with_key(app, user, key)
    copy = replace(key)
    assert send(client, "/account/second-step", touch=key.touch(waiting(client, user)), code="").status_code == 302
    thief = new_client(app)
    assert send(thief, "/account/second-step", touch=copy.touch(waiting(thief, user)), code="").status_code == 422
    assert (whoami(thief), held()) == (302, [("Khóa", 2)])
    plain, uncounted = make_user(at=AT), SoftKey(counts=False)
    codes_with_key(app, plain, uncounted)
    for _ in range(2):
        visitor = new_client(app)
        touch = uncounted.touch(waiting(visitor, plain))
        assert send(visitor, "/account/second-step", touch=touch, code="").status_code == 302


def test_who_has_a_second_step_proves_it_before_adding(app: Flask, client: Client) -> None:
    user, first, second = make_user(at=AT), SoftKey(), SoftKey()
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    send(client, "/account/second-step", code=paper[0])
    for password, code in (("nhầm", paper[1]), (PASSWORD, "123456"), (PASSWORD, "")):
        refused = send(client, NEW, password=password, code=code, name="Một")
        assert (refused.status_code, "data-touch-new" in refused.text, "Một" in refused.text) == (422, False, True)
    asking = send(client, NEW, password=PASSWORD, code=paper[1], name="")
    kept = send(client, MINE, touch=first.make(asked_on(asking.text)), name="")
    assert kept.headers["Location"] == FIRST
    page = client.get(FIRST).text
    assert "Khóa bảo mật" in page
    asking = send(client, NEW, password=PASSWORD, touch=first.touch(asked_on(page)), code="", name="Hai")
    assert len(asked_on(asking.text)["excludeCredentials"]) == 1
    send(client, MINE, touch=second.make(asked_on(asking.text)), name="Hai")
    assert [name for name, _ in held()] == ["Khóa bảo mật", "Hai"]
    told = db.session.scalars(select(OutgoingMail.subject).where(OutgoingMail.to_address == user.email)).all()
    assert told.count("Một khóa bảo mật vừa được gắn") == 2
    again = send(client, MINE, touch=second.make(asked_on(asking.text)), name="Ba")  # the same challenge once more
    assert (again.headers["Location"], rows(SecurityKey)) == (FIRST, 2)
    assert WRONG in client.get(FIRST).text
    assert send(client, NEW, password=PASSWORD, code=paper[2], name="x" * 61).status_code == 422
    assert send(client, MINE, touch="", name="").headers["Location"] == FIRST


def test_an_application_comes_to_a_key(app: Flask, client: Client) -> None:
    user, key = make_user(at=AT), SoftKey()
    paper = codes_with_key(app, user, key)
    touch = key.touch(waiting(client, user))
    send(client, "/account/second-step", touch=touch, code="")
    step = client.get("/account/second-step")
    assert step.status_code == 302
    assert send(client, f"{FIRST}/start", password=PASSWORD, code="nhầm").status_code == 422
    assert send(client, f"{FIRST}/start", password=PASSWORD, code=paper[0]).status_code == 302
    code = device_code(client.get(f"{FIRST}/device").text, AT)
    assert send(client, f"{FIRST}/device", code=code).headers["Location"] == FIRST
    assert "Đã gắn ứng dụng xác minh" in client.get(FIRST).text
    assert db.session.scalar(select(func.count()).where(RecoveryCode.used_at.is_(None))) == 9
    assert send(client, f"{FIRST}/start", password=PASSWORD, code=paper[1]).status_code == 422  # there is one already


def test_a_key_is_taken_away_but_not_the_last(app: Flask, client: Client) -> None:
    user, other, key = make_user(at=AT), make_user(at=AT), SoftKey()
    paper = codes_with_key(app, user, key, "Một")
    codes_with_key(app, other, SoftKey(), "Khác")
    codes = {each.name: each.code for each in db.session.scalars(select(SecurityKey))}
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    send(client, "/account/second-step", code=paper[0])
    last = send(client, f"{MINE}/{codes['Một']}/remove", password=PASSWORD, code=paper[1])
    assert (last.status_code, "thiết bị cuối cùng" in last.text) == (422, True)
    assert send(client, f"{MINE}/{codes['Khác']}/remove", password=PASSWORD, code=paper[1]).status_code == 404
    codes_with_key(app, user, SoftKey(), "Hai")
    assert send(client, f"{MINE}/{codes['Một']}/remove", password=PASSWORD, code="1").status_code == 422
    assert len(held()) == 3
    gone = send(client, f"{MINE}/{codes['Một']}/remove", password=PASSWORD, code=paper[1])
    assert gone.headers["Location"] == FIRST
    assert [name for name, _ in held()] == ["Khác", "Hai"]
    nobody = make_user(at=AT).actor()
    with pytest.raises(NotFound), transaction():
        remove_key(code=codes["Khác"], proof=Proof(paper[2]), key=key_of(app), by=nobody, at=AT)
    with pytest.raises(LastMeans), transaction():
        code = db.session.scalars(select(SecurityKey.code).where(SecurityKey.name == "Hai")).one()
        remove_key(code=code, proof=Proof(paper[2]), key=key_of(app), by=user.actor(), at=AT)
    with transaction():
        forget_factor(db.session.get_one(User, user.id))
    assert [name for name, _ in held()] == ["Khác"]


def test_a_key_beside_an_application_may_be_the_last_key(app: Flask) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    codes_with_key(app, user, SoftKey())
    code = db.session.scalars(select(SecurityKey.code)).one()
    with transaction():
        remove_key(code=code, proof=Proof(paper[0]), key=key_of(app), by=user.actor(), at=AT)
    assert held() == []


def test_one_key_is_one_persons_and_ten_are_enough(app: Flask) -> None:
    user, other, key = make_user(at=AT), make_user(at=AT), SoftKey()
    codes_with_key(app, user, key)
    for again in (user, other):
        with pytest.raises(KeyKnown):
            codes_with_key(app, again, SoftKey(identifier=key.identifier))
    for _ in range(9):
        codes_with_key(app, user, SoftKey())
    with pytest.raises(TooManyKeys):
        codes_with_key(app, user, SoftKey())
    assert (rows(SecurityKey), db.session.get_one(User, other.id).second_factor_at) == (10, None)
    with pytest.raises(KeyUnread), transaction():
        add_key(brought="{}", name="x", site=SITE, keep="", key=key_of(app), by=user.actor(), at=AT)


def test_used_challenges_are_forgotten_when_they_are_too_old_anyway(app: Flask) -> None:
    user, key = make_user(at=AT), SoftKey()
    codes_with_key(app, user, key)
    later = AT + timedelta(minutes=30)
    challenge = make_challenge(Purpose.STEP, user.code, key=key_of(app), at=later)
    asked = options_of_touch(SITE, challenge=challenge, known=[])
    with transaction():
        check_proof(user, Proof(touch=key.touch(asked), site=SITE), Purpose.STEP, key=key_of(app), at=later)
    assert rows(UsedChallenge) == 1


def test_a_site_without_a_name_has_no_keys(app: Flask, client: Client) -> None:
    user, key = make_user(at=AT), SoftKey()
    paper = codes_with_key(app, user, key)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    assert "data-touch" in client.get("/account/second-step").text
    assert "data-touch" not in client.get("/account/second-step", base_url="http://127.0.0.1").text
    send(client, "/account/second-step", code=paper[0])
    page = client.get(FIRST, base_url="http://127.0.0.1")
    assert page.status_code == 302  # another address, another cookie
    assert site_at("http://127.0.0.1:8000", "x") is None
    assert site_at("http://[::1]:8000", "x") is None
    found = site_at("https://cho.example.vn", "x")
    assert found is not None
    assert (found.host, found.origin) == ("cho.example.vn", "https://cho.example.vn")


def test_signing_in_takes_a_code_where_there_is_no_key(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    turn_on(app, user, at=AT - timedelta(seconds=30))
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    assert "data-touch" not in client.get("/account/second-step").text
    assert send(client, "/account/second-step", touch="{}", code="").status_code == 422
    with time_machine.travel(AT, tick=True):
        assert send(client, "/account/second-step", code=code_of(app, user, AT)).status_code == 302
    assert rows(SignIn) == 1


@given(st.text() | ANYTHING.map(json.dumps))
def test_whatever_is_brought_is_read_or_refused(brought: str) -> None:
    with pytest.raises(NotThisKey):
        read_new(brought, SITE)
    with pytest.raises(NotThisKey):
        read_touch(brought, SITE, [])


@given(st.binary(max_size=80))
def test_a_challenge_of_nobodys_is_refused(challenge: bytes) -> None:
    with pytest.raises(NotThisKey):
        check_challenge(challenge, Purpose.STEP, "A", key=b"k", at=AT)
