"""The two large pictures: the market stall of the front page and the village of a maker's story."""

from random import Random

from marketplace.shop.art import goods_fields, goods_table, sheet
from marketplace.shop.art.brocade import bands, folded_stack
from marketplace.shop.art.ink import (
    DIEP,
    DONG,
    LA,
    LAM,
    NAU,
    ROM,
    SON,
    bee,
    circle,
    cup,
    fill,
    line,
    path,
    place,
    sprig,
    stamp,
)

INKED = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'


def stall() -> str:
    """A laden table under a pole of hanging goods, without paper: it stands on the band and bleeds to the right."""
    rng = _dice("stall-5")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 440" width="680" height="440">'
        f"<g {INKED}>{_far()}{_hanging(rng)}{_table(rng)}</g></svg>"
    )


def _far() -> str:
    mountains = "M28 412C70 370 120 290 160 246L196 292L270 210L342 300L392 246L470 318L530 234L578 296L690 216V412z"
    hills = "M0 412C60 370 150 356 250 372C360 386 470 376 560 352C620 338 660 344 690 352V412z"
    return (
        fill(circle(362, 218, 140), SON)
        + fill(path(mountains), "#5E9C85")
        + fill(path("M330 412C430 350 560 318 690 336V412z"), LA)
        + fill(path(hills), "#8DB25E")
    )


def _hanging(rng: Random) -> str:
    joints = path("M140 75l1 16M300 72l1 16M458 69l1 16M610 66l1 16")
    fringe = "".join(f"M{x} 186v12" for x in range(544, 640, 9))
    return (
        _set(goods_table.sausage_links(rng), 26, 50, 0.42)
        + _set(goods_fields.noodle_pole(rng), 316, 54, 0.31)
        + line(path(fringe), 2)
        + bands(rng, 540, 76, 100, [10, 15, 9, 19, 24, 12, 21])
        + line(path("M540 76V186H640V76"), 2.6)
        + stamp(path("M54 78L700 66V82L54 94z"), ROM, 3)
        + line(joints, 2.4)
    )


def _table(rng: Random) -> str:
    return (
        _set(goods_fields.rice_sack(rng), 50, 182, 0.72)
        + _set(folded_stack(rng), 348, 252, 0.52)
        + stamp(path("M42 412C240 404 460 410 700 404V448H56z"), NAU, 3.4)
        + line(
            path("M48 430C240 424 440 436 700 424M92 440C140 436 180 440 220 439M470 437C530 432 570 438 620 434"), 2.2
        )
        + _set(goods_table.gourd(_dice("b")), 444, 200, 0.68)
        + _set(goods_fields.honey_jar(_dice("a")), 216, 222, 0.6)
        + _set(goods_fields.tea_pot(_dice("clay")), 90, 254, 0.53)
        + _set(goods_table.oranges(_dice("ripe")), 384, 280, 0.44)
        + cup(656, 426, LAM, DIEP, 0.66)
    )


def village() -> str:
    """A house among tea bushes under its mountains."""
    rng = _dice("village")
    edge = sheet.deckle(rng)
    mountains = "M0 210L66 124L112 178L190 84L262 178L318 140L400 214V300H0z"
    greens = (
        ("#8DB25E", "M0 236C90 190 180 200 260 206C320 210 370 200 400 196V400H0z"),
        (LA, "M0 262C70 232 150 224 220 240C290 254 350 240 400 224V400H0z"),
        ("#8DB25E", "M0 300C90 270 190 290 260 296C320 300 370 290 400 280V400H0z"),
        ("#A3C277", "M0 356C110 326 240 330 400 352V400H0z"),
    )
    bushes = "".join(
        sprig(x, y, turn, size, colour)
        for x, y, turn, size, colour in (
            (36, 332, -8, 0.5, DONG),
            (72, 362, -4, 0.66, DONG),
            (108, 356, 10, 0.5, LA),
            (302, 352, -12, 0.52, LA),
            (336, 366, 2, 0.7, LA),
            (374, 344, 6, 0.54, DONG),
        )
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">'
        f'<clipPath id="sheet"><path d="{edge}"/></clipPath><g clip-path="url(#sheet)" {INKED}>'
        f'<path d="M0 0H400V400H0z" fill="{sheet.YELLOW}"/>'
        + fill(circle(294, 96, 54), SON)
        + fill(path(mountains), DONG)
        + "".join(fill(path(d), green) for green, d in greens)
        + sheet.flecks(rng)
        + _cottage()
        + bushes
        + bee(226, 176, -10, 0.5)
        + "</g></svg>"
    )


def _cottage() -> str:
    return (
        stamp(path("M128 262H264V320H128z"), ROM)
        + stamp(path("M182 276H210V320H182z"), NAU, 3.2)
        + stamp(path("M142 276h24v24h-24zM228 276h24v24h-24z"), DIEP, 3.2)
        + stamp(path("M106 266L158 224H234L286 266C226 258 166 258 106 266z"), "#8A5A33")
        + line(path("M158 224L196 204L234 224M158 224L144 262M184 224L178 260M210 224L216 260M234 224L250 262"), 2.8)
        + stamp(path("M158 226L196 204L234 226z"), NAU, 3.4)
    )


def _set(body: str, x: float, y: float, size: float) -> str:
    return place(body, x, y, 0, size)


def _dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - a picture that repeats, not a secret
