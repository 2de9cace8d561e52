"""The newsletter: nothing kept before it is confirmed, nobody learns who has it, each issue once to each, one click."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.mail.transports import compose
from marketplace.trade.news.jobs import send_letters
from marketplace.trade.news.links import confirm_token, leave_token, read_confirm, read_leave
from marketplace.trade.news.models import Departure, Issue, IssueItem, Subscriber
from marketplace.trade.news.queries import count_issues, count_subscribers, get_issue, list_issues
from marketplace.trade.news.services import (
    ArticleGone,
    IssueChanged,
    IssueFacts,
    LeftSince,
    SentAlready,
    ask_for_newsletter,
    change_issue,
    confirm_newsletter,
    discard_issue,
    leave_newsletter,
    mark_of_issue,
    send_issue,
    withdraw_article,
    write_issue,
)
from tests.builders import BY, make_user
from tests.telling import make_article, make_issue, subscribe


def letters(kind: str) -> list[OutgoingMail]:
    query = select(OutgoingMail).where(OutgoingMail.key.startswith(kind)).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def test_nothing_is_kept_before_it_is_confirmed(app: Flask, at: datetime) -> None:
    for _ in range(3):
        with transaction():
            ask_for_newsletter(email="a@example.com", language="en", at=at)
    (letter,) = letters("newsletter-confirm")
    assert (letter.to_address, letter.secret) == ("a@example.com", True)
    assert db.session.scalar(select(Subscriber.id)) is None
    with transaction():
        ask_for_newsletter(email="a@example.com", language="en", at=at + timedelta(hours=1))
    assert len(letters("newsletter-confirm")) == 2
    for _ in range(2):
        subscribe("a@example.com", at=at, language="en")
    assert count_subscribers() == {"en": 1}
    with transaction():
        ask_for_newsletter(email="a@example.com", language="vi", at=at)
    assert len(letters("newsletter-known")) == 1
    for _ in range(2):
        with transaction():
            leave_newsletter(email="a@example.com", by=GUEST, at=at)
    assert db.session.scalar(select(Subscriber.id)) is None


def test_a_link_from_before_leaving_confirms_no_more(app: Flask, at: datetime) -> None:
    who: dict[str, Any] = {"email": "a@example.com", "language": "vi"}
    facts = {**who, "asked": at, "by": GUEST}
    minutes = [at + timedelta(minutes=n) for n in range(5)]
    with transaction():
        ask_for_newsletter(**who, at=at)
        confirm_newsletter(**facts, at=minutes[1])
    with transaction():
        leave_newsletter(email="a@example.com", by=GUEST, at=minutes[2])
    with pytest.raises(LeftSince), transaction():
        confirm_newsletter(**facts, at=minutes[3])
    assert db.session.scalar(select(Subscriber.id)) is None
    kept = db.session.scalars(select(Departure)).one()
    assert "a@example.com" not in kept.mark
    for _ in range(2):
        with transaction():
            ask_for_newsletter(**who, at=minutes[3])
    assert len(letters("newsletter-confirm")) == 2, "the same hour has one more letter since it was ended"
    with transaction():
        confirm_newsletter(**{**facts, "asked": minutes[3]}, at=minutes[4])
    assert count_subscribers() == {"vi": 1}
    with transaction():
        ask_for_newsletter(email="b@example.com", language="vi", at=minutes[2] + timedelta(days=2, seconds=1))
    assert db.session.scalar(select(Departure.mark)) is None, "nothing is kept longer than a link lasts"


def test_links_are_ours_and_the_first_ends_after_two_days(app: Flask, at: datetime) -> None:
    token = confirm_token("a@example.com", "vi")
    assert read_confirm(token)[:2] == ("a@example.com", "vi")
    assert at <= read_confirm(token)[2] < at + timedelta(minutes=1)
    assert read_leave(leave_token("a@example.com")) == "a@example.com"
    other = URLSafeTimedSerializer("other", salt="newsletter-confirm").dumps(["a@example.com", "vi"])
    for wrong in (token + "x", other, leave_token("a@example.com"), ""):
        with pytest.raises(NotFound):
            read_confirm(wrong)
    for wrong in (token, "x"):
        with pytest.raises(NotFound):
            read_leave(wrong)


def test_an_issue_reaches_each_once_in_their_language(app: Flask, at: datetime) -> None:
    subscribe("vi@example.com", at=at)
    subscribe("en@example.com", at=at, language="en")
    issue = make_issue(make_article(at=at, summary_en="Three weeks"), at=at)
    with transaction():
        send_issue(code=issue.code, by=BY, at=at)
    (job,) = list(db.session.scalars(select(Job).where(Job.name == "newsletter.send")))
    for _ in range(2):  # the worker was killed and begins anew
        send_letters(job.payload, at)
    one, two = letters(f"newsletter:{issue.code}")
    assert (one.to_address, one.subject, two.subject) == ("vi@example.com", "Phiên tháng 12", "December market")
    assert "December round" in two.text
    assert "Three weeks" in two.text
    assert "Chào bạn." in one.text
    message = compose(one, "market@example.com")
    assert message["List-Unsubscribe"] == f"<{one.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_leave(one.unsubscribe.rpartition("/")[2]) == "vi@example.com"
    assert one.unsubscribe in one.text
    with pytest.raises(SentAlready), transaction():
        send_issue(code=issue.code, by=BY, at=at)
    assert (count_issues(), list_issues()[0].sent_at) == (1, at)


def test_hundreds_are_reached_block_by_block(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        subscribe(f"s{n}@example.com", at=at)
    issue = make_issue(make_article(at=at), at=at)
    monkeypatch.setattr("marketplace.trade.news.jobs.A_BLOCK", 2)
    send_letters({"code": issue.code}, at)
    assert len(letters(f"newsletter:{issue.code}")) == 5


def test_other_letters_carry_no_such_header(app: Flask, at: datetime) -> None:
    with transaction():
        ask_for_newsletter(email="a@example.com", language="vi", at=at)
    (letter,) = letters("newsletter-confirm")
    assert compose(letter, "market@example.com")["List-Unsubscribe"] is None


def test_a_draft_is_changed_and_thrown_away(app: Flask, at: datetime) -> None:
    one, other = make_article(at=at), make_article(at=at, title="Giá miến")
    issue = make_issue(one, at=at)
    facts = IssueFacts("Tháng chạp", "December", "Mới.", "New.", (other.slug, one.slug))
    seen = mark_of_issue(get_issue(issue.code))
    with transaction():
        change_issue(code=issue.code, seen=seen, facts=facts, by=BY, at=at)
    changed = get_issue(issue.code)
    assert (changed.subject, changed.words_en) == ("Tháng chạp", "New.")
    assert [each.article_id for each in changed.items] == [other.id, one.id]
    with pytest.raises(IssueChanged), transaction():
        change_issue(code=issue.code, seen=seen, facts=replace(facts, subject="Sau"), by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        change_issue(code=issue.code, seen=mark_of_issue(changed), facts=replace(facts, articles=()), by=BY, at=at)
    producer = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        discard_issue(code=issue.code, by=producer, at=at)
    kept = get_issue(issue.code)
    assert (kept.subject, len(kept.items)) == ("Tháng chạp", 2)
    with transaction():
        discard_issue(code=issue.code, by=BY, at=at)
    assert (count_issues(), db.session.scalar(select(IssueItem.position))) == (0, None)


def test_what_was_sent_stays(app: Flask, at: datetime) -> None:
    article = make_article(at=at)
    issue = make_issue(article, at=at)
    with transaction():
        send_issue(code=issue.code, by=BY, at=at)
    facts = IssueFacts("Khác", "Other", articles=(article.slug,))
    with pytest.raises(SentAlready), transaction():
        change_issue(code=issue.code, seen=mark_of_issue(get_issue(issue.code)), facts=facts, by=BY, at=at)
    with pytest.raises(SentAlready), transaction():
        discard_issue(code=issue.code, by=BY, at=at)
    assert [each.subject for each in list_issues()] == ["Phiên tháng 12"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"subject": " "}, "subject"),
        ({"subject_en": ""}, "subject_en"),
        ({"words_en": "x" * 4_001}, "words"),
        ({"articles": ()}, "articles"),
        ({"articles": ("khong-co",)}, "articles"),
    ],
)
def test_what_will_not_do_is_told_by_field(app: Flask, at: datetime, said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_issue(make_article(at=at), at=at, **said)
    assert set(refused.value.fields) == {wrong}
    assert db.session.scalar(select(Issue.id)) is None


def test_what_was_taken_off_is_not_sent_and_only_the_province_sends(app: Flask, at: datetime) -> None:
    article, draft = make_article(at=at), make_article(at=at, out=False)
    with pytest.raises(Invalid):
        make_issue(draft, at=at)
    issue = make_issue(article, at=at)
    producer = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        send_issue(code=issue.code, by=producer, at=at)
    with pytest.raises(Forbidden), transaction():
        write_issue(facts=IssueFacts("x", "y", articles=(article.slug,)), by=producer, at=at)
    with transaction():
        withdraw_article(slug=article.slug, by=BY, at=at)
    with pytest.raises(ArticleGone), transaction():
        send_issue(code=issue.code, by=BY, at=at)
    with pytest.raises(NotFound):
        get_issue("BT00000000")
    assert get_issue(issue.code).sent_at is None
