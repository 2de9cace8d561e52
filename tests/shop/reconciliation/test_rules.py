"""Three lists beside each other: every planted fault in its bucket, nothing else; every row in exactly one case."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.money import Money
from marketplace.shop.reconciliation.rows import QUIET, Bucket, Case, Kind, Row, Side, Way
from marketplace.shop.reconciliation.rules import LATE, LONG, Known, alarms, explain, reconcile
from tests.shop.reconciliation.lists import BANK, DAY, HERE, KNOWN, PROVIDER, TODAY, Lists, a_year, row

OLD = TODAY - timedelta(days=20)


def told(lists: Lists, known: Known = KNOWN) -> list[Case]:
    return reconcile(lists.here, lists.provider, lists.bank, known)


def by_bucket(cases: list[Case]) -> dict[str, list[str]]:
    """The names of rows by bucket, but for the quiet ones."""
    found: dict[str, list[str]] = {}
    for case in cases:
        if case.bucket not in QUIET:
            found.setdefault(case.bucket.value, []).append(" ".join(each.name for each in case.rows))
    return found


def test_ten_thousand_rows_with_seven_faults() -> None:
    lists = a_year(2_000)
    assert len(lists.rows) > 10_000
    clean = told(lists)
    assert alarms(clean) == {}
    assert Counter(case.bucket for case in clean)[Bucket.ON_THE_WAY] < 200

    ours = {each.name: each for each in lists.here}
    theirs = {each.name: each for each in lists.provider}
    payout = next(each for each in lists.provider if each.kind is Kind.PAYOUT and each.way is Way.CARD)
    lists.here.append(row(HERE, Way.CARD, Kind.CHARGE, "ch_never", 90_000, OLD))
    lists.drop(ours["ch_300"])
    lists.change(ours["ch_500"], amount=ours["ch_500"].amount + Money(1))
    lists.change(ours["ch_700"], fee=Money(1))
    lists.provider.append(theirs["txn_ch_900"])
    lists.drop(next(each for each in lists.bank if each.name == f"CK{payout.key}"))
    lists.credit("CKNOBODY", 70_000, OLD, note="TRA NO")

    cases = told(lists)
    assert by_bucket(cases) == {
        "missing_there": [payout.name, "ch_never"],
        "missing_here": ["txn_ch_300"],
        "amount_differs": ["ch_500 txn_ch_500"],
        "fee_differs": ["ch_700 txn_ch_700"],
        "twice": ["txn_ch_900"],
        "unknown_bank_row": ["CKNOBODY"],
    }
    assert sum(alarms(cases).values()) == 7
    placed = Counter(id(each) for case in cases for each in case.rows)
    assert placed == Counter(id(each) for each in lists.rows)


def simple() -> Lists:
    """One of each way, all of it at the bank."""
    lists = Lists()
    lists.charge("ch_1", 100_000, 10_900, OLD, "po_1")
    lists.refund("re_1", 20_000, OLD, "po_1")
    lists.payout("po_1", OLD + DAY)
    lists.transfer("2611-AAAAAA", [60_000, 40_000], OLD)
    lists.cash("2611-BBBBBB/1", 50_000, OLD, "rm_1")
    lists.remittance("rm_1", OLD + DAY)
    return lists


def find(lists: Lists, name: str, side: Side) -> Row:
    return next(each for each in lists.rows if each.name == name and each.side is side)


def provider_row(kind: Kind, name: str, amount: int, **facts: Any) -> Row:
    return row(PROVIDER, Way.CARD, kind, name, amount, facts.pop("on", OLD), **facts)


def failing_payout(lists: Lists, *, again: bool, shown: bool = False) -> None:
    """po_2 carried ch_2 and failed; `again`: po_3 brought it. `shown`: the bank has it all the same."""
    lists.charge("ch_2", 70_000, 0, OLD, "po_2")
    lists.payout("po_2", OLD + DAY, at_bank=shown)
    if shown:
        lists.change(find(lists, "CKpo_2", BANK), way=Way.CARD, kind=Kind.PAYOUT, key="po_2")
    back = {"key": "po_2", "net": Money(70_000), "through": "po_3" if again else ""}
    lists.provider.append(provider_row(Kind.PAYOUT_FAILED, "txn_back", -70_000, on=OLD + 2 * DAY, **back))
    if again:
        lists.charge("ch_3", 1_000, 0, OLD + 2 * DAY, "po_3")
        lists.payout("po_3", OLD + 4 * DAY)


def foreign(lists: Lists, net: int = 350) -> None:
    """ch_2 is paid out in dollars, as po_2."""
    lists.charge("ch_2", 91_000, 0, OLD, "po_2")
    lists.change(find(lists, "txn_ch_2", PROVIDER), net=Money(net, "USD"), fee=None)
    lists.payout("po_2", OLD + DAY)
    lists.change(find(lists, "txn_po_2", PROVIDER), amount=Money(350, "USD"), net=Money(350, "USD"))


def paid_in(lists: Lists, **facts: Any) -> None:
    """One more part that a carrier paid in."""
    lists.cash("2611-DDDDDD/1", 9_000, OLD, "rm_2")
    lists.remittance("rm_2", OLD + DAY, **facts)


Fault = Callable[[Lists], object]
FAULTS: list[tuple[str, Fault, dict[str, list[str]]]] = [
    ("nothing", lambda _: None, {}),
    (
        "a refund that we do not know",
        lambda w: w.drop(find(w, "re_1", HERE)),
        {"missing_here": ["txn_re_1"]},
    ),
    (
        "a refund that came back, ours all the while",
        lambda w: w.provider.append(provider_row(Kind.REFUND_FAILED, "txn_x", 20_000, key="re_1")),
        {"missing_here": ["txn_x"]},
    ),
    (
        "a charge told twice by us",
        lambda w: w.here.append(row(HERE, Way.CARD, Kind.CHARGE, "ch_again", 100_000, OLD, key="ch_1")),
        {"twice": ["ch_again"]},
    ),
    (
        "two lines of one charge",
        lambda w: w.provider.append(provider_row(Kind.CHARGE, "txn_x", 100_000, key="ch_1")),
        {"twice": ["txn_x"]},
    ),
    (
        "a dispute of which nobody heard",
        lambda w: w.provider.append(provider_row(Kind.DISPUTE, "txn_x", -9_000, key="du_1")),
        {"missing_here": ["txn_x"]},
    ),
    (
        "a line that nobody understands",
        lambda w: w.provider.append(provider_row(Kind.OTHER, "txn_x", -9_000)),
        {"missing_here": ["txn_x"]},
    ),
    (
        "a charge that is not paid out",
        lambda w: w.charge("ch_2", 10_000, 0, TODAY - LONG - DAY, ""),
        {"overdue": ["ch_2 txn_ch_2"]},
    ),
    (
        "a fee that is not paid out",
        lambda w: w.provider.append(provider_row(Kind.FEE, "txn_x", -9_000, on=TODAY - LONG - DAY)),
        {"overdue": ["txn_x"]},
    ),
    (
        "a payout that is not the sum of its lines",
        lambda w: w.change(find(w, "txn_ch_1", PROVIDER), net=Money(1)),
        {"sum_differs": ["txn_po_1 CKpo_1"]},
    ),
    (
        "the bank kept some of a payout",
        lambda w: w.change(find(w, "CKpo_1", BANK), amount=Money(60_000)),
        {"amount_differs": ["txn_po_1 CKpo_1"]},
    ),
    (
        "a payout told twice",
        lambda w: w.provider.append(provider_row(Kind.PAYOUT, "txn_x", 69_100, key="po_1", on=OLD + 2 * DAY)),
        {"twice": ["txn_x"]},
    ),
    (
        "the bank shows a payout that the provider does not",
        lambda w: w.bank.append(row(BANK, Way.CARD, Kind.PAYOUT, "CK1", 1_000, OLD, key="po_x")),
        {"missing_there": ["CK1"]},
    ),
    ("a payout that failed and went again", lambda w: failing_payout(w, again=True), {}),
    ("a payout that failed and waits", lambda w: failing_payout(w, again=False), {}),
    (
        "a payout that failed and came all the same",
        lambda w: failing_payout(w, again=False, shown=True),
        {"amount_differs": ["txn_po_2 txn_back CKpo_2"]},
    ),
    ("a payout in dollars", foreign, {}),
    ("one that is not its sum", lambda w: foreign(w, net=349), {"sum_differs": ["txn_po_2 CKpo_2"]}),
    (
        "an order paid less than we hold",
        lambda w: w.change(find(w, "2611-AAAAAA", HERE), amount=Money(100_001)),
        {"amount_differs": ["2611-AAAAAA CK2611-AAAAAA/0 CK2611-AAAAAA/1"]},
    ),
    (
        "an order that the bank did not pay",
        lambda w: w.here.append(row(HERE, Way.TRANSFER, Kind.TRANSFER, "2611-CCCCCC", 9, OLD)),
        {"missing_there": ["2611-CCCCCC"]},
    ),
    (
        "a piece given to an order that knows nothing of it",
        lambda w: w.credit("CK9/1", 9_000, OLD, key="2611-CCCCCC"),
        {"missing_here": ["CK9/1"]},
    ),
    (
        "paid a second time",
        lambda w: w.credit("CK9", 9_000, OLD, double=True),
        {"twice": ["CK9"]},
    ),
    (
        "a piece that was sent back",
        lambda w: w.bank.append(row(BANK, Way.TRANSFER, Kind.SENT_BACK, "CK9/1", 9_000, OLD, key="")),
        {},
    ),
    (
        "cash that a carrier keeps",
        lambda w: w.cash("2611-DDDDDD/1", 9_000, TODAY - LONG - DAY),
        {"overdue": ["2611-DDDDDD/1"]},
    ),
    (
        "cash of which we do not know",
        lambda w: w.drop(find(w, "2611-BBBBBB/1", HERE)),
        {"missing_here": ["2611-BBBBBB/1"]},
    ),
    (
        "a carrier paid in too little",
        lambda w: paid_in(w, short=1),
        {"sum_differs": ["rm_2 CKrm_2"]},
    ),
    (
        "what a carrier paid in is not at the bank",
        lambda w: paid_in(w, at_bank=False),
        {"missing_there": ["rm_2"]},
    ),
]


@pytest.mark.parametrize(("fault", "wanted"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_each_fault_has_its_bucket(fault: Fault, wanted: dict[str, list[str]]) -> None:
    lists = simple()
    fault(lists)
    assert by_bucket(told(lists)) == wanted


def test_a_refund_that_came_back_is_nothing_once_we_know() -> None:
    lists = simple()
    lists.drop(find(lists, "re_1", HERE))
    lists.provider.append(provider_row(Kind.REFUND_FAILED, "txn_x", 20_000, key="re_1"))
    assert by_bucket(told(lists)) == {}
    (case,) = [case for case in told(lists) if case.rows[0].kind is Kind.REFUND]
    assert (case.bucket, [each.name for each in case.rows]) == (Bucket.MATCHED, ["txn_re_1", "txn_x"])


def test_what_a_failed_payout_carried_is_at_the_bank_with_the_next() -> None:
    for again, bucket in ((True, Bucket.MATCHED), (False, Bucket.ON_THE_WAY)):
        lists = simple()
        failing_payout(lists, again=again)
        assert [case.bucket for case in told(lists) if case.rows[0].key == "ch_2"] == [bucket]


def buckets(lists: Lists, known: Known) -> Counter[Bucket]:
    return Counter(case.bucket for case in told(lists, known))


def test_nothing_is_missing_before_the_other_list_reaches_its_day() -> None:
    lists = Lists()
    lists.here.append(row(HERE, Way.CARD, Kind.CHARGE, "ch_1", 9_000, OLD))
    way, missing = Bucket.ON_THE_WAY, Bucket.MISSING_THERE
    for reaches, bucket in ((None, way), (OLD, way), (OLD + 2 * DAY, way), (OLD + 3 * DAY, missing)):
        assert buckets(lists, Known(TODAY, provider=reaches)) == {bucket: 1}
    lists = Lists()
    lists.charge("ch_1", 9_000, 0, OLD, "po_1")
    lists.payout("po_1", OLD, at_bank=False)
    for reaches, bucket in ((None, way), (OLD + LATE, way), (OLD + LATE + DAY, missing)):
        assert buckets(lists, Known(TODAY, bank=reaches)) == Counter([way, bucket])
    assert buckets(lists, Known(OLD + LONG + DAY)) == {way: 1, Bucket.OVERDUE: 1}, "no statement for so long"
    lists = Lists()
    lists.provider.append(provider_row(Kind.CHARGE, "txn_1", 9_000))
    for today, bucket in ((OLD + 2 * DAY, way), (OLD + 3 * DAY, Bucket.MISSING_HERE)):
        assert buckets(lists, Known(today)) == {bucket: 1}


def test_a_payout_may_be_at_the_bank_before_the_providers_books_tell_of_it() -> None:
    lists = Lists()
    lists.credit("CK1", 9_000, TODAY - 2 * DAY, note="STRIPE PAYMENTS")
    assert buckets(lists, KNOWN) == {Bucket.ON_THE_WAY: 1}
    assert buckets(lists, Known(TODAY)) == {Bucket.UNKNOWN_BANK_ROW: 1}
    assert buckets(lists, Known(TODAY + DAY, words=("stripe",))) == {Bucket.UNKNOWN_BANK_ROW: 1}


def test_an_explanation_holds_for_its_figures() -> None:
    lists = simple()
    lists.change(find(lists, "CKpo_1", BANK), amount=Money(60_000))
    cases = told(lists)
    (odd,) = [case for case in cases if case.bucket not in QUIET]
    assert (odd.name, odd.figures) == ("card:payout:po_1:provider", "amount_differs provider=69100 bank=60000")
    words = {(odd.name, odd.figures): "Ngân hàng giữ phí"}
    assert alarms(explain(cases, words)) == {}
    assert [case.explained for case in explain(cases, words) if case.bucket is Bucket.EXPLAINED] == [
        "Ngân hàng giữ phí"
    ]
    lists.change(find(lists, "CKpo_1", BANK), amount=Money(59_999))
    assert alarms(explain(told(lists), words)) == {Bucket.AMOUNT_DIFFERS: 1}


NAMES = st.sampled_from("abc")
KEYS = st.sampled_from(["", "k1", "k2"])


@st.composite
def any_row(draw: st.DrawFn, side: Side) -> Row:
    currency = draw(st.sampled_from(["VND", "VND", "USD"]))
    return Row(
        side,
        draw(st.sampled_from(Way)),
        draw(st.sampled_from(Kind)),
        draw(NAMES),
        draw(KEYS),
        Money(draw(st.integers(-2, 2)), currency),
        TODAY - timedelta(days=draw(st.integers(0, 50))),
        fee=draw(st.none() | st.integers(0, 2).map(Money)),
        net=draw(st.none() | st.integers(-2, 2).map(Money)),
        through=draw(KEYS),
        says=draw(st.sampled_from(["stripe", "k1"])),
        note=draw(st.sampled_from(["", "STRIPE k1", "k2"])),
        numbers=draw(st.sampled_from([(), ("FT1",)])),
        double=draw(st.booleans()),
    )


SOME = [st.lists(any_row(side), max_size=8) for side in Side]


@given(*SOME, st.randoms(use_true_random=False))
def test_every_row_is_in_exactly_one_case_whatever_comes(
    here: list[Row], provider: list[Row], bank: list[Row], chance: Any
) -> None:
    cases = reconcile(here, provider, bank, KNOWN)
    placed = Counter(each for case in cases for each in case.rows)
    assert placed == Counter([*here, *provider, *bank])
    for side, rows in zip(Side, (here, provider, bank), strict=True):
        for currency in ("VND", "USD"):
            came = sum(each.amount.amount for each in rows if each.amount.currency == currency)
            kept = (each for case in cases for each in case.rows if each.side is side)
            assert came == sum(each.amount.amount for each in kept if each.amount.currency == currency)
    for rows in (here, provider, bank):
        chance.shuffle(rows)
    again = reconcile(here, provider, bank, KNOWN)
    assert Counter(case.bucket for case in again) == Counter(case.bucket for case in cases)
