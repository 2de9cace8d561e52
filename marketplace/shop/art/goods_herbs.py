"""Medicinal herbs, coffee, water and juice, cosmetics and oils."""

from random import Random

from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DIEU,
    DONG,
    HOE,
    INK,
    LA,
    LAM,
    MAN,
    NAU,
    ROM,
    SON,
    VANG,
    circle,
    ellipse,
    fill,
    leaf,
    line,
    path,
    place,
    rect,
    sprig,
    stamp,
    vessel,
)


def tied_bunch(rng: Random) -> str:
    """A bunch of leaves tied with red."""
    second = rng.choice((LA, "#84B6A6"))
    leaves = "".join(
        leaf(200, 214, -90 + turn, 132 - abs(turn) * 0.32, 25, colour)
        for turn, colour in ((-76, LA), (76, second), (-50, second), (52, LA), (-25, LA), (27, second), (0, DONG))
    )
    stems = "".join(f"M{200 + dx * 0.3:.0f} 226L{200 + dx} 336" for dx in (-58, -36, -14, 12, 34, 58))
    return (
        line(path(stems), 4)
        + leaves
        + stamp(path("M164 206C180 214 220 214 236 206L232 238C216 246 184 246 168 238z"), SON)
        + line(path("M178 212v28M200 214v28M222 212v28"), 3)
    )


def mortar(rng: Random) -> str:
    """A mortar with its pestle and a few leaves."""
    stone, hollow = rng.choice(((LAM, CHAM), (DIEP, DONG)))
    body = "M92 206C96 262 130 290 162 296L146 338H254L238 296C270 290 304 262 308 206"
    return (
        stamp(path("M238 214L306 92C316 78 338 90 330 106L262 222z"), NAU)
        + vessel(body, (200, 206, 108, 25), stone, hollow)
        + leaf(164, 210, -116, 82, 27)
        + leaf(156, 212, -166, 74, 24, DONG)
        + line(path("M110 246C160 260 240 260 290 246M158 302H242"), 3)
        + fill(path("M112 264C122 282 136 290 152 294C140 284 130 274 126 262z"), DIEP)
    )


def star_anise(rng: Random) -> str:
    """Five stars of anise."""
    petal = stamp(path("M0 0C-20 -22 -20 -56 0 -84C20 -56 20 -22 0 0z"), NAU) + stamp(
        ellipse(0, -46, 7.5, 15), VANG, 2.6
    )
    flower = "".join(place(petal, 0, 0, 45 * i) for i in range(8)) + stamp(circle(0, 0, 12), VANG, 3)
    one = f'<g id="anise">{flower}</g>'
    spots = ((80, 96, 0.46), (322, 92, 0.44), (86, 320, 0.44), (318, 314, 0.52))
    small = "".join(
        f'<g transform="translate({x} {y}) rotate({rng.randrange(45)}) scale({s})"><use href="#anise"/></g>'
        for x, y, s in spots
    )
    return place(one, 200, 206, rng.randrange(-10, 10), 1.08) + small


def coffee_filter(_rng: Random) -> str:
    """A dripping filter on a glass."""
    glass = "M124 210L138 322C140 332 148 336 158 336H242C252 336 260 332 262 322L276 210"
    return (
        fill(path("M136 284L141 322C142 330 148 333 158 333H242C252 333 258 330 259 322L264 284z"), DIEP)
        + fill(path("M131 240L136 284H264L269 240z"), NAU)
        + line(path("M136 284H264M131 240H269"), 2.6)
        + line(path(glass))
        + line(path("M152 254L160 316"), 4, DIEP)
        + stamp(path("M96 198H304V216H96z"), LAM)
        + stamp(path("M132 112H268L258 198H142z"), LAM)
        + line(path("M136 138H264M158 150L162 186M180 150L182 186"), 3)
        + stamp(path("M120 92C150 78 250 78 280 92V112H120z"), LAM)
        + stamp(circle(200, 74, 12), INK)
        + line(path("M264 134C306 130 304 178 262 178"), 7)
        + fill(path("M196 220h8v14a4 4 0 0 1 -8 0z"), NAU)
    )


