"""The paper: its torn edge, the pale flecks of shell, what stands behind the goods and what they stand on."""

from collections.abc import Callable
from math import cos, pi, sin, sqrt
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
    NAU,
    ROM,
    SON,
    VANG,
    circle,
    ellipse,
    fill,
    line,
    n,
    path,
    polygon,
    stamp,
)

YELLOW, PINK, BLUE, GREEN = "#F5CE6B", "#F2BFB0", "#B9D0DE", "#B7D5C2"
SHELL, ORANGE, RED, INDIGO = "#EAE4D0", "#EFA768", "#D6492F", "#6F92BF"

NEAR = {
    YELLOW: {HOE, VANG},
    PINK: {DIEU},
    BLUE: {LAM},
    GREEN: set(),
    SHELL: {DIEP},
    ORANGE: {VANG, HOE, DIEU},
    RED: {SON, VANG, DIEU},
    INDIGO: {CHAM, LAM},
}


def deckle(rng: Random) -> str:
    """The torn edge of a sheet: fourteen points a side."""
    steps = [400 * i / 14 for i in range(14)]
    torn = [rng.uniform(1, 6) for _ in range(56)]
    points = (
        [(s, torn[i]) for i, s in enumerate(steps)]
        + [(400 - torn[14 + i], s) for i, s in enumerate(steps)]
        + [(400 - s, 400 - torn[28 + i]) for i, s in enumerate(steps)]
        + [(torn[42 + i], 400 - s) for i, s in enumerate(steps)]
    )
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "z"


def flecks(rng: Random) -> str:
    """Bits of shell in the paper."""
    marks = "".join(
        f"M{rng.randrange(400)} {rng.randrange(400)}l{rng.randint(-4, 4)} {rng.randint(2, 6)}" for _ in range(46)
    )
    return f'<path d="{marks}" stroke="#FFF" stroke-width="1.8" opacity=".5"/>'


def _sun(rng: Random, sheet: str, used: set[str]) -> str:
    return rng.choice([c for c in (SON, VANG, HOE, DIEP, DIEU) if c not in NEAR[sheet] | used])


def disc(rng: Random, sheet: str) -> str:
    """A large sun or moon behind the goods."""
    x, y, r = rng.choice((110, 150, 200, 255, 285)), rng.randint(130, 165), rng.randint(84, 112)
    return fill(circle(x, y, r), _sun(rng, sheet, set()))


def _small_sun(rng: Random, sheet: str) -> str:
    return fill(
        circle(rng.choice((92, 112, 300, 318)), rng.randint(86, 112), rng.randint(38, 46)), _sun(rng, sheet, set())
    )


def ridges(rng: Random, sheet: str) -> str:
    """Two rows of mountains."""
    body = _small_sun(rng, sheet)
    for colour, opacity, high, low in ((DONG, ".5", 190, 270), (DONG, "1", 250, 296)):
        xs = sorted(rng.sample(range(20, 390, 26), 4))
        points: list[tuple[float, float]] = [(0, 344), (0, rng.randint(low - 20, low + 20))]
        for i, x in enumerate(xs):
            points.append((x, rng.randint(high, high + 34)))
            points.append(((x + (xs[i + 1] if i < 3 else 420)) / 2, rng.randint(low, low + 16)))
        points += [(400, low - 10), (400, 344)]
        body += f'<{polygon(points)} fill="{colour}" opacity="{opacity}"/>'
    return body


def terraces(rng: Random, sheet: str) -> str:
    """Fields on a hill, five greens one under the other."""
    body, tilt = _small_sun(rng, sheet), rng.choice((-1, 1))
    greens = ("#8DB25E", LA, "#8DB25E", LA, "#5F8A3B")
    for i, green in enumerate(greens):
        y = 236 + 32 * i
        a, b = y + tilt * 26 + rng.randint(-6, 6), y - tilt * 30 + rng.randint(-6, 6)
        body += fill(path(f"M0 {y}C90 {a - 30} 150 {a} 220 {y - 6}S340 {b} 400 {b + 10}V400H0z"), green)
    return body


