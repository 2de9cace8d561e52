"""Flowers, plants and ornamental animals."""

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
    fish,
    leaf,
    line,
    n,
    path,
    place,
    stamp,
    vessel,
)


def lotus(rng: Random) -> str:
    """A lotus over its leaf."""
    pale, deep = rng.choice(((DIEU, SON), (DIEP, DIEU)))
    petal = path("M0 0C-46 -34 -42 -104 0 -146C42 -104 46 -34 0 0z")
    veins = line(path("M0 -20V-120M-10 -30C-20 -56 -18 -80 -8 -104M10 -30C20 -56 18 -80 8 -104"), 2.2)
    outer = "".join(place(stamp(petal, deep), 200, 232, turn, 0.98) for turn in (-66, 66))
    middle = "".join(place(stamp(petal, pale) + veins, 200, 232, turn) for turn in (-36, 36))
    return (
        line(path("M200 230C204 270 196 310 200 344"), 7)
        + stamp(
            path(
                "M60 306C92 272 150 270 200 300C250 270 308 272 340 306C300 338 250 344 200 330C150 344 100 338 60 306z"
            ),
            DONG,
        )
        + line(path("M200 304V328M200 314C160 296 120 296 92 308M200 314C240 296 280 296 308 308"), 2.8)
        + outer
        + middle
        + place(stamp(petal, pale) + veins, 200, 236, 0, 1.04)
        + place(stamp(path("M0 0C-30 -16 -46 -42 -48 -68C-22 -60 -6 -36 0 0z"), pale, 3.6), 178, 240)
        + place(stamp(path("M0 0C30 -16 46 -42 48 -68C22 -60 6 -36 0 0z"), pale, 3.6), 222, 240)
    )


def blossom(x: float, y: float, size: float = 1, colour: str = DIEU, turn: float = 0) -> str:
    """A five-petalled blossom."""
    petal = stamp(path("M0 0C-24 -14 -20 -42 0 -42C20 -42 24 -14 0 0z"), colour, 3.2)
    dots = fill(circle(0, 0, 7), HOE) + line(circle(0, 0, 7), 2.6)
    return place("".join(place(petal, 0, 0, 72 * i) for i in range(5)) + dots, x, y, turn, size)


def peach_branch(rng: Random) -> str:
    """A branch of peach blossom in a vase."""
    body = (
        "M166 232C150 246 134 262 134 286C134 312 150 330 164 336H236C250 330 266 312 266 286C266 262 250 246 234 232"
    )
    spots = (
        (92, 76, 1),
        (142, 128, 0.9),
        (246, 68, 0.95),
        (304, 116, 1.05),
        (182, 78, 0.8),
        (258, 148, 0.85),
        (122, 186, 0.7),
        (338, 68, 0.7),
    )
    flowers = "".join(blossom(x, y, s, rng.choice((DIEU, DIEU, SON)), rng.randrange(72)) for x, y, s in spots)
    return (
        line(
            path(
                "M200 236C196 190 150 150 88 70M192 186C170 186 140 190 116 190M198 206C214 150 244 120 312 108"
                "M238 132C244 104 246 84 250 62M286 112C306 96 324 78 344 62M166 140C174 112 178 96 182 76"
            ),
            6,
        )
        + flowers
        + vessel(body, (200, 232, 34, 9), CHAM, INK)
        + line(path("M140 270C170 280 230 280 260 270"), 3.4, DIEP)
        + fill(path("M152 292l10 10l-10 10l-10 -10zM200 298l10 10l-10 10l-10 -10zM248 292l10 10l-10 10l-10 -10z"), DIEP)
    )


