"""Household crafts and places to visit."""

from random import Random

from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DIEU,
    DONG,
    LA,
    LAM,
    MAN,
    NAU,
    ROM,
    SON,
    circle,
    fill,
    leaf,
    line,
    n,
    path,
    place,
    stamp,
    vessel,
)


def basket(rng: Random) -> str:
    """A back basket with its strap."""
    weave = "".join(
        f"M{n(96 + 3.2 * i)} {190 + 22 * i}C150 {206 + 22 * i} 250 {206 + 22 * i} {n(304 - 3.2 * i)} {190 + 22 * i}"
        for i in range(7)
    )
    ribs = "".join(
        f"M{x} {n(176 + 0.0011 * (200 - abs(x - 200)) ** 2 - 20)}L{n(200 + (x - 200) * 0.78)} 334"
        for x in (122, 148, 174, 200, 226, 252, 278)
    )
    strap = rng.choice((SON, CHAM))
    return (
        line(path("M126 162C110 60 290 60 274 162"), 12)
        + line(path("M126 162C110 60 290 60 274 162"), 5, strap)
        + vessel(
            "M88 166L118 322C122 332 130 336 142 336H258C270 336 278 332 282 322L312 166", (200, 166, 112, 27), ROM, NAU
        )
        + line(path(ribs), 2.2)
        + line(path(weave), 2.4)
        + line(path("M90 178C140 204 260 204 310 178"), 7, strap)
        + line(path("M88 166C140 206 260 206 312 166M92 184C140 210 260 210 308 184"), 3)
    )


def conical_hat(_rng: Random) -> str:
    """A leaf hat with a red ribbon."""
    rings = "".join(
        (
            f"M{n(200 - 22 * i)} {n(104 + 26 * i)}C{n(200 - 9 * i)} {n(112 + 30 * i)} {n(200 + 9 * i)} "
            f"{n(112 + 30 * i)} {n(200 + 22 * i)} {n(104 + 26 * i)}"
        )
        for i in range(1, 7)
    )
    ribs = path("M200 84L96 288M200 84L150 306M200 84V312M200 84L250 306M200 84L304 288")
    return (
        stamp(path("M128 296C128 360 240 372 268 298C262 344 168 346 160 298z"), SON)
        + stamp(path("M200 78C206 78 344 262 352 284C300 324 100 324 48 284C56 262 194 78 200 78z"), ROM)
        + line(ribs, 2)
        + line(path(rings), 2.4)
        + line(path("M56 276C110 312 290 312 344 276"), 3.4)
        + stamp(circle(200, 82, 9), SON, 3.4)
    )


def vase(rng: Random) -> str:
    """A blue and white vase with a spray of willow."""
    glaze = rng.choice((DIEP, "#DCE7EE"))
    body = "M166 128C172 152 160 162 136 182C96 216 92 286 140 336H260C308 286 304 216 264 182C240 162 228 152 234 128"
    return (
        line(path("M196 126C186 90 160 66 118 56M204 126C214 84 246 62 290 58M200 126V44"), 4)
        + leaf(118, 56, 150, 46, 14)
        + leaf(160, 78, -160, 44, 13)
        + leaf(290, 58, 10, 48, 14)
        + leaf(244, 74, -64, 42, 13)
        + leaf(200, 46, -90, 32, 11)
        + vessel(body, (200, 128, 34, 10), glaze, CHAM)
        + line(path("M118 204C150 216 250 216 282 204M112 296C150 310 250 310 288 296"), 4, CHAM)
        + fill(path("M200 222C222 236 230 252 200 288C170 252 178 236 200 222z"), CHAM)
        + line(
            path(
                "M200 288C190 262 160 246 136 252C144 276 170 288 200 288C230 288 256 276 264 252C240 246 210 "
                "262 200 288"
            ),
            4,
            CHAM,
        )
    )


