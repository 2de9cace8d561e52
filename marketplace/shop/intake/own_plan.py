"""A file of a producer's own goods planned: each change told cell by cell, each bad cell with its reason. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Finding, Progress, Row, Weight
from marketplace.shop.intake.own_columns import EMPTY_CELL, OF_LISTING, READERS, BadCell, Value, shown, text_of
from marketplace.shop.pricing.rules import Tier, check_tiers

MOST_VARIANTS = 20
A_STEP = 250
CHANGE = N_("%(old)s → %(new)s")
CLAIM = N_("%(old)s → %(new)s (chờ tỉnh xem; đến lúc đó khách vẫn thấy chữ cũ)")
SPARE: Mapping[str, Value] = {"least_quantity": 1, "active": True, "tiers": (), "label_en": ""}  # of a new variant
KEPT_WHERE_EMPTY = frozenset({"stock", "active"})
MEASURED = ("net_quantity", "net_unit")  # said of a new variant alone


@dataclass(frozen=True)
class OwnListing:
    """A listing as it stands: its texts by column, and whether others see it."""

    id: int
    slug: str
    shown: bool
    service: bool
    texts: Mapping[str, str]


@dataclass(frozen=True)
class OwnVariant:
    """A variant as it stands, by column. `stock` is what is on hand, in so many `batches` that are not empty."""

    id: int
    sku: str
    listing: OwnListing
    values: Mapping[str, Value]
    batches: int
    batch_id: int | None  # the one its units lie in


@dataclass
class OwnShelf:
    """All goods of one producer."""

    listings: dict[str, OwnListing] = field(default_factory=dict)
    variants: dict[str, OwnVariant] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What a row makes of a variant: all its values from now on. `known` is None for a new one."""

    line: int
    listing: OwnListing
    known: OwnVariant | None
    values: Mapping[str, Value]
    columns: frozenset[str]  # those that change


@dataclass
class OwnPlan:
    """What a file does."""

    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # by listing, its columns that change
    same: int = 0

    @property
    def summary(self) -> dict[str, int]:
        return {
            "changed": sum(change.known is not None for change in self.changes),
            "new_variants": sum(change.known is None for change in self.changes),
            "texts": len(self.texts),
            "known": self.same,
        }


def plan_own(rows: Sequence[Row], shelf: OwnShelf, *, progress: Progress) -> OwnPlan:
    """Plan every row in the file's order against the goods as they stand."""
    plan, reader = OwnPlan(), _Reader(shelf)
    for done, row in enumerate(rows, start=1):
        findings, change = reader.read(row)
        plan.findings += findings
        if change is not None:
            plan.changes.append(change)
        elif not any(f.weight is Weight.BAD for f in findings):
            plan.same += 1
        if done % A_STEP == 0:
            progress(done)
    plan.texts = reader.texts
    plan.findings += _crowded(plan, shelf)
    return plan


def _crowded(plan: OwnPlan, shelf: OwnShelf) -> list[Finding]:
    """The rows that leave a listing with too many variants on sale, or one that others see with none."""
    active = dict.fromkeys(shelf.listings, 0)
    for variant in shelf.variants.values():
        active[variant.listing.slug] += bool(variant.values["active"])
    touched: dict[str, Change] = {}
    for change in plan.changes:
        before = bool(change.known.values["active"]) if change.known else False
        step = int(bool(change.values["active"])) - int(before)
        active[change.listing.slug] += step
        if step:
            touched[change.listing.slug] = change
    found = []
    for slug, change in touched.items():
        if active[slug] > MOST_VARIANTS:
            found.append(Finding(change.line, "sku", Weight.BAD, N_("Nhiều nhất 20 quy cách một trang.")))
        if active[slug] == 0 and change.listing.shown:
            reason = N_("Trang đang hiện cần ít nhất một quy cách. Hãy tạm ngừng bán trước.")
            found.append(Finding(change.line, "active", Weight.BAD, reason))
    return found