def flower_pot(rng: Random) -> str:
    """Chrysanthemums in a clay pot."""
    colour = rng.choice((HOE, DIEP, VANG))
    petal = path("M0 0C-9 -14 -9 -32 0 -44C9 -32 9 -14 0 0z")
    head = "".join(place(stamp(petal, colour, 2.8), 0, 0, 30 * i) for i in range(12)) + stamp(
        circle(0, 0, 14), VANG if colour != VANG else SON, 3
    )
    stems = line(path("M200 256V120M196 256C180 210 140 190 116 166M204 256C222 210 262 190 286 166"), 4.6)
    leaves = (
        leaf(186, 222, -160, 62, 20)
        + leaf(216, 222, -20, 62, 20)
        + leaf(196, 190, -150, 50, 16, DONG)
        + leaf(206, 184, -32, 50, 16, DONG)
    )
    return (
        stems
        + leaves
        + place(head, 114, 158, 8, 1.02)
        + place(head, 286, 156, 4, 1.02)
        + place(head, 200, 104, 0, 1.18)
        + stamp(path("M132 272H268L250 336H150z"), VANG)
        + stamp(path("M120 246H280V274H120z"), VANG)
        + line(path("M150 296C170 304 230 304 252 296"), 3)
    )


def bonsai(_rng: Random) -> str:
    """An old tree in a flat pot."""
    cloud = "M-70 20C-86 -4 -64 -24 -46 -20C-40 -44 -6 -50 8 -32C28 -46 58 -34 58 -12C78 -8 80 18 64 22z"
    tufts = line(path("M-44 4q8 -8 16 0M-8 -14q8 -8 16 0M22 4q8 -8 16 0M-14 10q8 -8 16 0"), 2.8)
    trunk = (
        "M172 300C196 262 150 236 172 196C184 170 176 150 168 124L190 116C198 150 214 160 206 196C204 "
        "214 214 214 244 190L256 204C226 236 206 240 214 262C220 280 222 290 232 300z"
    )
    return (
        stamp(path(trunk), NAU)
        + line(path("M188 290C198 268 180 246 186 216M196 190C198 176 192 160 188 148"), 2.6)
        + place(stamp(path(cloud), DONG) + tufts, 116, 190, -4, 0.9)
        + place(stamp(path(cloud), LA) + tufts, 284, 184, 4, 0.94)
        + place(stamp(path(cloud), DONG) + tufts, 188, 112, 0, 1.16)
        + stamp(path("M104 300H296L282 338H118z"), CHAM)
        + stamp(path("M92 290H308V306H92z"), CHAM)
        + line(path("M130 322H270"), 3, DIEP)
    )


def kumquat(_rng: Random) -> str:
    """A kumquat tree full of fruit."""
    crown = (
        "M200 56C236 58 250 90 262 112C288 136 306 168 302 206C300 234 270 246 200 246C130 246 100 234 "
        "98 206C94 168 112 136 138 112C150 90 164 58 200 56z"
    )
    fruit = "".join(
        stamp(circle(x, y, 15), VANG, 3)
        for x, y in (
            (200, 88),
            (172, 122),
            (226, 124),
            (146, 164),
            (196, 158),
            (250, 166),
            (130, 212),
            (172, 208),
            (220, 212),
            (268, 210),
        )
    )
    leaves = line(
        path(
            "M190 110q8 -8 16 0M158 142q8 -8 16 0M214 146q8 -8 16 0M122 190q8 -8 16 0M162 184q8 -8 16 0M206 "
            "186q8 -8 16 0M250 192q8 -8 16 0M196 230q8 -8 16 0"
        ),
        2.8,
    )
    return (
        stamp(path("M188 240H212V292H188z"), NAU)
        + stamp(path(crown), DONG)
        + leaves
        + fruit
        + stamp(path("M140 290H260C262 312 252 330 240 338H160C148 330 138 312 140 290z"), SON)
        + stamp(path("M128 276H272V294H128z"), SON)
        + fill(path("M200 302l12 12l-12 12l-12 -12z"), HOE)
    )


