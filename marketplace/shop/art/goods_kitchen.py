"""Vegetables, cakes and seasonings."""

from random import Random

from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DIEU,
    DONG,
    HOE,
    LA,
    LAM,
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
    stamp,
    vessel,
)


def cabbages(rng: Random) -> str:
    """A head of cabbage, carrots and a chilli."""
    dark = rng.choice((LA, DONG))
    carrot = stamp(path("M0 0C18 -18 40 -14 48 4C34 46 18 86 2 112C-8 80 -10 34 0 0z"), VANG) + line(
        path("M8 22h16M6 46h14M18 66h8"), 2.8
    )
    return (
        leaf(286, 214, -118, 76, 20)
        + leaf(290, 214, -64, 80, 20)
        + leaf(288, 212, -92, 86, 20)
        + place(carrot, 262, 226, 6)
        + place(carrot, 300, 230, -22)
        + stamp(
            path(
                "M60 250C50 180 110 130 160 134C220 130 262 190 250 256C244 312 200 336 156 336C106 336 66 308 60 250z"
            ),
            dark,
        )
        + stamp(
            path(
                "M92 240C92 190 124 158 158 160C196 160 222 198 218 244C210 296 186 312 156 312C120 312 94 290 92 240z"
            ),
            "#A9C77C",
        )
        + line(
            path(
                "M156 312C150 260 152 210 158 162M154 276C130 262 112 244 104 222M155 276C180 262 198 244 206 222"
                "M154 232C138 220 128 206 124 192M156 232C172 220 182 206 188 190"
            ),
            3,
        )
        + line(path("M78 286C70 262 72 226 84 200M234 286C240 262 240 226 228 200"), 3)
    )


def pumpkin(rng: Random) -> str:
    """A pumpkin with its tendril, and bamboo shoots."""
    rind = rng.choice((VANG, HOE))
    ribs = path("M186 168C140 190 136 300 178 334M204 168C206 220 206 290 204 338M222 168C270 190 274 300 232 334")
    shoot = stamp(path("M-30 0C-34 -60 -20 -110 0 -136C20 -110 34 -60 30 0z"), ROM) + line(
        path("M-31 -20C-10 -40 4 -70 4 -116M31 -34C14 -44 -8 -30 -20 0M-26 -66C-10 -84 -4 -100 0 -126"), 3
    )
    return (
        place(shoot, 318, 334, 14)
        + place(shoot, 346, 338, 30, 0.72)
        + stamp(
            path(
                "M204 166C270 140 322 190 316 254C312 310 264 340 204 340C144 340 96 310 92 254C86 190 138 140 204 166z"
            ),
            rind,
        )
        + line(ribs, 3.4)
        + line(path("M204 138C240 120 262 100 300 108C320 114 312 134 300 126"), 3.4)
        + stamp(path("M190 166C188 140 176 128 170 108L204 98C202 122 214 142 222 166z"), LA)
        + leaf(196, 132, -164, 84, 30)
        + line(path("M116 232C112 262 120 286 134 302"), 5, DIEP)
    )


def corn(_rng: Random) -> str:
    """Two cobs of maize in their husks."""
    rows = "".join(f"M{x} -96V64" for x in (-22, -8, 8, 22)) + "".join(f"M-34 {y}H34" for y in range(-84, 60, 18))
    cob = stamp(path("M-36 70C-46 -20 -30 -104 0 -124C30 -104 46 -20 36 70z"), HOE) + line(path(rows), 2.2)
    husk = stamp(path("M0 118C-50 90 -70 20 -62 -50C-30 -10 -10 50 0 118z"), LA) + stamp(
        path("M0 118C50 90 70 20 62 -50C30 -10 10 50 0 118z"), "#8DB25E"
    )
    veins = line(path("M-6 96C-26 60 -44 20 -54 -22M6 96C26 60 44 20 54 -22"), 2.6)
    return place(cob + husk + veins, 136, 218, -12, 0.98) + place(cob + husk + veins, 268, 214, 14, 1.02)


