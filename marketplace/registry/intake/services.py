"""A certificates file made ready outside any block, and written whole in one short block."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Table, func, insert, select

from marketplace.people.accounts.models import Organisation, OrganisationKind
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed_all
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import Model, db
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.folding import slugify
from marketplace.platform.core.ids import random_code
from marketplace.platform.imports.rules import ChangedMeanwhile, Checked, Column, Progress, Row, Work
from marketplace.platform.imports.services import hold_still
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.certification.policies import KEEP_REGISTER
from marketplace.registry.intake.planning import Plan, plan_certificates
from marketplace.registry.intake.queries import Taken, load_register, register_state, taken_slugs
from marketplace.registry.intake.rules import COLUMNS

CERTIFICATES = "certificates"  # the kind of these files
TABLES = "producers, products, decisions, certificates"  # in the order in which the register's verbs write them


@dataclass(frozen=True)
class CertificatesImporter:
    """The importer of certificates for one province."""

    province_code: str

    @property
    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Plan the file against the register as it stands. Raises Forbidden where `by` does not keep it."""
        if not KEEP_REGISTER.held_by(by):
            raise Forbidden
        register = load_register(self.province_code, by=by)
        plan = plan_certificates(rows, register, today=day_of(at), progress=progress)
        checked = Checked(plan.findings, plan.summary, register.seen)
        named = _named(plan, taken_slugs())
        return Work(checked, partial(write_plan, plan, named, register.seen, by=by, at=at))


@dataclass(frozen=True)
class Named:
    """The slugs and codes of what a plan makes, drawn before the block opens."""

    producers: list[str]
    organisations: list[str]
    products: list[tuple[str, str]]  # code, slug
    certificates: list[str]


def _named(plan: Plan, taken: Taken) -> Named:
    producers = [p.name for p in plan.producers]
    products = _slugs([p.name for p in plan.products], taken.products)
    return Named(
        _slugs(producers, taken.producers),
        _slugs(producers, taken.organisations),
        [(f"SP{random_code(8)}", slug) for slug in products],
        [f"CN{random_code(8)}" for _ in plan.certificates],
    )


def _slugs(names: Sequence[str], taken: set[str]) -> list[str]:
    """Free slugs for these names, in their order."""
    tries: Counter[str] = Counter()
    found = []
    for name in names:
        slug = base = slugify(name)
        while slug in taken:
            tries[base] += 1
            slug = f"{base}-{tries[base] + 1}"
        taken.add(slug)
        found.append(slug)
    return found


def write_plan(plan: Plan, named: Named, seen: str, *, by: Actor, at: datetime) -> None:
    """Write everything a plan makes in the open block, or raise ChangedMeanwhile and write nothing."""
    if not KEEP_REGISTER.held_by(by):
        raise Forbidden
    hold_still(TABLES)
    if register_state() != seen:
        raise ChangedMeanwhile
    organisations = _insert(
        Organisation,
        [
            {"slug": slug, "kind": OrganisationKind.PRODUCER, "name": p.name, "created_at": at}
            for p, slug in zip(plan.producers, named.organisations, strict=True)
        ],
        "slug",
    )
    producers = _insert(Producer, _producer_rows(plan, named, organisations, at), "slug")
    products = _insert(Product, _product_rows(plan, named, producers, at), "code")
    decisions = _insert(
        Decision,
        [
            {"authority": d.authority, "level": d.level, "number": d.number, "issued_on": d.issued_on, "created_at": at}
            for d in plan.decisions
        ],
        *("authority", "number", "issued_on"),
    )
    _insert(Certificate, _certificate_rows(plan, named, products, decisions, at), "code")
    changed_all("product", (c.product for c in plan.certificates if c.product > 0), at=at)
    record_all(_acts(plan, named), by=by, at=at)


def _insert(model: type[Model], rows: Sequence[Mapping[str, Any]], *key: str) -> list[int]:
    """Insert rows of one table; answers their numbers, in order, found again by their unique `key`.

    Past the ORM, which takes rows with nulls singly, and without RETURNING, which on SQLite takes every row singly.
    """
    if not rows:
        return []
    table = cast("Table", model.__table__)
    last = db.session.scalar(select(func.max(table.c.id))) or 0
    db.session.execute(insert(table), rows)
    named = select(table.c.id, *(table.c[name] for name in key)).where(table.c.id > last)
    numbers = {tuple(row[1:]): row[0] for row in db.session.execute(named)}
    return [numbers[tuple(row[name] for name in key)] for row in rows]


def _made(reference: int, made: Sequence[int]) -> int:
    """The row's number that a plan's reference means."""
    return reference if reference > 0 else made[-reference - 1]


def _producer_rows(plan: Plan, named: Named, organisations: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "organisation_id": organisation,
            "slug": slug,
            "name": p.name,
            "kind": p.kind,
            "commune_id": p.commune_id,
            "contact_name": "",
            "created_at": at,
        }
        for p, slug, organisation in zip(plan.producers, named.producers, organisations, strict=True)
    ]


def _product_rows(plan: Plan, named: Named, producers: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "slug": slug,
            "producer_id": _made(p.producer, producers),
            "name": p.name,
            "set_code": p.set_code,
            "created_at": at,
        }
        for p, (code, slug) in zip(plan.products, named.products, strict=True)
    ]


def _certificate_rows(
    plan: Plan, named: Named, products: Sequence[int], decisions: Sequence[int], at: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "printed_number": c.row.printed_number,
            "product_id": _made(c.product, products),
            "decision_id": _made(c.decision, decisions),
            "stars": c.row.stars,
            "score": c.row.score,
            "potential_five": c.row.potential_five,
            "classification": c.row.granted.classification,
            "set_code": c.row.granted.code,
            "issued_on": c.row.issued_on,
            "expires_on": c.row.expires_on,
            "created_at": at,
        }
        for c, code in zip(plan.certificates, named.certificates, strict=True)
    ]


def _acts(plan: Plan, named: Named) -> list[Act]:
    acts = [Act("producer.created", "producer", slug) for slug in named.producers]
    acts += [Act("product.created", "product", code) for code, _ in named.products]
    for c, code in zip(plan.certificates, named.certificates, strict=True):
        detail = {"stars": c.row.stars, "decision": c.row.decision_number, "line": c.row.line}
        acts.append(Act("certificate.entered", "certificate", code, detail))
    return acts