class _Reader:
    """Reads rows, and remembers what earlier ones said of the same variant and the same listing."""

    def __init__(self, shelf: OwnShelf) -> None:
        self.shelf = shelf
        self.texts: dict[str, dict[str, str]] = {}
        self._lines: dict[str, int] = {}  # of a SKU
        self._said: dict[tuple[str, str], tuple[int, str]] = {}  # of a listing's column: the line, and what

    def read(self, row: Row) -> tuple[list[Finding], Change | None]:
        try:
            known, listing = self._whose(row)
        except BadCell as bad:
            return [_bad(row.line, bad)], None
        given, findings = self._given(row)
        findings += self._texts(row.line, listing, given)
        values: dict[str, Value] = dict(known.values) if known else {name: SPARE.get(name) for name in READERS}
        changed = set()
        passed_over = {*OF_LISTING, *(MEASURED if known else ())}
        for column, value in given.items():
            if column in passed_over or (value is None and column in KEPT_WHERE_EMPTY):
                continue
            if values[column] != value:
                if known:
                    facts = {"old": shown(values[column]) or "–", "new": shown(value) or "–"}
                    findings.append(Finding(row.line, column, Weight.NOTE, CHANGE, facts))
                values[column] = value
                changed.add(column)
        if known and not changed:
            return findings, None
        wrong = {f.column for f in findings if f.weight is Weight.BAD}
        findings += [f for f in _judged(row.line, known, listing, values, changed) if f.column not in wrong]
        if any(f.weight is Weight.BAD for f in findings):
            return [f for f in findings if f.weight is Weight.BAD], None
        if known is None:
            made = {"listing": listing.slug, "label": shown(values["label"]), "price": shown(values["price_vnd"])}
            reason = N_("Quy cách mới của trang %(listing)s: %(label)s, giá %(price)s.")
            findings.append(Finding(row.line, "sku", Weight.NOTE, reason, made))
        return findings, Change(row.line, listing, known, values, frozenset(changed))

    def _whose(self, row: Row) -> tuple[OwnVariant | None, OwnListing]:
        """The variant a row speaks of, None for a new one, and its listing."""
        sku, slug = text_of(row.cells.get("sku", "")), text_of(row.cells.get("listing", ""))
        if not sku:
            if slug not in self.shelf.listings:
                raise BadCell("listing", N_("Không có trang bán này trong hàng của bạn: %(slug)s."), slug=slug or "–")
            return None, self.shelf.listings[slug]
        known = self.shelf.variants.get(sku)
        if known is None:
            raise BadCell("sku", N_("Không có mã này trong hàng của bạn: %(sku)s."), sku=sku[:40])
        if slug and slug != known.listing.slug:
            raise BadCell("listing", N_("Mã này thuộc trang bán %(slug)s."), slug=known.listing.slug)
        first = self._lines.setdefault(sku, row.line)
        if first != row.line:
            raise BadCell("sku", N_("Mã này đã ở dòng %(line)s."), line=first)
        return known, known.listing

    def _given(self, row: Row) -> tuple[dict[str, Value], list[Finding]]:
        given: dict[str, Value] = {}
        findings = []
        for column, read in READERS.items():
            if column in row.cells:
                try:
                    given[column] = read(row.cells[column])
                except BadCell as bad:
                    findings.append(_bad(row.line, bad))
        return given, findings

    def _texts(self, line: int, listing: OwnListing, given: Mapping[str, Value]) -> list[Finding]:
        """What a row says of its listing: said twice it is the same, or it is bad."""
        findings = []
        for column in OF_LISTING:
            if column not in given:
                continue
            text = str(given[column])
            first, said = self._said.setdefault((listing.slug, column), (line, text))
            if said != text:
                reason = N_("Dòng %(line)s ghi khác cho cùng trang bán.")
                findings.append(Finding(line, column, Weight.BAD, reason, {"line": first}))
            elif column == "summary" and not text and listing.shown:
                findings.append(Finding(line, column, Weight.BAD, EMPTY_CELL))
            elif first == line and text != listing.texts[column]:
                facts = {"old": listing.texts[column] or "–", "new": text or "–"}
                reason = CLAIM if listing.shown else CHANGE
                findings.append(Finding(line, column, Weight.NOTE, reason, facts))
                self.texts.setdefault(listing.slug, {})[column] = text
        return findings


def _bad(line: int, bad: BadCell) -> Finding:
    return Finding(line, bad.column, Weight.BAD, bad.reason, bad.facts)


def _judged(
    line: int, known: OwnVariant | None, listing: OwnListing, values: Mapping[str, Value], changed: set[str]
) -> list[Finding]:
    """What is wrong with a variant as a whole."""
    found = []

    def bad(column: str, reason: str, **facts: object) -> None:
        found.append(Finding(line, column, Weight.BAD, reason, facts))

    for column in ("label", "price_vnd"):
        if values[column] is None:
            bad(column, EMPTY_CELL)
    if (values["weight_g"] is None) != listing.service:
        bad("weight_g", N_("Hàng hóa cần khối lượng gửi; dịch vụ thì không."))
    if listing.service and (values["low_at"] is not None or values["tiers"] or "stock" in changed):
        bad("stock", N_("Dịch vụ không có kho, mức báo và giá sỉ."))
    least, most = values["least_quantity"], values["most_quantity"]
    if isinstance(least, int) and isinstance(most, int) and most < least:
        bad("most_quantity", N_("Mua nhiều nhất phải từ số ít nhất đến 999."))
    if known is None:
        found += _unmeasured(line, listing, values)
    if known is not None and "stock" in changed and known.batches > 1:
        bad("stock", N_("Món này có nhiều lô. Hãy kiểm từng lô ở trang kho."))
    return found + _mispriced(line, values)


def _unmeasured(line: int, listing: OwnListing, values: Mapping[str, Value]) -> list[Finding]:
    if (values["net_quantity"] is None) != (values["net_unit"] is None):
        return [Finding(line, "net_quantity", Weight.BAD, N_("Lượng tịnh gồm cả số và đơn vị."))]
    if listing.shown and not listing.service and values["net_quantity"] is None:
        reason = N_("Nhập lượng tịnh: người mua cần biết được bao nhiêu.")
        return [Finding(line, "net_quantity", Weight.BAD, reason)]
    return []


def _mispriced(line: int, values: Mapping[str, Value]) -> list[Finding]:
    price, tiers = values["price_vnd"], values["tiers"]
    if not isinstance(price, int) or not isinstance(tiers, tuple):
        return []
    try:
        check_tiers(tiers, retail=Money(price))
    except Invalid as invalid:
        return [Finding(line, "tiers", Weight.BAD, reason) for reason in dict.fromkeys(invalid.fields.values())]
    return []


def tiers_in(values: Mapping[str, Value]) -> tuple[Tier, ...]:
    """The wholesale prices among these values."""
    tiers = values["tiers"]
    return tiers if isinstance(tiers, tuple) else ()
