"""Tea, rice, honey and noodles."""

from random import Random

from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DONG,
    HOE,
    LA,
    NAU,
    ROM,
    SON,
    VANG,
    bee,
    circle,
    cup,
    ear,
    ellipse,
    fill,
    hexagon,
    leaf,
    line,
    n,
    path,
    place,
    rect,
    sprig,
    stamp,
    vessel,
)


def tea_packet(rng: Random) -> str:
    """A folded packet with a leaf on its label, and a shoot beside it."""
    colour = rng.choice((DONG, DIEP, CHAM))
    emblem = leaf(0, 14, -90, 52, 17) + leaf(-2, 16, -145, 40, 13) + leaf(2, 16, -35, 40, 13)
    return (
        sprig(312, 330, 4, 1.02)
        + stamp(path("M112 142L128 98L254 98L270 142z"), colour)
        + stamp(path("M112 142H270L278 330H106z"), colour)
        + line(path("M128 98L146 142M254 98L236 142"), 3)
        + stamp(rect(144, 176, 94, 106), HOE, 3.2)
        + line(rect(152, 184, 78, 90), 2.2)
        + place(emblem, 191, 236)
    )


def tea_pot(rng: Random) -> str:
    """A round clay pot and a cup of tea."""
    clay, lid = rng.choice(((VANG, SON), (VANG, SON), (DONG, HOE)))
    belly = path(
        "M84 238C84 184 126 170 176 170C228 170 268 184 268 238C268 292 232 322 176 322C120 322 84 292 84 238z"
    )
    spout = path("M252 216C288 214 304 190 324 160L346 174C336 224 312 270 250 282z")
    leaves = leaf(176, 284, -158, 62, 20) + leaf(180, 284, -22, 62, 20)
    return (
        line(path("M96 200C30 182 28 288 100 284"), 13)
        + stamp(spout, clay)
        + stamp(belly, clay)
        + fill(path("M104 276C120 304 146 314 172 316C150 306 126 294 104 276z"), NAU)
        + stamp(path("M122 176C126 148 148 138 176 138C206 138 226 148 230 176C200 182 152 182 122 176z"), lid)
        + stamp(circle(176, 126, 14), HOE)
        + line(path("M112 228C150 240 204 240 240 228"), 3)
        + leaves
        + cup(318, 338, LA)
    )


def tea_bowl(rng: Random) -> str:
    """A bowl of tea with a shoot in it."""
    glaze = rng.choice((DIEP, DIEP, "#DCE7EE"))
    body = "M88 218C90 292 142 328 200 328C260 328 310 292 312 218"
    return (
        stamp(path("M156 326H246L254 342H148z"), CHAM)
        + vessel(body, (200, 218, 112, 29), glaze, LA)
        + fill(ellipse(202, 219, 86, 17), HOE)
        + line(path("M116 266c20 12 34 8 48 -4s34 -10 48 4s34 12 68 -2"), 3.6)
        + sprig(206, 220, 4, 1.1)
    )


def rice_sack(rng: Random) -> str:
    """A tied sack between two ears."""
    cloth = rng.choice((DIEP, ROM))
    grains = "".join(
        stamp(ellipse(0, 0, 17, 8.5), DIEP, 2.6).join((f'<g transform="translate({x} {y}) rotate({turn})">', "</g>"))
        for x, y, turn in ((184, 246, -24), (219, 242, 28), (180, 276, 14), (217, 276, -12))
    )
    return (
        ear(116, 312, -24, 1.12)
        + ear(288, 312, 24, 1.12)
        + stamp(path("M144 104C176 116 224 116 256 104C236 128 238 150 250 170H150C162 150 164 128 144 104z"), ROM)
        + stamp(path("M146 184C116 220 108 280 112 332H290C294 280 284 220 254 184z"), cloth)
        + stamp(path("M142 168H258V186H142z"), SON, 3.4)
        + line(path("M142 177H258"), 2.2)
        + stamp(circle(200, 260, 50), HOE, 3.4)
        + grains
    )


def _rice_bowl(colour: str) -> str:
    ticks = "".join(
        f"M{x} {y}q5 -5 10 0"
        for x, y in ((150, 178), (184, 152), (226, 160), (250, 194), (206, 190), (168, 206), (226, 214))
    )
    diamonds = "".join(f"M{x} {y}l12 12l-12 12l-12 -12z" for x, y in ((138, 258), (200, 272), (262, 258)))
    return (
        ear(306, 246, 24, 1.22)
        + stamp(path("M148 342L158 320H242L252 342z"), DIEP)
        + stamp(path("M94 236C92 160 150 126 200 126C252 126 308 160 306 236z"), DIEP)
        + line(path(ticks), 2.6)
        + stamp(path("M82 232H318C316 292 268 324 200 324C132 324 84 292 82 232z"), colour)
        + line(path("M84 246H316"), 3)
        + fill(path(diamonds), DIEP)
    )


def rice_bowl(_rng: Random) -> str:
    """A heaped green bowl and an ear."""
    return _rice_bowl(DONG)


def rice_bowl_red(_rng: Random) -> str:
    """A heaped red bowl and an ear."""
    return _rice_bowl(SON)


