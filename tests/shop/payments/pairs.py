"""What each piece of news makes of a payment and its order's part, by method: the tables of `test_state_pairs`.

A cell says: payment and part afterwards | what stands in the books | what went back and how far it is | the queue in
which a transfer waits. T is the order's total; books are named shortly (teller: the card provider). A state that is
in no row here and is not excluded by `why_never` fails the test.
"""

from marketplace.shop.orders.models import PartState as Part
from marketplace.shop.payments.models import PaymentState as Pay

Pair = tuple[Pay, Part]
Row = dict[str, str]

NOTHING_CAME = ("open", "failed", "expired", "cancelled")
PRESENT = (Part.PLACED, Part.CONFIRMED, Part.PACKED, Part.SHIPPED, Part.UNDELIVERED)  # the money waits for the goods
SOLD = (Part.DELIVERED, Part.COMPLETED)  # it is the producer's
GONE = (Part.CANCELLED, Part.DECLINED, Part.RETURNED)  # it goes back


def why_never(payment: Pay, part: Part) -> str:
    """Why a pair does not happen; nothing where it does."""
    if payment is Pay.AWAITING and part not in (Part.PLACED, Part.CANCELLED):
        return "nothing is done with an order that is not paid, but that its buyer drops it"
    if payment is Pay.LAPSED and part is not Part.CANCELLED:
        return "what lapses is cancelled whole"
    return ""


def row(standing: str, *names: str) -> Row:
    """The same cell for each of these."""
    return dict.fromkeys(names, standing)


def _by_card(books: str, back: str) -> tuple[str, str]:
    """Paid already: what is said of the attempt that paid changes nothing, a second one's money goes back."""
    return f"{books} | {back}", f"{books} | {', '.join(sorted(each for each in (back, 'double T done') if each))}"


def _cards() -> dict[Pair, Row]:
    rows: dict[Pair, Row] = {}
    known = (*NOTHING_CAME, "paid", "late", "over", "under")
    paid = [(part, *_by_card("buyers T, teller T", "")) for part in PRESENT]
    paid += [(part, *_by_card("producer T, teller T", "")) for part in SOLD]
    paid += [(part, *_by_card("", f"{part} T done")) for part in GONE]
    for part, once, twice in paid:
        rows[Pay.PAID, part] = row(f"paid {part} | {once}", *known) | row(f"paid {part} | {twice}", "double")
    rows[Pay.AWAITING, Part.PLACED] = {
        **row("awaiting placed |  | ", *NOTHING_CAME),
        "paid": "paid placed | buyers T, teller T | ",
        "late": "paid placed | buyers T, teller T | ",  # after its time, before it was given up
        "over": "paid placed | buyers T, teller T | over 5000 done",
        "under": "awaiting placed | buyers T-5000, teller T-5000 | ",
        "double": "paid placed | buyers T, teller T | double T done",
    }
    rows[Pay.AWAITING, Part.CANCELLED] = {
        **row("lapsed cancelled |  | ", *NOTHING_CAME),
        "paid": "paid cancelled |  | cancelled T done",
        "late": "paid cancelled |  | cancelled T done",
        "over": "paid cancelled |  | cancelled T done, over 5000 done",
        "under": "lapsed cancelled |  | cancelled T-5000 done",
        "double": "paid cancelled |  | cancelled T done, double T done",
    }
    rows[Pay.LAPSED, Part.CANCELLED] = {
        **row("lapsed cancelled |  | ", *NOTHING_CAME),
        "paid": "lapsed cancelled |  | late T done",
        "late": "lapsed cancelled |  | late T done",
        "over": "lapsed cancelled |  | late T+5000 done",
        "under": "lapsed cancelled |  | late T-5000 done",
        "double": "lapsed cancelled |  | late T done, late T done",
    }
    return rows


def _doubled(part: Part, books: str, back: str) -> Row:
    """Paid already: every further transfer waits for an officer, whatever its amount."""

    def came(bank: str, waiting: str) -> str:
        return f"paid {part} | bank {bank}, {books}, unmatched {waiting} | {back} | double"

    return {
        **row(came("2T", "T"), "exact", "again", "late"),
        "over": came("2T+5000", "T+5000"),
        "under": came("2T-5000", "T-5000"),
        "two": came("3T", "2T"),
    }


def _transfers() -> dict[Pair, Row]:
    rows = {(Pay.PAID, part): _doubled(part, "buyers T", "") for part in PRESENT}
    rows |= {(Pay.PAID, part): _doubled(part, "producer T", "") for part in SOLD}
    rows |= {(Pay.PAID, part): _doubled(part, "refunds T", f"{part} T by_hand") for part in GONE}
    rows[Pay.AWAITING, Part.PLACED] = {
        **row("paid placed | bank T, buyers T | ", "exact", "again", "late"),
        "over": "paid placed | bank T+5000, buyers T, refunds 5000 | over 5000 by_hand | over",
        "under": "awaiting placed | bank T-5000, buyers T-5000 |  | under",
        "two": "paid placed | bank 2T, buyers T, unmatched T |  | double",
    }
    rows[Pay.AWAITING, Part.CANCELLED] = {
        **row("paid cancelled | bank T, refunds T | cancelled T by_hand", "exact", "again", "late"),
        "over": "paid cancelled | bank T+5000, refunds T+5000 | cancelled T by_hand, over 5000 by_hand | over",
        "under": "lapsed cancelled | bank T-5000, refunds T-5000 | cancelled T-5000 by_hand",
        "two": "paid cancelled | bank 2T, refunds T, unmatched T | cancelled T by_hand | double",
    }
    rows[Pay.LAPSED, Part.CANCELLED] = {
        **row("lapsed cancelled | bank T, unmatched T |  | late", "exact", "again", "late"),
        "over": "lapsed cancelled | bank T+5000, unmatched T+5000 |  | late",
        "under": "lapsed cancelled | bank T-5000, unmatched T-5000 |  | late",
        "two": "lapsed cancelled | bank 2T, unmatched 2T |  | late",
    }
    return rows


def _doors() -> dict[Pair, Row]:
    """In cash: what still comes by the card chosen before goes back, a transfer that names the order waits."""
    rows: dict[Pair, Row] = {}
    for parts, taken, beside in (
        (PRESENT, "", "bank T, unmatched T"),
        (SOLD, "carrier T, producer T", "bank T, carrier T, producer T, unmatched T"),
        (GONE, "", "bank T, unmatched T"),
    ):
        for part in parts:
            rows[Pay.AT_THE_DOOR, part] = {
                **row(f"at_the_door {part} | {taken} | ", *NOTHING_CAME),
                "paid": f"at_the_door {part} | {taken} | late T done",
                "transfer": f"at_the_door {part} | {beside} |  | unknown",
            }
    return rows


CARDS, TRANSFERS, DOORS = _cards(), _transfers(), _doors()