def coffee_beans(rng: Random) -> str:
    """An open sack of roasted beans."""
    bean = stamp(ellipse(0, 0, 19, 13), NAU, 3.2) + line(path("M-15 3C-6 -6 6 6 15 -3"), 2.6)
    heap = ((140, 150), (176, 142), (214, 144), (254, 152), (158, 128), (198, 118), (236, 130), (180, 164), (222, 166))
    beans = "".join(place(bean, x, y, rng.randrange(180)) for x, y in heap)
    loose = "".join(place(bean, x, y, turn) for x, y, turn in ((316, 322, 20), (346, 338, -30), (66, 334, 40)))
    return (
        stamp(path("M112 168C96 220 94 290 114 334H284C306 290 302 220 288 168z"), ROM)
        + stamp(ellipse(200, 158, 94, 30), MAN)
        + beans
        + stamp(
            path(
                "M104 158C100 190 130 196 200 196C270 196 300 190 296 158C290 176 250 182 200 182C150 182 110 "
                "176 104 158z"
            ),
            DIEP,
        )
        + stamp(rect(156, 222, 88, 80), SON, 3.4)
        + place(fill(ellipse(0, 0, 30, 20), DIEP) + line(path("M-26 5C-10 -10 10 10 26 -5"), 4), 200, 262, -30)
        + loose
    )


def coffee_branch(rng: Random) -> str:
    """A branch with ripe cherries."""
    body = line(path("M40 96C130 130 250 170 362 300"), 7)
    for x, y, turn in (
        (92, 116, -60),
        (176, 148, -48),
        (268, 204, -30),
        (96, 118, 96),
        (196, 158, 122),
        (288, 224, 128),
        (350, 288, 40),
    ):
        body += leaf(x, y, turn, 104, 27, rng.choice((LA, DONG)))
    cherry = stamp(circle(0, 0, 19), SON, 3.6) + line(path("M-9 -4C-8 -9 -4 -11 0 -12"), 3.4, DIEU)
    ripe = stamp(circle(0, 0, 19), HOE, 3.6)
    for x, y in (
        (130, 148),
        (158, 128),
        (156, 166),
        (222, 194),
        (250, 176),
        (254, 212),
        (228, 226),
        (318, 246),
        (322, 280),
    ):
        body += place(ripe if (x, y) == (228, 226) else cherry, x, y)
    return body


def water_bottle(_rng: Random) -> str:
    """A bottle of spring water with its mountain."""
    bottle = (
        "M174 100H226V132C228 152 262 160 262 192V318C262 328 256 334 246 334H154C144 334 138 328 138 318"
        "V192C138 160 172 152 174 132z"
    )
    return (
        stamp(path(bottle), "#D6E6EE")
        + fill(path("M141 182H259V318C259 326 254 331 246 331H154C146 331 141 326 141 318z"), LAM)
        + stamp(path("M138 206H262V296H138z"), DIEP, 3.4)
        + fill(path("M146 290L182 232L204 262L222 240L254 290z"), DONG)
        + fill(circle(232, 226, 11), SON)
        + line(path("M146 290L182 232L204 262L222 240L254 290z"), 3)
        + line(path("M156 312H244M156 322H216"), 2.6, DIEP)
        + line(path("M156 196C160 176 176 168 184 158"), 4, DIEP)
        + stamp(rect(168, 74, 64, 30, 4), CHAM)
        + line(path("M182 80v18M200 80v18M218 80v18"), 2.6)
        + stamp(path("M316 286C300 310 296 318 296 324C296 346 338 346 338 324C338 318 332 310 316 286z"), LAM)
        + stamp(path("M80 300C68 318 66 324 66 330C66 346 96 346 96 330C96 324 92 318 80 300z"), LAM)
    )


def juice_glass(rng: Random) -> str:
    """A glass of juice with a slice on its rim."""
    juice = rng.choice((VANG, SON, HOE))
    glass = "M112 138L132 318C134 330 142 336 152 336H248C258 336 266 330 268 318L288 138"
    segments = "".join(f"M0 0l{dx} {dy}" for dx, dy in ((0, -36), (34, -12), (22, 30), (-22, 30), (-34, -12)))
    slice_ = (
        stamp(circle(0, 0, 52), HOE)
        + stamp(circle(0, 0, 41), DIEP, 2.8)
        + fill(circle(0, 0, 36), VANG)
        + line(path(segments), 3)
    )
    return (
        line(path("M182 250L226 64L274 50"), 8)
        + fill(path("M118 186H284L269 318C267 328 260 333 248 333H152C142 333 136 328 134 318z"), juice)
        + stamp(ellipse(200, 186, 83, 15), DIEU if juice == SON else "#F8D98A", 3)
        + line(path(glass))
        + line(ellipse(200, 138, 88, 17))
        + line(path("M146 214L156 306"), 5, DIEP)
        + stamp(rect(178, 224, 34, 34, 5), DIEP, 3)
        + stamp(rect(212, 254, 32, 32, 5), DIEP, 3)
        + place(slice_, 292, 124, 12)
        + leaf(330, 336, -150, 60, 20)
    )