def bamboo_pot(_rng: Random) -> str:
    """Three canes of bamboo in a pot."""
    body = ""
    for x, top, tilt in ((166, 116, -10), (202, 92, 2), (238, 98, 12)):
        cane = path(f"M{x - 10} 282L{x - 8 + tilt} {top}H{x + 9 + tilt}L{x + 10} 282z")
        joints = "".join(f"M{n(x - 11 + tilt * (282 - y) / 200)} {y}h22" for y in (240, 194, 148, 106) if y > top + 8)
        body += stamp(cane, "#8DB25E") + line(path(joints), 4)
    for x, y, turn in (
        (210, 106, -34),
        (196, 148, -150),
        (158, 150, -170),
        (250, 146, -18),
        (244, 194, 24),
        (160, 196, 158),
        (204, 94, -62),
        (202, 96, -122),
    ):
        body += leaf(x, y, turn, 84, 15, DONG)
    return (
        body
        + stamp(path("M132 284H268C270 312 258 332 244 338H156C142 332 130 312 132 284z"), CHAM)
        + stamp(path("M120 270H280V288H120z"), CHAM)
        + line(path("M148 310H252"), 3, DIEP)
    )


def bird_cage(rng: Random) -> str:
    """A songbird in a bamboo cage."""
    breast = rng.choice((SON, HOE, DONG))
    bars = "".join(f"M{x} {n(112 + ((x - 200) / 20) ** 2 * 2.6)}V306" for x in range(116, 285, 24))
    bird = (
        stamp(path("M-58 26L-96 56L-90 30z"), NAU, 3.4)
        + stamp(
            path("M-62 30C-54 -10 -20 -26 2 -28C8 -52 44 -52 50 -26C54 14 20 46 -14 44C-34 44 -50 40 -62 30z"), breast
        )
        + stamp(path("M-56 26C-40 0 -18 -8 4 -2C2 20 -22 36 -56 26z"), NAU, 3.4)
        + stamp(path("M48 -32L68 -26L49 -18z"), HOE, 3)
        + fill(circle(32, -32, 4), INK)
        + line(path("M-8 44V62M8 44V62"), 3)
    )
    return (
        line(path("M200 70C200 44 226 44 222 60"), 5)
        + f'<path d="M104 306V196C104 130 150 88 200 84C250 88 296 130 296 196V306z" fill="{DIEP}" opacity=".55"/>'
        + line(path("M112 270H288"), 6, NAU)
        + place(bird, 204, 208, 0, 0.98)
        + line(path(bars), 2.4)
        + line(path("M104 306V196C104 130 150 88 200 84C250 88 296 130 296 196V306M106 190C150 202 250 202 294 190"))
        + stamp(circle(200, 78, 10), ROM)
        + stamp(path("M88 306H312L304 334H96z"), NAU)
        + fill(
            path(
                "M128 312l7 7l-7 7l-7 -7zM164 312l7 7l-7 7l-7 -7zM200 312l7 7l-7 7l-7 -7zM236 312l7 7l-7 7l-7 -7z"
                "M272 312l7 7l-7 7l-7 -7z"
            ),
            HOE,
        )
    )


def goldfish_bowl(_rng: Random) -> str:
    """Two goldfish in a round bowl."""
    bowl = "M146 112C90 138 72 190 78 236C84 290 120 334 160 336H240C280 334 316 290 322 236C328 190 310 138 254 112"
    weed = line(path("M128 326C112 296 140 280 124 246M144 328C158 300 134 286 152 262"), 6, LA)
    return (
        fill(
            path("M84 190C130 176 160 202 200 190S280 178 318 192C332 262 290 332 240 334H160C110 332 68 262 84 190z"),
            LAM,
        )
        + weed
        + line(path("M84 190C130 176 160 202 200 190S280 178 318 192"), 3)
        + fish(206, 226, -6, 0.72, VANG)
        + fish(178, 286, 8, 0.56, SON)
        + line(path(bowl))
        + line(ellipse(200, 112, 54, 13))
        + line(path("M100 240C102 272 116 296 136 312"), 4, DIEP)
        + line(circle(118, 214, 6), 2.6)
        + line(circle(128, 196, 4), 2.6)
    )


def two_carp(_rng: Random) -> str:
    """Two carp circling, as on the old prints."""
    ripples = line(path("M70 200C70 120 126 66 204 66M330 204C330 284 274 338 196 338"), 3, DIEP)
    return ripples + fish(182, 132, 14, 1.48, SON) + place(fish(0, 0, 0, 1.48, VANG), 218, 274, 194)
