"""Letters about a verification, to everyone who acts for the producer; about its account, to who knew of the former."""

from collections.abc import Iterable
from datetime import datetime

from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import people_of
from marketplace.people.verification.models import BankAccount
from marketplace.platform.core.ids import token_hash
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose


def told(producer: Producer, *, verb: str, remark: str = "", paper: Paper | None = None, at: datetime) -> None:
    """Tell the producer's people what the office decided."""
    for user in people_of(producer.id):
        letter = compose("producer-checked", user.language, producer=producer, verb=verb, remark=remark, paper=paper)
        key = f"producer:{producer.slug}:{verb}:{at.isoformat()}:{paper.code if paper else ''}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def account(
    producer: Producer, *, verb: str, account: BankAccount, also: Iterable[str], remark: str = "", at: datetime
) -> None:
    """Tell the producer's people, and the addresses that knew of the account before, of another account."""
    languages = dict.fromkeys(also, "vi") | {user.email: user.language for user in people_of(producer.id)}
    for email, language in sorted(languages.items()):
        letter = compose("account-changed", language, producer=producer, verb=verb, account=account, remark=remark)
        key = f"account:{producer.slug}:{verb}:{at.isoformat()}:{token_hash(email)[:12]}"
        post(key=key, to=email, letter=letter, at=at)
