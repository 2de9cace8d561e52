"""Three lists laid beside each other: what we hold, what providers and carriers hold, what the bank shows. Pure.

Every row ends in exactly one case, and every case in exactly one bucket. Rows are tied by what they name (a charge, a
refund, a part, an order); money on its way to the bank by the payout that carries it, and that payout by the bank's
row. Nothing is called missing before the other list reaches the day on which it should be there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.platform.core.money import Money
from marketplace.shop.bank.rules import squeezed
from marketplace.shop.reconciliation.rows import QUIET, Bucket, Case, Kind, Row, Side, Way
from marketplace.shop.settlements.rules import Credit, Expected, near, pair

YOUNG = timedelta(days=2)  # so long one list may be behind another
LATE = timedelta(days=7)  # a payout is at the bank by then
LONG = timedelta(days=35)  # nobody holds on to money for longer
SIDES = tuple(Side)
TO_BANK = ((Side.PROVIDER, Kind.PAYOUT), (Side.PROVIDER, Kind.PAYOUT_FAILED), (Side.BANK, Kind.PAYOUT))
Carrier = tuple[Way, str]  # a payout: of which way, and its name


@dataclass(frozen=True)
class Known:
    """Today, and to which day the lists reach; None where nothing was ever read. `words`: as whom providers pay out."""

    today: date
    provider: date | None = None
    bank: date | None = None
    words: tuple[str, ...] = ()

    def behind(self, side: Side, on: date, patience: timedelta) -> bool:
        """Whether a list does not reach so far that a row would have to be in it."""
        reaches = {Side.HERE: self.today, Side.PROVIDER: self.provider, Side.BANK: self.bank}[side]
        return reaches is None or on + patience >= reaches


def reconcile(here: Iterable[Row], provider: Iterable[Row], bank: Iterable[Row], known: Known) -> list[Case]:
    """The cases of three lists, by day and name. No row is in two, none is left out."""
    desk = _Desk(known)
    payouts: list[Row] = []
    loose: list[Row] = []
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in _once(sorted((*here, *provider, *bank), key=_order), desk):
        if row.through and row.net is not None:
            desk.carried[row.way, row.through].append(row.net)
        if (row.side, row.kind) in TO_BANK:
            payouts.append(row)
        elif row.side is Side.BANK and row.kind is Kind.TRANSFER and not row.key:
            loose.append(row)
        else:
            groups[row.way, TOLD_WITH.get(row.kind, row.kind), row.key or row.name].append(row)
    loose = _payouts(payouts, loose, desk)
    for group in groups.values():
        (_transfer if group[0].way is Way.TRANSFER else _carried)(group, desk)
    for row in loose:
        _loose(row, desk)
    return sorted(desk.cases, key=lambda case: (case.on, _order(case.rows[0])))


def explain(cases: Iterable[Case], words: Mapping[tuple[str, str], str]) -> list[Case]:
    """Cases of which somebody has said why they are in order, with these figures, go to the explained."""
    found = []
    for case in cases:
        said = "" if case.bucket in QUIET else words.get((case.name, case.figures), "")
        found.append(Case(Bucket.EXPLAINED, case.rows, said) if said else case)
    return found


def alarms(cases: Iterable[Case]) -> dict[Bucket, int]:
    """How many cases somebody must look at, by bucket."""
    found: dict[Bucket, int] = defaultdict(int)
    for case in cases:
        if case.bucket not in QUIET:
            found[case.bucket] += 1
    return {bucket: found[bucket] for bucket in Bucket if bucket in found}


TOLD_WITH = {Kind.REFUND_FAILED: Kind.REFUND}


@dataclass
class _Desk:
    """What is being sorted: cases found so far, what payouts carry, which are known, which are at the bank."""

    known: Known
    cases: list[Case] = field(default_factory=list)
    carried: dict[Carrier, list[Money]] = field(default_factory=lambda: defaultdict(list))
    payouts: set[Carrier] = field(default_factory=set)
    arrived: set[Carrier] = field(default_factory=set)

    def put(self, bucket: Bucket, *rows: Row) -> None:
        """One case more, ours first."""
        self.cases.append(Case(bucket, tuple(sorted(rows, key=lambda row: (SIDES.index(row.side), _order(row))))))

    def waits(self, missing: Bucket, *rows: Row, behind: bool = True) -> None:
        """Rows that another list does not have: on their way as long as it is behind, but never for too long."""
        if behind:
            missing = Bucket.OVERDUE if rows[0].on + LONG < self.known.today else Bucket.ON_THE_WAY
        self.put(missing, *rows)

    def ends(self, carried: Row, *rows: Row) -> None:
        """Rows that agree: matched once what carries them is at the bank. A payout that is late has its own case."""
        payout = (carried.way, carried.through)
        if payout in self.arrived:
            self.put(Bucket.MATCHED, *rows)
        elif payout in self.payouts:
            self.put(Bucket.ON_THE_WAY, *rows)
        else:
            self.waits(Bucket.OVERDUE, *rows)


def _order(row: Row) -> tuple[date, str, str, str, str, str]:
    """By day and name, and of one name told twice by all it says: the order the lists came in decides nothing."""
    return row.on, row.side, row.way, row.kind, row.name, repr(row)


def _once(rows: Sequence[Row], desk: _Desk) -> list[Row]:
    """The rows, each name of a list once: one that is there already was told twice."""
    found: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        name = (row.side, row.way, row.kind, row.name)
        if name in found:
            desk.put(Bucket.TWICE, row)
        else:
            found[name] = row
    return list(found.values())


def _payouts(rows: Sequence[Row], loose: list[Row], desk: _Desk) -> list[Row]:
    """Payouts beside the bank's rows; answers the bank's rows that are none."""
    groups: dict[Carrier, list[Row]] = defaultdict(list)
    for row in rows:
        group = groups[row.way, row.key]
        if row.kind is Kind.PAYOUT and any((row.side, row.kind) == (each.side, each.kind) for each in group):
            desk.put(Bucket.TWICE, row)
        else:
            group.append(row)
    desk.payouts = set(groups)
    at_bank = _found(groups, loose)
    for payout, group in groups.items():
        _payout(group + at_bank.get(payout, []), desk)
    for row in rows:  # what failed is at the bank once what it was paid out again with is
        if row.kind is Kind.PAYOUT_FAILED and (row.way, row.through) in desk.arrived:
            desk.arrived.add((row.way, row.key))
    taken = {row.name for found in at_bank.values() for row in found}
    return [row for row in loose if row.name not in taken]


def _found(groups: Mapping[Carrier, list[Row]], loose: Sequence[Row]) -> dict[Carrier, list[Row]]:
    """Which unclaimed rows of the bank are payouts: the same amount first, then what speaks of one and differs."""
    found: dict[Carrier, list[Row]] = {}
    left = {row.name: row for row in loose}
    for way in Way:
        waiting = [
            Expected(row.key, row.amount, row.on, row.says, row.numbers[0] if row.numbers else "")
            for (of, _), group in groups.items()
            for row in group
            if of is way and len(group) == 1 and row.kind is Kind.PAYOUT and row.side is Side.PROVIDER
        ]
        same = pair(waiting, _credits(left))
        claimed = set(same.values())
        rest = [each for each in waiting if each.name not in same]
        same |= near(rest, [each for each in _credits(left) if each.name not in claimed])
        found |= {(way, name): [left.pop(code)] for name, code in same.items()}
    return found


def _credits(rows: Mapping[str, Row]) -> list[Credit]:
    return [Credit(row.name, row.amount, row.on, row.note, row.numbers) for row in rows.values()]


def _payout(group: Sequence[Row], desk: _Desk) -> None:
    paid = [row for row in group if row.side is Side.PROVIDER and row.kind is Kind.PAYOUT]
    back = [row for row in group if row.kind is Kind.PAYOUT_FAILED]
    came = [row for row in group if row.side is Side.BANK]
    if not paid:
        desk.put(Bucket.MISSING_THERE, *group)
        return
    first = paid[0]
    carried = desk.carried.get((first.way, first.key), [])
    if came:
        desk.arrived.add((first.way, first.key))
    if back:
        undone = not came and first.amount.amount + sum(row.amount.amount for row in back) == 0
        if undone:
            desk.payouts.discard((first.way, first.key))  # what it carried waits for another
        desk.put(Bucket.MATCHED if undone else Bucket.AMOUNT_DIFFERS, first, *back, *came)
    elif carried and first.net is not None and sum(each.amount for each in carried) != first.net.amount:
        desk.put(Bucket.SUM_DIFFERS, first, *came)
    elif not came:
        desk.waits(Bucket.MISSING_THERE, first, behind=desk.known.behind(Side.BANK, first.on, LATE))
    else:
        same = came[0].amount == first.amount or came[0].amount.currency != first.amount.currency
        desk.put(Bucket.MATCHED if same else Bucket.AMOUNT_DIFFERS, first, *came)


def _carried(group: Sequence[Row], desk: _Desk) -> None:
    """Money by a provider or carrier: ours beside theirs, kind by kind."""
    here = [row for row in group if row.side is Side.HERE]
    failed = [row for row in group if row.kind is Kind.REFUND_FAILED]
    if failed and not here and not sum(row.amount.amount for row in group):
        desk.put(Bucket.MATCHED, *group)  # it went out and came back
        return
    for kind in dict.fromkeys(row.kind for row in group):
        theirs = [row for row in group if row.side is not Side.HERE and row.kind is kind]
        _beside([row for row in here if row.kind is kind], theirs, desk)


def _beside(here: Sequence[Row], theirs: Sequence[Row], desk: _Desk) -> None:
    ours, left = list(here), list(theirs)
    for row in here:
        mate = next((each for each in left if each.amount == row.amount), None)
        if mate is not None:
            ours.remove(row)
            left.remove(mate)
            _agree(row, mate, desk)
    while ours and left:
        desk.put(Bucket.AMOUNT_DIFFERS, ours.pop(0), left.pop(0))
    for row in ours + left:
        if here and theirs:
            desk.put(Bucket.TWICE, row)
        else:
            _alone(row, desk)


def _agree(ours: Row, theirs: Row, desk: _Desk) -> None:
    if ours.fee is not None and theirs.fee is not None and ours.fee != theirs.fee:
        desk.put(Bucket.FEE_DIFFERS, ours, theirs)
    else:
        desk.ends(theirs, ours, theirs)


def _alone(row: Row, desk: _Desk) -> None:
    """A row that only one list has. Cash waits with its carrier; a fee needs nobody's word but the provider's."""
    if row.kind is Kind.FEE:
        desk.ends(row, row)
    elif row.side is Side.HERE and row.kind is Kind.CASH:
        desk.waits(Bucket.OVERDUE, row)
    elif row.side is Side.HERE:
        desk.waits(Bucket.MISSING_THERE, row, behind=desk.known.behind(Side.PROVIDER, row.on, YOUNG))
    elif row.kind is Kind.OTHER:
        desk.put(Bucket.MISSING_HERE, row)
    else:
        desk.waits(Bucket.MISSING_HERE, row, behind=desk.known.behind(Side.HERE, row.on, YOUNG))


def _transfer(group: Sequence[Row], desk: _Desk) -> None:
    """Orders paid by transfer beside the pieces of transfers that were given to them."""
    ours = sum(row.amount.amount for row in group if row.side is Side.HERE)
    bank = sum(row.amount.amount for row in group if row.side is Side.BANK)
    sides = {row.side for row in group}
    if group[0].kind is Kind.SENT_BACK or ours == bank:
        desk.put(Bucket.MATCHED, *group)
    elif len(sides) > 1:
        desk.put(Bucket.AMOUNT_DIFFERS, *group)
    else:
        desk.put(Bucket.MISSING_THERE if Side.HERE in sides else Bucket.MISSING_HERE, *group)


def _loose(row: Row, desk: _Desk) -> None:
    """What came to the bank and nobody has claimed. A payout may be there before the provider's books tell of it."""
    note = squeezed(row.note)
    told = any(squeezed(word) in note for word in desk.known.words)
    if row.double:
        desk.put(Bucket.TWICE, row)
    elif told and desk.known.behind(Side.HERE, row.on, YOUNG):
        desk.put(Bucket.ON_THE_WAY, row)
    else:
        desk.put(Bucket.UNKNOWN_BANK_ROW, row)