def juice_bottles(rng: Random) -> str:
    """Two small bottles with cloth lids and a plum before them."""
    one, two = rng.choice(((MAN, VANG), (SON, HOE)))
    flask = (
        "M-34 -184H34V-158C36 -138 60 -130 60 -104V-14C60 -4 54 0 46 0H-46C-54 0 -60 -4 -60 -14V-104C-60 "
        "-130 -36 -138 -34 -158z"
    )
    body = ""
    for x, colour, size in ((138, one, 1.18), (274, two, 1.0)):
        label = (
            stamp(rect(-44, -98, 88, 62), DIEP, 3.2) + stamp(circle(0, -64, 18), colour, 2.8) + leaf(2, -82, -30, 26, 9)
        )
        lid = stamp(path("M-46 -182C-44 -214 44 -214 46 -182C32 -190 20 -176 0 -184C-20 -176 -32 -190 -46 -182z"), DIEP)
        body += place(stamp(path(flask), colour) + label + lid + line(path("M-44 -24H44"), 2.6), x, 334, 0, size)
    plum = stamp(circle(0, 0, 30), MAN) + line(path("M2 -30C-8 -10 -8 10 0 28"), 3) + leaf(2, -30, -40, 42, 14)
    return body + place(plum, 204, 314)


def dropper_bottle(rng: Random) -> str:
    """A dropper bottle of oil beside a flower."""
    glass = rng.choice((NAU, DONG))
    flower = "".join(
        place(stamp(path("M0 0C-24 -16 -24 -46 0 -58C24 -46 24 -16 0 0z"), DIEP, 3.4), 0, 0, 60 * i) for i in range(6)
    )
    return (
        sprig(304, 330, 10, 0.86)
        + stamp(rect(158, 126, 64, 30, 3), INK)
        + stamp(path("M170 126V84C170 62 210 62 210 84V126z"), SON)
        + stamp(
            path(
                "M164 156H216V178C246 182 266 196 266 222V314C266 326 258 334 246 334H134C122 334 114 326 114 314"
                "V222C114 196 134 182 164 178z"
            ),
            glass,
        )
        + stamp(rect(114, 224, 152, 74), DIEP, 3.4)
        + leaf(190, 284, -90, 48, 17)
        + leaf(188, 286, -148, 44, 14)
        + leaf(192, 286, -32, 44, 14)
        + line(path("M132 216C134 204 146 198 158 196"), 4, DIEP)
        + place(flower + stamp(circle(0, 0, 15), HOE, 3.2), 78, 306, 10, 0.86)
    )


def soaps(rng: Random) -> str:
    """Three bars of soap tied with string."""
    colours = rng.sample((DIEP, "#A9C77C", DIEU, ROM, "#84B6A6"), 3)
    body = ""
    for i, colour in enumerate(colours):
        x, y, w = 88 + 18 * i, 272 - 64 * i, 224 - 36 * i
        bar = stamp(
            path(
                f"M{x} {y + 18}C{x} {y + 4} {x + 8} {y} {x + 20} {y}H{x + w - 20}C{x + w - 8} {y} {x + w} {y + 4} "
                f"{x + w} {y + 18}V{y + 62}H{x}z"
            ),
            colour,
        )
        flecks = "".join(
            f"M{x + 26 + dx} {y + 22 + dy}l7 4" for dx, dy in ((0, 0), (24, 20), (w * 2 // 3, 6), (w // 2 + 20, 26))
        )
        body += bar + line(path(flecks), 3)
    string = line(path("M188 144V334M210 144V334"), 2.6) + line(
        path("M199 144C160 110 150 150 199 146C248 150 240 108 199 144"), 3.4
    )
    return body + string + leaf(206, 142, -52, 74, 24) + leaf(196, 142, -126, 66, 22)


def cream_jar(rng: Random) -> str:
    """An open jar of balm, its lid leaning on it."""
    pot = rng.choice((DIEP, LAM))
    body = "M96 236C92 268 94 306 104 322C110 332 120 336 132 336H240C252 336 262 332 268 322C278 306 280 268 276 236"
    petal = path("M0 0C-16 -12 -16 -34 0 -44C16 -34 16 -12 0 0z")
    blossom = "".join(place(stamp(petal, DIEU, 3), 0, 0, 72 * i) for i in range(5)) + stamp(circle(0, 0, 10), HOE, 2.8)
    return (
        place(stamp(ellipse(0, 0, 40, 78), DONG) + line(ellipse(6, 0, 30, 66), 2.6), 306, 262, 14)
        + vessel(body, (186, 236, 90, 24), pot, DONG)
        + stamp(path("M112 234C126 196 166 206 176 178C206 186 206 212 258 232C226 250 146 250 112 234z"), DIEP, 3.4)
        + line(path("M98 272C140 286 232 286 275 272M100 306C140 320 232 320 272 306"), 3)
        + place(blossom, 186, 300, 0, 0.56)
        + place(blossom, 92, 146, 12, 0.95)
        + leaf(108, 170, 40, 50, 16)
    )
