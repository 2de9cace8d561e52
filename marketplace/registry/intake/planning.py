"""The whole file against the register: what would be made, what is known already, what is bad. Pure.

A reference is the number of a row of the register, or -n for the n-th thing that the file makes new.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.folding import fold
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Finding, Progress, Row, Weight
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.intake.rules import CertificateRow, read_row

A_STEP = 500  # rows between two tellings of the progress

Granted = tuple[int, int]  # product and decision


@dataclass(frozen=True)
class KnownCertificate:
    """A certificate of the register, or one that the file makes (code and decision_id then empty)."""

    product_id: int
    decision_id: int
    code: str
    issued_on: date
    expires_on: date
    stars: int
    score: Decimal | None
    printed_number: str | None


@dataclass(frozen=True)
class KnownProducer:
    id: int
    kind: ProducerKind
    verified: bool


@dataclass(frozen=True)
class KnownProduct:
    id: int
    code: str
    set_code: str


@dataclass
class Register:
    """What the plan needs of the register, by the keys that a file's rows are matched by."""

    communes: Mapping[str, int]
    producers: dict[tuple[str, int], KnownProducer] = field(default_factory=dict)  # folded name, commune
    products: dict[tuple[int, str], KnownProduct] = field(default_factory=dict)  # producer, folded name
    decisions: dict[tuple[str, str, date], tuple[int, AuthorityLevel]] = field(default_factory=dict)
    certificates: dict[int, list[KnownCertificate]] = field(default_factory=dict)  # by product
    printed: set[str] = field(default_factory=set)
    seen: str = ""


@dataclass(frozen=True)
class NewProducer:
    name: str
    kind: ProducerKind
    commune_id: int


@dataclass(frozen=True)
class NewProduct:
    name: str
    set_code: str
    producer: int


@dataclass(frozen=True)
class NewDecision:
    authority: str
    level: AuthorityLevel
    number: str
    issued_on: date


@dataclass(frozen=True)
class NewCertificate:
    row: CertificateRow
    product: int
    decision: int


@dataclass
class Plan:
    """What a file does to the register."""

    findings: list[Finding] = field(default_factory=list)
    producers: list[NewProducer] = field(default_factory=list)
    products: list[NewProduct] = field(default_factory=list)
    decisions: list[NewDecision] = field(default_factory=list)
    certificates: list[NewCertificate] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("known", "renewed", "raised", "lowered"), 0))

    @property
    def summary(self) -> dict[str, int]:
        """How many things of each kind are made, and how many rows are in the register already."""
        made = {
            "producers": len(self.producers),
            "products": len(self.products),
            "decisions": len(self.decisions),
            "certificates": len(self.certificates),
        }
        return {**made, **self.counts}


def plan_certificates(rows: Sequence[Row], register: Register, *, today: date, progress: Progress) -> Plan:
    """Plan every row in the file's order; one that is bad makes nothing."""
    planner = _Planner(register)
    for done, row in enumerate(rows, start=1):
        read, findings = read_row(row, communes=register.communes, today=today)
        planner.plan.findings += findings
        if read is not None:
            planner.take(read)
        if done % A_STEP == 0:
            progress(done)
    planner.compare()
    planner.plan.findings.sort(key=lambda f: f.line)
    return planner.plan