def _jar(lid: str) -> str:
    cells = "".join(stamp(hexagon(x, y, 17), HOE, 3) for x, y in ((184, 236), (216, 236), (200, 264)))
    return (
        stamp(path("M122 176H278C290 186 292 196 292 212V300C292 322 284 332 264 332H136C116 332 108 322 108 300V212"
"C108 196 110 186 122 176z"), HOE)
        + fill(path("M116 248H290V300C290 318 282 327 264 327H136C120 327 114 318 114 300z"), VANG)
        + stamp(rect(122, 146, 156, 30), NAU)
        + stamp(path("M96 152C112 100 156 88 200 88C244 88 290 100 304 152C290 142 286 160 272 148C262 164 252 146 "
"240 150C228 164 216 146 202 150C188 164 176 146 162 150C150 164 138 144 128 148C116 160 110 142 "
"96 152z"), lid)
        + stamp(rect(148, 206, 104, 86), DIEP, 3.2)
        + cells
        + line(path("M124 212V270"), 4.6)
    )  # fmt: skip


def honey_jar(rng: Random) -> str:
    """A jar under a cloth, and one bee."""
    return _jar(rng.choice((DIEP, SON))) + bee(330, 118, -8, 1.02)


def honey_jar_bees(_rng: Random) -> str:
    """A jar under a blue cloth between two bees."""
    return _jar(CHAM) + bee(332, 108, -8, 1) + bee(66, 190, 12, 0.86)


def honey_comb(rng: Random) -> str:
    """A piece of comb, a dipper, two bees."""
    cells = ""
    for row, (start, count) in enumerate(((150, 3), (125, 4), (100, 5), (125, 4), (150, 3))):
        for i in range(count):
            colour = rng.choice((HOE, HOE, VANG, "#F8D98A"))
            cells += stamp(hexagon(start + 49 * i, 118 + 43 * row, 28), colour, 3.6)
    lines = path("M-30 -14H30M-36 0H36M-30 14H30")
    dipper = line(path("M0 -30L0 -128"), 9) + stamp(ellipse(0, 0, 37, 34), ROM) + line(lines, 3)
    return cells + place(dipper, 282, 322, 34) + bee(322, 82, -10, 1.1) + bee(86, 262, 10, 0.95)


def _skein(tie: str) -> str:
    """A bundle of noodles around 0,0, tied at the waist."""
    edge = (
        "M-52 -112C-30 -128 30 -128 52 -112C44 -60 30 -30 32 0C34 40 46 78 46 104C24 118 -24 118 -46 104"
        "C-46 78 -34 40 -32 0C-30 -30 -44 -60 -52 -112z"
    )
    hairs = "".join(
        (
            f"M{n(9.6 * i)} {n(-119 + abs(i) * 0.8)}C{n(8 * i)} -60 {n(5.6 * i)} -30 {n(5.6 * i)} 0"
            f"C{n(6 * i)} 40 {n(8.6 * i)} 80 {n(8.6 * i)} {n(112 - abs(i) * 0.8)}"
        )
        for i in range(-4, 5)
    )
    band = stamp(path("M-34 -12C-16 -6 16 -6 34 -12V8C16 14 -16 14 -34 8z"), tie, 3.2)
    return stamp(path(edge), DIEP) + line(path(hairs), 2) + band


def noodle_skeins(rng: Random) -> str:
    """Three tied bundles, standing."""
    tie = rng.choice((SON, CHAM))
    side = _skein(tie)
    return place(side, 118, 222, -9, 0.98) + place(side, 284, 222, 9, 0.98) + place(side, 200, 212, 0, 1.06)


def noodle_pole(rng: Random) -> str:
    """Four hanks drying on a pole."""
    body = ""
    for i in range(4):
        x, end = 52 + 78 * i, 314 + rng.randint(-6, 8)
        hank = path(
            f"M{x} 88H{x + 62}C{x + 58} 160 {x + 60} 240 {x + 58} {end}C{x + 40} {end + 8} {x + 22} {end + 8} "
            f"{x + 6} {end}C{x + 4} 240 {x + 4} 160 {x} 88z"
        )
        hairs = "".join(f"M{x + 6 + 7 * k} 92L{x + 9 + 6 * k} {end}" for k in range(1, 8))
        body += stamp(hank, DIEP) + line(path(hairs), 1.9)
    return body


def noodle_bowl(_rng: Random) -> str:
    """A blue bowl of noodles with chopsticks."""
    arcs = "".join(
        (
            f"M{n(128 + 9 * i)} {n(218 - 2 * i)}C{n(140 + 6 * i)} {n(150 + 9 * i)} {n(220 + 4 * i)} "
            f"{n(138 + 13 * i)} {n(262 - 2 * i)} {n(214 - i)}"
        )
        for i in range(6)
    )
    return (
        line(path("M262 214L352 96M278 216L366 110"), 6)
        + stamp(path("M148 342L158 324H242L252 342z"), CHAM)
        + stamp(path("M80 226C82 296 136 328 200 328C264 328 318 296 320 226"), CHAM)
        + stamp(ellipse(200, 226, 120, 28), VANG)
        + stamp(path("M112 226C112 160 156 132 196 132C240 132 280 160 280 226C236 242 156 242 112 226z"), DIEP)
        + line(path(arcs), 2.2)
        + leaf(196, 164, -152, 50, 17)
        + leaf(198, 164, -24, 50, 17)
    )