def square_cakes(_rng: Random) -> str:
    """Square cakes in leaves, tied with bamboo string."""
    one = (
        stamp(path("M-82 -34L0 -58L86 -30L4 -2z"), "#8DB25E")
        + stamp(path("M-82 -34L4 -2V66L-80 34z"), LA)
        + stamp(path("M4 -2L86 -30V38L4 66z"), DONG)
    )
    string = line(path("M-40 -46L46 -16V52M-40 -18V50M44 -44L-40 -18M44 -16V52M-82 0L4 32L86 4"), 3, ROM) + line(
        path("M-40 -46L46 -16M44 -44L-40 -18"), 1.4
    )
    return (
        place(one + string, 148, 268, 0, 0.98)
        + place(one + string, 268, 278, 0, 0.84)
        + place(one + string, 204, 184, 0, 0.94)
    )


def round_cakes(rng: Random) -> str:
    """A pile of round cakes, one broken open."""
    top = rng.choice((DIEP, ROM))
    one = (
        stamp(path("M-74 0V26C-74 46 74 46 74 26V0z"), ROM)
        + stamp(ellipse(0, 0, 74, 24), top)
        + line(path("M-40 -4q6 -6 12 0M-8 8q6 -6 12 0M24 -6q6 -6 12 0M6 -12q5 -5 10 0"), 2.6)
    )
    return (
        place(one, 128, 290)
        + place(one, 272, 294)
        + place(one, 200, 244)
        + place(one, 196, 192, 0, 0.94)
        + stamp(circle(198, 150, 34), SON)
        + fill(path("M178 140C184 126 196 122 206 124C194 128 186 136 184 146z"), DIEU)
        + leaf(200, 118, -30, 56, 18)
    )


def chillies(_rng: Random) -> str:
    """Chillies hung up to dry."""
    body = ""
    for i, x in enumerate((70, 124, 178, 232, 286, 336)):
        y, turn = 130 + 26 * (i % 2), (14, -10, 8, -8, 10, -14)[i]
        pod = stamp(path("M-20 0C-26 60 -10 116 22 146C26 104 26 50 20 0C8 -10 -10 -10 -20 0z"), SON if i % 3 else VANG)
        crown = stamp(path("M-22 4C-18 -14 18 -14 22 4C10 10 -10 10 -22 4z"), LA, 3.4)
        shine = fill(path("M-12 16C-14 50 -8 76 0 96C-4 66 -6 40 -6 16z"), DIEU)
        body += line(path(f"M{x} 84V{y - 6}"), 3.4) + place(pod + shine + crown, x, y, turn)
    return body


def spice_jars(rng: Random) -> str:
    """Two pots of spice, and a chilli before them."""
    glaze = rng.choice(((CHAM, LAM), (SON, DIEU), (DONG, "#84B6A6")))
    pot = "M-66 -150C-84 -90 -84 -40 -56 0H56C84 -40 84 -90 66 -150"
    heap = stamp(path("M-60 -152C-40 -186 40 -186 60 -152z"), VANG)
    band = line(path("M-76 -96C-40 -82 40 -82 76 -96M-77 -66C-40 -52 40 -52 77 -66"), 3)
    dots = fill(path("M-44 -72l7 7l-7 7l-7 -7zM0 -66l7 7l-7 7l-7 -7zM44 -72l7 7l-7 7l-7 -7z"), DIEP)
    jar = vessel(pot, (0, -150, 66, 16), glaze[0], glaze[1]) + heap + band + dots
    pod = path("M0 0C40 -22 96 -16 126 16C88 26 30 28 0 0z")
    return (
        place(jar, 138, 334, 0, 1.02)
        + place(jar, 276, 334, 0, 0.84)
        + place(stamp(pod, SON) + stamp(path("M8 -12C-8 -10 -12 8 4 12C14 4 14 -6 8 -12z"), LA, 3.4), 164, 338, -6)
    )