class _Planner:
    def __init__(self, register: Register) -> None:
        self.register = register
        self.plan = Plan()
        self.producers: dict[tuple[str, int], int] = {}
        self.products: dict[tuple[int, str], int] = {}
        self.decisions: dict[tuple[str, str, date], tuple[int, AuthorityLevel]] = {}
        self.lines: dict[Granted, int] = {}
        self.printed: dict[str, int] = {}

    def take(self, row: CertificateRow) -> None:
        """Plan one sound row."""
        decision, level = self._decision(row)
        if level is not row.level:
            self._say(row, "authority", Weight.BAD, N_("Quyết định này đã được nhập với cấp ban hành khác."))
            return
        product = self._product(row, self._producer(row))
        granted = (product, decision)
        earlier = self.lines.setdefault(granted, row.line)
        if earlier != row.line:
            reason = N_("Trùng với dòng %(line)s: cùng sản phẩm và cùng quyết định.")
            self._say(row, "product_name", Weight.BAD, reason, line=earlier)
            return
        known = [c for c in self.register.certificates.get(product, ()) if c.decision_id == decision]
        if known:
            self._recognise(row, known[0])
            return
        self._mind_number(row)
        self.plan.certificates.append(NewCertificate(row, product, decision))

    def compare(self) -> None:
        """Name what each new certificate takes the place of: raised, lowered, or renewed with the same stars."""
        by_product: dict[int, list[tuple[date, int, NewCertificate | KnownCertificate]]] = {}
        for new in self.plan.certificates:
            by_product.setdefault(new.product, []).append((new.row.issued_on, 1, new))
        for product, certificates in by_product.items():
            certificates += [(c.issued_on, 0, c) for c in self.register.certificates.get(product, ())]
            certificates.sort(key=lambda each: each[:2])
            for (_, _, before), (_, _, after) in itertools.pairwise(certificates):
                if isinstance(after, NewCertificate):
                    self._tell_change(
                        after.row, before.row.stars if isinstance(before, NewCertificate) else before.stars
                    )

    def _tell_change(self, row: CertificateRow, before: int) -> None:
        if row.stars > before:
            kind, reason = "raised", N_("Nâng sao: %(before)s sao thành %(after)s sao; giấy trước được thay.")
        elif row.stars < before:
            kind, reason = "lowered", N_("Hạ sao: %(before)s sao còn %(after)s sao; giấy trước được thay.")
        else:
            kind, reason = "renewed", N_("Cấp lại %(after)s sao; giấy trước được thay.")
        self.plan.counts[kind] += 1
        weight = Weight.WARNING if kind == "lowered" else Weight.NOTE
        self._say(row, "stars", weight, reason, before=before, after=row.stars)

    def _decision(self, row: CertificateRow) -> tuple[int, AuthorityLevel]:
        key = (fold(row.authority), fold(row.decision_number), row.issued_on)
        known = self.register.decisions.get(key) or self.decisions.get(key)
        if known is None:
            new = NewDecision(row.authority, row.level, row.decision_number, row.issued_on)
            self.plan.decisions.append(new)
            known = self.decisions[key] = (-len(self.plan.decisions), row.level)
        return known

    def _producer(self, row: CertificateRow) -> int:
        commune = self.register.communes[row.commune_code]
        key = (fold(row.producer_name), commune)
        known = self.register.producers.get(key)
        if known is not None:
            if known.kind is not row.producer_kind:
                self._say(
                    row, "producer_kind", Weight.WARNING, N_("Sổ ghi nơi làm này là loại khác; giữ như trong sổ.")
                )
            return known.id
        if key not in self.producers:
            self.plan.producers.append(NewProducer(row.producer_name, row.producer_kind, commune))
            self.producers[key] = -len(self.plan.producers)
            self._say(
                row, "producer_name", Weight.NOTE, N_("Nơi làm mới, chưa xác minh: chưa bán được cho đến khi xác minh.")
            )
        return self.producers[key]

    def _product(self, row: CertificateRow, producer: int) -> int:
        key = (producer, fold(row.product_name))
        known = self.register.products.get(key)
        if known is not None:
            if known.set_code != row.set_code:
                reason = N_("Sổ ghi sản phẩm này ở bộ %(code)s; giữ như trong sổ.")
                self._say(row, "category_code", Weight.WARNING, reason, code=known.set_code)
            return known.id
        if key not in self.products:
            self.plan.products.append(NewProduct(row.product_name, row.set_code, producer))
            self.products[key] = -len(self.plan.products)
        return self.products[key]

    def _recognise(self, row: CertificateRow, known: KnownCertificate) -> None:
        """The same certificate again: skipped where it says the same, bad where it says another thing."""
        differing = [
            (column, here, there)
            for column, here, there in (
                ("certificate_number", row.printed_number, known.printed_number),
                ("expires_on", row.expires_on, known.expires_on),
                ("stars", row.stars, known.stars),
                ("score", row.score, known.score),
            )
            if here != there
        ]
        for column, _, there in differing:
            reason = N_("Chứng nhận %(code)s đã có trong sổ và ghi khác: %(there)s.")
            self._say(row, column, Weight.BAD, reason, code=known.code, there="–" if there is None else str(there))
        if not differing:
            self.plan.counts["known"] += 1
            self._say(row, "certificate_number", Weight.NOTE, N_("Đã có trong sổ (%(code)s), bỏ qua."), code=known.code)

    def _mind_number(self, row: CertificateRow) -> None:
        earlier = self.printed.setdefault(row.printed_number, row.line)
        if earlier != row.line:
            reason = N_("Số in trên giấy trùng với dòng %(line)s.")
            self._say(row, "certificate_number", Weight.WARNING, reason, line=earlier)
        elif row.printed_number in self.register.printed:
            self._say(
                row, "certificate_number", Weight.WARNING, N_("Số in trên giấy này đã có trong sổ cho giấy khác.")
            )

    def _say(self, row: CertificateRow, column: str, weight: Weight, reason: str, **facts: object) -> None:
        self.plan.findings.append(Finding(row.line, column, weight, reason, facts))