def house(x: float, y: float, size: float = 1) -> str:
    """A house on stilts, standing on y."""
    rows = line(path("M-104 -104H104M-96 -126H96"), 2.2)
    return place(
        line(path("M-84 -48V0M-42 -48V0M42 -48V0M84 -48V0"), 8)
        + stamp(path("M-96 -92H96V-46H-96z"), ROM)
        + line(path("M-64 -92V-48M64 -92V-48"), 2.6)
        + stamp(path("M-20 -90H20V-48H-20z"), MAN, 3.4)
        + stamp(path("M-52 -82h20v20h-20zM34 -82h20v20h-20z"), DIEP, 3)
        + stamp(path("M-102 -44H102V-56H-102z"), NAU, 3.4)
        + stamp(path("M-126 -86L-74 -160H74L126 -86z"), NAU)
        + rows
        + line(path("M-74 -160l-14 -14M74 -160l14 -14M-50 -158L-74 -90M0 -158V-90M50 -158L74 -90"), 3)
        + line(path("M26 -44L46 0M44 -44L64 0M31 -32h18M37 -18h18"), 3.4),
        x, y, 0, size,
    )  # fmt: skip


def stilt_house(rng: Random) -> str:
    """A stilt house under its trees."""
    side = rng.choice((-1, 1))
    tree = (
        line(path("M0 0V-76"), 7)
        + stamp(path("M0 -176C34 -166 48 -120 42 -90C30 -66 -30 -66 -42 -90C-48 -120 -34 -166 0 -176z"), DONG)
        + line(path("M0 -80V-150M0 -100l18 -16M0 -112l-18 -16"), 3)
    )
    return (
        place(tree, 200 + side * 148, 346, 0, 0.9) + house(200, 346, 1.06) + place(tree, 200 - side * 156, 356, 0, 0.68)
    )


def raft(_rng: Random) -> str:
    """A boat on quiet water."""
    ripples = line(
        path("M36 330C70 322 96 338 130 330M250 346C284 338 316 354 356 344M60 364C100 356 130 372 170 364"), 3.4, DIEP
    )
    person = (
        stamp(path("M-22 0C-26 -40 -14 -62 0 -64C14 -62 26 -40 22 0z"), CHAM)
        + stamp(circle(0, -76, 14), DIEU, 3.2)
        + stamp(path("M-44 -78L0 -112L44 -78C20 -70 -20 -70 -44 -78z"), ROM)
    )
    return (
        line(path("M268 318L320 130"), 6)
        + place(person, 240, 286, 4)
        + stamp(path("M118 286V246C118 216 190 216 190 246V286z"), NAU)
        + line(path("M118 260H190M134 228V284M154 224V284M174 228V284"), 2.4)
        + stamp(path("M52 270C110 290 280 290 352 262C336 306 300 322 200 322C110 322 72 306 52 270z"), ROM)
        + line(path("M70 288C130 304 270 304 334 282"), 3)
        + ripples
    )


def gate(_rng: Random) -> str:
    """A swinging bridge of bamboo between two hills."""
    slats = "".join(f"M{x} {n(232 + 34 * (1 - ((x - 200) / 140) ** 2))}v16" for x in range(74, 330, 18))
    ropes = "".join(
        f"M{x} {n(176 + 40 * (1 - ((x - 200) / 140) ** 2))}V{n(232 + 34 * (1 - ((x - 200) / 140) ** 2))}"
        for x in range(88, 320, 32)
    )
    return (
        fill(
            path(
                "M0 400V232C40 220 64 232 76 262C70 310 84 360 96 400zM400 400V226C360 216 338 228 324 262C334 "
                "310 318 360 306 400z"
            ),
            LA,
        )
        + line(
            path(
                "M0 232C40 220 64 232 76 262C70 310 84 360 96 400M400 226C360 216 338 228 324 262C334 310 318 "
                "360 306 400"
            )
        )
        + fill(path("M96 400C104 372 140 366 200 372S300 366 306 400z"), LAM)
        + line(path("M130 384C150 378 170 390 190 384M220 390C240 384 256 394 272 388"), 3, DIEP)
        + line(path(ropes), 2.4)
        + line(path("M60 176C110 228 290 228 340 172"), 3.4)
        + stamp(path("M60 234C110 280 290 280 340 232V248C290 296 110 296 60 250z"), ROM)
        + line(path(slats), 2.4)
        + stamp(path("M50 158H66V266H50zM334 154H350V264H334z"), NAU)
    )