def waves(rng: Random, sheet: str) -> str:
    """Rows of scallops, cut off level above the ground."""
    body = _small_sun(rng, sheet)
    dark, light = (CHAM, LAM) if sheet != INDIGO else (CHAM, DIEP)
    row = "".join(f"M{56 * i - 28} 0a28 28 0 0 1 56 0z" for i in range(9))
    ring = "".join(f"M{56 * i - 18} 0a18 18 0 0 1 36 0m-28 0a10 10 0 0 1 20 0" for i in range(9))
    for i in range(4):
        shift, colour = -28 * (i % 2), dark if i % 2 else light
        rings = f'<path d="{ring}" stroke="{DIEP}" stroke-width="4"/>'
        body += f'<g transform="translate({shift} {278 + 24 * i})"><path d="{row}" fill="{colour}"/>{rings}</g>'
    return f'<g transform="translate(0 -6)">{body}</g>'


def rays(rng: Random, _sheet: str) -> str:
    """Light in all directions from behind the goods."""
    y, count, turn = rng.randint(180, 230), 15, rng.random()
    wedges = ""
    for i in range(count):
        a, b = 2 * pi * (i + turn) / count, 2 * pi * (i + turn + 0.5) / count
        wedges += (
            f"M200 {y}L{200 + 340 * cos(a):.0f} {y + 340 * sin(a):.0f}L{200 + 340 * cos(b):.0f} {y + 340 * sin(b):.0f}z"
        )
    return f'<path d="{wedges}" fill="#FFF6DC" opacity=".5"/>'


def tray(_rng: Random) -> str:
    """A woven tray, round, seen from a little above."""
    weave = "".join(
        f"M{200 + x} {n(334 - 21 * sqrt(1 - (x / 144) ** 2))}V{n(334 + 21 * sqrt(1 - (x / 144) ** 2))}"
        for x in range(-126, 127, 21)
    )
    weave += "M60 328C130 320 270 320 340 328M60 340C130 348 270 348 340 340"
    return (
        stamp(ellipse(200, 334, 158, 30), ROM)
        + f'<path d="{weave}" stroke="{NAU}" stroke-width="1.8"/>'
        + line(ellipse(200, 334, 145, 21), 2.6)
    )


def plank(rng: Random) -> str:
    """A wooden board."""
    tilt = rng.randint(-3, 3)
    grain = path("M70 338C110 333 150 343 196 337M160 350C210 345 250 354 300 348M286 337H330")
    return stamp(path(f"M36 {328 - tilt}L364 {326 + tilt}L368 360L32 362z"), NAU) + line(grain, 2.4)


def cloth(rng: Random) -> str:
    """A lacquer tray with a row of diamonds."""
    colour = rng.choice((SON, CHAM, DONG))
    diamonds = "".join(f"M{74 + 28 * i} 332l8 8l-8 8l-8 -8z" for i in range(10))
    return (
        stamp(path("M30 326L370 324L352 362L50 364z"), colour)
        + fill(path(diamonds), INK)
        + line(path("M42 352L358 350"), 3)
    )


def pole(rng: Random) -> str:
    """A bamboo pole for what hangs."""
    y, tilt = 84, rng.randint(-5, 5)
    joints = "".join(f"M{x} {n(y - 8 + tilt * (x - 200) / 180)}v17" for x in (92, 168, 244, 318))
    bar = path(f"M22 {y - 8 - tilt}L378 {y - 8 + tilt}V{y + 9 + tilt}L22 {y + 9 - tilt}z")
    return stamp(bar, ROM) + line(path(joints), 3)


def nothing(_rng: Random) -> str:
    return ""


BACKDROPS: dict[str, Callable[[Random, str], str]] = {
    "disc": disc,
    "ridges": ridges,
    "terraces": terraces,
    "waves": waves,
    "rays": rays,
}
STANDS: dict[str, Callable[[Random], str]] = {
    "tray": tray,
    "plank": plank,
    "cloth": cloth,
    "pole": pole,
    "nothing": nothing,
}
