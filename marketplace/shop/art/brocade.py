"""Brocade: bands of diamonds, teeth, stars and crosses, shuffled by the seed, and the things woven of it."""

from random import Random

from marketplace.shop.art.ink import CHAM, DIEP, DONG, HOE, INK, MAN, SON, VANG, fill, line, n, path, place, stamp

GROUNDS = ((SON, HOE), (HOE, SON), (CHAM, DIEP), (DIEP, SON), (DONG, HOE), (MAN, HOE), (DIEP, CHAM), (VANG, CHAM))


def _figures(kind: str, x: float, y: float, w: float, h: float) -> str:
    """One row of a figure as the data of a path."""
    step = h * 1.25 if kind != "teeth" else h * 0.72
    count = max(3, round(w / step))
    step, half = w / count, h * 0.36
    row = ""
    for i in range(count):
        cx, cy = x + step * (i + 0.5), y + h / 2
        if kind == "diamonds":
            row += f"M{n(cx)} {n(cy - half)}l{n(half)} {n(half)}l{n(-half)} {n(half)}l{n(-half)} {n(-half)}z"
        elif kind == "teeth":
            row += f"M{n(x + step * i)} {n(y + h)}l{n(step / 2)} {n(-h)}l{n(step / 2)} {n(h)}z"
        elif kind == "crosses":
            t = h * 0.11
            row += (
                f"M{n(cx - t)} {n(cy - half)}h{n(2 * t)}v{n(half - t)}h{n(half - t)}v{n(2 * t)}h{n(t - half)}"
                f"v{n(half - t)}h{n(-2 * t)}v{n(t - half)}h{n(t - half)}v{n(-2 * t)}h{n(half - t)}z"
            )
        else:
            a, b = half * 1.1, half * 0.4
            row += (
                f"M{n(cx)} {n(cy - a)}l{n(b)} {n(a - b)}l{n(a - b)} {n(b)}l{n(b - a)} {n(b)}l{n(-b)} "
                f"{n(a - b)}l{n(-b)} {n(b - a)}l{n(b - a)} {n(-b)}l{n(a - b)} {n(-b)}z"
            )
    return row


def bands(rng: Random, x: float, y: float, w: float, heights: list[float]) -> str:
    """Rows of figures one under the other; each row differs from the one above."""
    kinds, grounds = ["diamonds", "teeth", "stars", "crosses"], list(GROUNDS)
    rng.shuffle(kinds)
    rng.shuffle(grounds)
    body, rules = "", ""
    for i, h in enumerate(heights):
        ground, figure = grounds[i % len(grounds)]
        body += f'<path d="M{n(x)} {n(y)}h{n(w)}v{n(h)}h{n(-w)}z" fill="{ground}"/>'
        if h >= 13:
            row = _figures(kinds[i % 4], x, y, w, h)
            body += f'<path d="{row}" fill="{figure}"/>'
        y += h
        rules += f"M{n(x)} {n(y)}h{n(w)}"
    return body + line(path(rules), 2.4)


def hanging_cloth(rng: Random) -> str:
    """A length of cloth over a rod, with its fringe."""
    fringe = "".join(f"M{x} 318V340" for x in range(98, 309, 16))
    rod = stamp(path("M54 66L346 62V84L54 88z"), "#8A5A33")
    return (
        line(path(fringe), 3)
        + bands(rng, 90, 84, 220, [38, 16, 34, 14, 40, 34, 12, 30, 18])
        + line(path("M90 84V320H310V84"))
        + rod
    )


def folded_stack(rng: Random) -> str:
    """Four folded pieces, one on the other."""
    body = ""
    for i, (x, w) in enumerate(((76, 248), (88, 230), (96, 206), (104, 186))):
        y = 270 - 58 * i
        shift = rng.randint(-5, 5)
        frame = path(f"M{x + 12} {y}H{x + w}V{y + 58}H{x + 12}C{x - 8} {y + 58} {x - 8} {y} {x + 12} {y}z")
        body += place(stamp(frame, DIEP) + bands(rng, x + 12, y + 2, w - 12, [20, 10, 25]) + line(frame), shift, 0)
    return body


def woven_bag(rng: Random) -> str:
    """A bag with a round handle."""
    clip = '<clipPath id="bag"><path d="M94 146H306L326 334H74z"/></clipPath>'
    inside = f'<g clip-path="url(#bag)">{bands(rng, 70, 146, 260, [30, 22, 40, 14, 34, 22, 28])}</g>'
    return (
        line(path("M134 146C134 62 266 62 266 146"), 11)
        + clip
        + inside
        + line(path("M94 146H306L326 334H74z"))
        + fill(path("M128 140h14v16h-14zM258 140h14v16h-14z"), INK)
    )
