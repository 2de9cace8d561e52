"""The hand: pigments, and shapes printed twice, first the colour a little off, then the key line."""

from math import cos, pi, sin

INK = "#1E1B18"
SON, CHAM, HOE, DONG = "#C8351F", "#2B4C8C", "#F1B52E", "#2F8570"
VANG, DIEU, DIEP, NAU = "#E27B36", "#EDA79C", "#FBF7EA", "#8A5A33"
LA, LAM, ROM, MAN = "#6F9A45", "#8FB0CF", "#E3C98F", "#7A2A3D"

KEY = 4.2


def n(value: float) -> str:
    """A coordinate as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def path(d: str) -> str:
    return f'path d="{d}"'


def circle(x: float, y: float, r: float) -> str:
    return f'circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}"'


def ellipse(x: float, y: float, rx: float, ry: float) -> str:
    return f'ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(ry)}"'


def rect(x: float, y: float, w: float, h: float, r: float = 0) -> str:
    corner = f' rx="{n(r)}"' if r else ""
    return f'rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"{corner}'


def fill(shape: str, colour: str) -> str:
    """Colour without a line."""
    return f'<{shape} fill="{colour}"/>'


def line(shape: str, width: float = KEY, colour: str = INK) -> str:
    """A line without colour inside."""
    return f'<{shape} stroke="{colour}" stroke-width="{n(width)}"/>'


def stamp(shape: str, colour: str, width: float = KEY) -> str:
    """Colour printed slightly off, then the key line over it."""
    return f'<{shape} fill="{colour}" transform="translate(3.5-2.5)"/>' + line(shape, width)


def place(body: str, x: float, y: float, turn: float = 0, size: float = 1) -> str:
    """Put what was drawn around 0,0 where it belongs."""
    turned = f" rotate({n(turn)})" if turn else ""
    sized = f" scale({size:g})" if size != 1 else ""
    return f'<g transform="translate({n(x)} {n(y)}){turned}{sized}">{body}</g>'


def vessel(body: str, mouth: tuple[float, float, float, float], colour: str, inside: str) -> str:
    """An open vessel: `body` is drawn from rim to rim without the rim's line, the mouth is an ellipse over it."""
    return stamp(path(body), colour) + stamp(ellipse(*mouth), inside)


def polygon(points: list[tuple[float, float]]) -> str:
    return path("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "z")


def star(x: float, y: float, r: float, points: int = 5, inner: float = 0.42) -> str:
    """A star standing on two feet."""
    corners = []
    for i in range(points * 2):
        reach = r if i % 2 == 0 else r * inner
        angle = pi * i / points - pi / 2
        corners.append((x + reach * cos(angle), y + reach * sin(angle)))
    return polygon(corners)


def hexagon(x: float, y: float, r: float) -> str:
    return polygon([(x + r * sin(pi * i / 3), y - r * cos(pi * i / 3)) for i in range(6)])


def leaf(x: float, y: float, turn: float, length: float = 66, width: float = 23, colour: str = LA) -> str:
    """A leaf that grows from x,y towards `turn` degrees, with its midrib and veins."""
    a, b, c, w = length * 0.25, length * 0.75, length, width
    edge = path(f"M0 0C{n(a)} {n(-1.25 * w)} {n(b)} {n(-w)} {n(c)} 0C{n(b)} {n(0.9 * w)} {n(a)} {n(1.1 * w)} 0 0z")
    veins = "".join(
        f"M{n(length * at)} 0l{n(w * 0.42)} {n(-w * reach)}m{n(-w * 0.42)} {n(w * reach)}l{n(w * 0.42)} {n(w * reach)}"
        for at, reach in ((0.24, 0.48), (0.45, 0.5), (0.66, 0.34))
    )
    ribs = path(f"M0 0H{n(length * 0.9)}{veins}")
    return place(stamp(edge, colour, 3.6) + line(ribs, 2.4), x, y, turn)


def sprig(x: float, y: float, turn: float = 0, size: float = 1, colour: str = LA) -> str:
    """A young shoot: a stem with four leaves, growing upwards from x,y."""
    stem = line(path("M0 0C1 -44 8 -82 24 -120"), KEY)
    leaves = (
        leaf(4, -36, -142, 76, 26, colour)
        + leaf(6, -56, -27, 84, 26, colour)
        + leaf(15, -92, -118, 58, 20, colour)
        + leaf(24, -118, -66, 70, 22, colour)
    )
    return place(stem + leaves, x, y, turn, size)


def ear(x: float, y: float, turn: float = 0, size: float = 1, colour: str = HOE) -> str:
    """An ear of rice, growing upwards from x,y."""
    grain = "c-14 -4 -20 -14 -17 -26c12 2 18 12 17 26z"
    other = "c14 -4 20 -14 17 -26c-12 2 -18 12 -17 26z"
    grains = "".join(f"M0 {-34 - 19 * i}{grain}M0 {-34 - 19 * i}{other}" for i in range(5))
    tip = "M0 -128c-9 -10 -9 -20 0 -30c9 10 9 20 0 30z"
    return place(line(path("M0 10V-130"), 3.4) + stamp(path(grains + tip), colour, 3), x, y, turn, size)


def bee(x: float, y: float, turn: float = 0, size: float = 1) -> str:
    """A bee on the wing."""
    wings = stamp(ellipse(-5, -19, 7, 14), DIEP, 2.6) + stamp(ellipse(10, -18, 7, 13), DIEP, 2.6)
    body = stamp(ellipse(2, 0, 22, 14), HOE, 3) + line(path("M-5 -12V13M5 -14V14M14 -10V11"), 4.6)
    return place(wings + body + fill(circle(24, -3, 3), INK), x, y, turn, size)


def fish(x: float, y: float, turn: float = 0, size: float = 1, colour: str = LAM) -> str:
    """A fish looking to the left."""
    tail = stamp(path("M66 0L102 -26L96 2L104 28z"), colour, 3.6)
    body = stamp(path("M-70 2C-44 -34 22 -36 70 0C24 34 -40 36 -70 2z"), colour)
    pale = fill(path("M-50 12C-20 28 30 24 58 6C24 16 -16 20 -50 12z"), DIEP)
    marks = path("M-34 -20C-26 -6 -26 10 -34 22M-8 -10q8 4 0 10M14 -12q8 4 0 10M4 4q8 4 0 10M34 -8q8 4 0 10")
    return place(tail + body + pale + line(marks, 2.8) + fill(circle(-50, -4, 4.6), INK), x, y, turn, size)


def cup(x: float, y: float, tea: str = LA, colour: str = DIEP, size: float = 1) -> str:
    """A small cup that stands on y."""
    body = "M-32 -42C-32 -12 -18 0 0 0C18 0 32 -12 32 -42"
    return place(vessel(body, (0, -42, 32, 9), colour, tea), x, y, 0, size)


def steam(x: float, y: float) -> str:
    """Three breaths of steam rising from x,y."""
    return line(
        path("".join(f"M{n(x + dx)} {n(y)}c-9 -18 9 -30 0 -{h}" for dx, h in ((-28, 46), (0, 60), (28, 46)))), 3
    )
