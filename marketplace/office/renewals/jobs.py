"""The worker's part: finding who has to be told, making the renewal ready, telling."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import current_app

from marketplace.office.evidence.keeping import PAPER_KIND, keep_evidence
from marketplace.office.renewals.queries import asked_already, find_lapsing, list_lapsing_soon, open_dossier_of
from marketplace.office.renewals.rules import notice_due
from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import people_of
from marketplace.people.verification.queries import is_suspended
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import transaction
from marketplace.platform.core.log import log
from marketplace.platform.jobs.services import enqueue
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.registry.certification.models import Certificate
from marketplace.registry.dossiers.models import Dossier, DossierKind
from marketplace.registry.dossiers.services import attach_paper, start_from_certificate

NOTICE = "certificates.notice"


def watch_certificates(at: datetime) -> int:
    """Ask for a notice wherever one is due and was not asked for yet; answers how many. Called every minute."""
    on = day_of(at)
    due = {
        f"{NOTICE}:{certificate.code}:{days}": {"certificate": certificate.code, "days": days}
        for certificate in list_lapsing_soon(on=on)
        if (days := notice_due(certificate.expires_on, on)) is not None
    }
    known = asked_already(NOTICE, list(due))
    fresh = {key: payload for key, payload in due.items() if key not in known}
    if fresh:
        with transaction():
            for key, payload in fresh.items():
                enqueue(name=NOTICE, key=key, at=at, payload=payload)
    return len(fresh)


class Hold(StrEnum):
    """Why no renewal could be made ready: what the letter says instead."""

    OTHER = "other"  # the product's open dossier is of another kind
    SUSPENDED = "suspended"
    FAILED = "failed"


def give_notice(payload: Mapping[str, Any], at: datetime) -> None:
    """Tell a producer that a certificate will lapse, its renewal made ready from what is known. Repeated, once.

    One that was renewed, revoked or lapsed meanwhile is not spoken of. Where no renewal can be made ready the letter
    goes all the same, and says what holds it.
    """
    certificate = find_lapsing(str(payload["certificate"]), on=day_of(at))
    if certificate is None:
        return
    producer = certificate.product.producer
    dossier, hold = _renewal(certificate, producer, at)
    left = (certificate.expires_on - day_of(at)).days
    letters = [
        (
            user,
            compose(
                "certificate-lapsing", user.language, certificate=certificate, dossier=dossier, hold=hold, left=left
            ),
        )
        for user in people_of(producer.id)
    ]
    with transaction():
        for user, letter in letters:
            key = f"{NOTICE}:{certificate.code}:{payload['days']}:{user.code}"
            post(key=key, to=user.email, letter=letter, at=at)


def _renewal(certificate: Certificate, producer: Producer, at: datetime) -> tuple[Dossier | None, Hold | None]:
    """The product's open dossier, or its renewal made ready; and what holds the renewal, where something does."""
    found = open_dossier_of(certificate.product_id)
    if found is not None:
        return found, None if found.kind is DossierKind.RENEWAL else Hold.OTHER
    if is_suspended(producer):
        return None, Hold.SUSPENDED
    try:
        return _made_ready(certificate, producer, at), None
    except Exception as error:  # whatever it is, the warning must not be lost with it
        log.exception("no renewal made ready", certificate=certificate.code, error=repr(error))
        return None, Hold.FAILED


def _made_ready(certificate: Certificate, producer: Producer, at: datetime) -> Dossier:
    """The renewal dossier: last texts, the vault's papers, and today's evidence of the market."""
    name = current_app.config["SETTINGS"].site_name  # the market itself, in the producer's place
    by = Actor(name=name, role=Role.PRODUCER, organisation_id=producer.organisation_id)
    product = certificate.product
    paper = keep_evidence(product.code, by=by, at=at)
    with transaction():
        dossier = start_from_certificate(product_code=product.code, kind=DossierKind.RENEWAL, by=by, at=at)
        attach_paper(code=dossier.code, requirement=PAPER_KIND, paper_code=paper, by=by, at=at)
    return dossier
