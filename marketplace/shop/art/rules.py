"""Which drawing a product set gets: `draw`, `icon`, and the table of kinds.

A seed is a number or a word. Its number (or that of its end, as in `anh-2`) picks one of three compositions of each of
the set's kinds in turn; everything else is picked by `Random(f"{set}-{seed}")`. A seed that begins with the name of a
kind, as `mien-3` or `mat-ong-1`, picks that kind (I.3.b has noodles and cakes). The names are the keys of `KINDS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from marketplace.shop.art import (
    brocade,
    goods_craft,
    goods_fields,
    goods_garden,
    goods_herbs,
    goods_kitchen,
    goods_table,
    goods_village,
    sheet,
)
from marketplace.shop.art.ink import circle, fill
from marketplace.shop.art.sheet import BACKDROPS, BLUE, GREEN, INDIGO, ORANGE, PINK, RED, SHELL, STANDS, YELLOW

STANDING = ("tray", "plank", "cloth")
ALL = ("disc", "ridges", "terraces", "waves", "rays")
CALM = ("disc", "rays")
WATER = ("disc", "waves", "rays")


@dataclass(frozen=True)
class Piece:
    """One composition: what is drawn, what it may stand on, what may be behind it."""

    goods: Callable[[Random], str]
    stands: tuple[str, ...] = STANDING
    backdrops: tuple[str, ...] = ALL


@dataclass(frozen=True)
class Kind:
    """Three compositions, the papers they are printed on, and which of them is the icon."""

    sheets: tuple[str, ...]
    pieces: tuple[Piece, Piece, Piece]
    icon: int = 0


def _hung(goods: Callable[[Random], str]) -> Piece:
    return Piece(goods, ("pole",), CALM)


def _always(piece: Piece) -> tuple[Piece, Piece, Piece]:
    return (piece, piece, piece)


def _free(goods: Callable[[Random], str], backdrops: tuple[str, ...] = CALM) -> Piece:
    return Piece(goods, ("nothing",), backdrops)


KINDS: dict[str, Kind] = {
    "che": Kind(
        (GREEN, YELLOW, SHELL, BLUE),
        (Piece(goods_fields.tea_packet), Piece(goods_fields.tea_pot), Piece(goods_fields.tea_bowl)),
        1,
    ),
    "gao": Kind(
        (YELLOW, BLUE, PINK),
        (Piece(goods_fields.rice_sack), Piece(goods_fields.rice_bowl), Piece(goods_fields.rice_bowl_red)),
    ),
    "mat-ong": Kind(
        (BLUE, SHELL, PINK),
        (Piece(goods_fields.honey_jar), _free(goods_fields.honey_comb), Piece(goods_fields.honey_jar_bees)),
    ),
    "mien": Kind(
        (PINK, GREEN, INDIGO),
        (
            Piece(goods_fields.noodle_skeins),
            _hung(goods_fields.noodle_pole),
            Piece(goods_fields.noodle_bowl, backdrops=CALM),
        ),
    ),
    "thit": Kind(
        (SHELL, BLUE, YELLOW),
        (_hung(goods_table.meat_strips), _hung(goods_table.sausage_links), Piece(goods_table.smoked_joint)),
        1,
    ),
    "ruou": Kind(
        (RED, BLUE, YELLOW),
        (Piece(goods_table.gourd), Piece(goods_table.spirit_bottle), Piece(goods_table.spirit_jar)),
    ),
    "tho-cam": Kind(
        (SHELL, YELLOW, BLUE),
        (_free(brocade.hanging_cloth), Piece(brocade.folded_stack), Piece(brocade.woven_bag)),
        2,
    ),
    "thao-duoc": Kind(
        (PINK, SHELL, BLUE),
        (Piece(goods_herbs.tied_bunch), Piece(goods_herbs.mortar), _free(goods_herbs.star_anise)),
    ),
    "trai-cay": Kind(
        (GREEN, BLUE, SHELL),
        (Piece(goods_table.oranges), Piece(goods_table.lychees), Piece(goods_table.pomelo)),
    ),
    "mam": Kind(
        (BLUE, YELLOW, SHELL),
        (
            Piece(goods_table.sauce_bottle, backdrops=WATER),
            _free(goods_table.three_fish),
            Piece(goods_table.barrel, backdrops=WATER),
        ),
    ),
    "rau": Kind(
        (SHELL, YELLOW, BLUE),
        (Piece(goods_kitchen.cabbages), Piece(goods_kitchen.corn), Piece(goods_kitchen.pumpkin)),
    ),
    "banh": Kind(
        (YELLOW, PINK, BLUE),
        (Piece(goods_kitchen.square_cakes), Piece(goods_kitchen.round_cakes), Piece(goods_kitchen.square_cakes)),
    ),
    "gia-vi": Kind(
        (YELLOW, BLUE, SHELL),
        (_hung(goods_kitchen.chillies), Piece(goods_kitchen.spice_jars), _free(goods_herbs.star_anise)),
        1,
    ),
    "ca-phe": Kind(
        (ORANGE, GREEN, SHELL),
        (Piece(goods_herbs.coffee_filter), Piece(goods_herbs.coffee_beans), _free(goods_herbs.coffee_branch)),
    ),
    "nuoc": Kind(
        (BLUE, GREEN, YELLOW),
        (Piece(goods_herbs.water_bottle), Piece(goods_herbs.juice_glass), Piece(goods_herbs.juice_bottles)),
    ),
    "my-pham": Kind(
        (PINK, SHELL, GREEN),
        (Piece(goods_herbs.dropper_bottle), Piece(goods_herbs.soaps), Piece(goods_herbs.cream_jar)),
    ),
    "thu-cong": Kind(
        (YELLOW, GREEN, BLUE),
        (Piece(goods_craft.basket), _free(goods_craft.conical_hat, ALL), Piece(goods_craft.vase)),
    ),
    "hoa": Kind(
        (GREEN, SHELL, BLUE),
        (
            _free(goods_garden.lotus, WATER),
            Piece(goods_garden.peach_branch, backdrops=CALM),
            Piece(goods_garden.flower_pot),
        ),
        2,
    ),
    "cay": Kind(
        (SHELL, YELLOW, PINK),
        (Piece(goods_garden.bonsai), Piece(goods_garden.kumquat), Piece(goods_garden.bamboo_pot)),
    ),
    "chim": Kind(
        (GREEN, YELLOW, INDIGO),
        (
            Piece(goods_garden.bird_cage, backdrops=CALM),
            Piece(goods_garden.goldfish_bowl, backdrops=CALM),
            _free(goods_garden.two_carp, WATER),
        ),
    ),
    "nha-san": Kind(
        (YELLOW, BLUE, PINK),
        (
            _free(goods_craft.stilt_house, ("terraces", "ridges")),
            _free(goods_craft.raft, ("ridges", "waves")),
            _free(goods_craft.gate, ("ridges",)),
        ),
    ),
    "ga": Kind((YELLOW, PINK, GREEN), _always(_free(goods_village.hen, CALM))),
    "trung": Kind((YELLOW, BLUE, PINK), _always(Piece(goods_village.eggs))),
    "chuoi": Kind((GREEN, BLUE, PINK), _always(Piece(goods_village.bananas))),
    "dao": Kind(
        (BLUE, GREEN, SHELL),
        (Piece(goods_village.peaches), Piece(goods_village.plums), Piece(goods_village.pears)),
    ),
    "man": Kind((PINK, GREEN, YELLOW), _always(Piece(goods_village.plums))),
    "le": Kind((BLUE, PINK, YELLOW), _always(Piece(goods_village.pears))),
    "hat": Kind((SHELL, YELLOW, BLUE), _always(Piece(goods_village.nuts))),
    "com-lam": Kind((YELLOW, BLUE, PINK), _always(Piece(goods_village.bamboo_rice))),
    "lan": Kind((GREEN, BLUE, SHELL), _always(Piece(goods_village.orchid))),
    "den-long": Kind((BLUE, SHELL, INDIGO), _always(_hung(goods_village.lanterns))),
}

SETS: dict[str, tuple[str, ...]] = {
    "I.1.a": ("trai-cay", "rau", "dao", "chuoi", "le"),
    "I.1.b": ("thit", "mam", "ga", "trung"),
    "I.2.a": ("gao",),
    "I.2.b": ("mat-ong",),
    "I.3.a": ("banh", "com-lam", "mien"),
    "I.3.b": ("mien", "banh"),
    "I.3.c": ("trai-cay", "rau", "hat", "man", "chuoi"),
    "I.3.d": ("thit",),
    "I.4.a": ("mam",),
    "I.4.b": ("gia-vi",),
    "I.5.a": ("che",),
    "I.5.b": ("che", "thao-duoc"),
    "I.6": ("ca-phe",),
    "II.1.a": ("ruou",),
    "II.1.b": ("ruou",),
    "II.2.a": ("nuoc",),
    "II.2.b": ("nuoc",),
    "III.1": ("thao-duoc",),
    "III.2": ("my-pham",),
    "III.3": ("my-pham", "thao-duoc"),
    "IV.1": ("thu-cong", "den-long"),
    "IV.2": ("tho-cam",),
    "V.1": ("hoa", "lan"),
    "V.2": ("cay",),
    "V.3": ("chim",),
    "VI.1": ("nha-san",),
}

# where the first kind's own icon would be another set's too
ICONS = {
    "I.1.b": ("mam", 1),
    "I.3.a": ("mien", 2),
    "I.3.c": ("rau", 2),
    "I.5.b": ("che", 0),
    "II.1.b": ("ruou", 1),
    "II.2.b": ("nuoc", 1),
    "III.2": ("my-pham", 2),
}

FRAME = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">'


def draw(set_code: str, seed: str | int) -> str:
    """The drawing of a product of this set, the same for the same seed for ever; KeyError on an unknown set."""
    kinds = SETS[set_code]
    rng = _dice(f"{set_code}-{seed}")
    number = _number(seed, rng)
    kind = KINDS[_named(str(seed)) or kinds[number // 3 % len(kinds)]]
    piece = kind.pieces[number % 3]
    paper = rng.choice(kind.sheets)
    edge = sheet.deckle(rng)
    behind = BACKDROPS[rng.choice(piece.backdrops)](rng, paper)
    stand = STANDS[rng.choice(piece.stands)](rng)
    return (
        f'{FRAME}<clipPath id="sheet"><path d="{edge}"/></clipPath>'
        f'<g clip-path="url(#sheet)" fill="none" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="M0 0H400V400H0z" fill="{paper}"/>{behind}{sheet.flecks(rng)}{stand}{piece.goods(rng)}</g></svg>'
    )


def icon(set_code: str) -> str:
    """The sign of a set: its goods on a pale disc, without a sheet. KeyError on an unknown set."""
    first = SETS[set_code][0]
    name, number = ICONS.get(set_code, (first, KINDS[first].icon))
    kind, rng = KINDS[name], _dice(set_code)
    piece = kind.pieces[number]
    stand = STANDS["tray" if piece.stands == STANDING else piece.stands[0]](rng)
    body = fill(circle(200, 190, 150), kind.sheets[0]) + stand + piece.goods(rng)
    return f'{FRAME}<g fill="none" stroke-linecap="round" stroke-linejoin="round">{body}</g></svg>'


def _dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - a picture that repeats, not a secret


def _named(seed: str) -> str | None:
    """The longest kind whose name begins this seed."""
    named = [name for name in KINDS if seed == name or seed.startswith(f"{name}-")]
    return max(named, key=len, default=None)


def _number(seed: str | int, rng: Random) -> int:
    digits = str(seed).rpartition("-")[2]
    return int(digits) if digits.isdecimal() else rng.randrange(6)
