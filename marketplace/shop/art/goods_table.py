"""Meat, spirits, fruit and fish sauce."""

from random import Random

from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DIEU,
    DONG,
    HOE,
    INK,
    LAM,
    MAN,
    NAU,
    ROM,
    SON,
    VANG,
    circle,
    cup,
    fill,
    fish,
    leaf,
    line,
    path,
    place,
    rect,
    stamp,
    star,
    steam,
    vessel,
)


def meat_strips(rng: Random) -> str:
    """Four strips of smoked meat under the pole."""
    body = ""
    for x in (70, 148, 220, 292):
        end = 258 + rng.choice((0, 18, 36, 50))
        strip = path(
            f"M{x} 122C{x + 14} 112 {x + 40} 112 {x + 52} 122L{x + 46} {end}C{x + 30} {end + 12} {x + 14} "
            f"{end + 12} {x} {end}z"
        )
        lean = path(f"M{x + 15} 122L{x + 12} {end - 2}h10L{x + 28} 120zM{x + 40} 124L{x + 34} {end}h7L{x + 48} 126z")
        body += line(path(f"M{x + 26} 92V118"), 3) + stamp(strip, MAN) + fill(lean, DIEU)
        body += fill(path(f"M{x + 30} 122L{x + 25} {end}h5L{x + 36} 122z"), VANG) + line(
            path(f"M{x + 22} 126L{x + 18} {end - 4}"), 2.2
        )
    return body


def sausage_links(_rng: Random) -> str:
    """Eight links of sausage under the pole."""
    link = "M-18 -54C-8 -62 8 -62 18 -54C30 -24 30 24 18 54C8 62 -8 62 -18 54C-30 24 -30 -24 -18 -54z"
    dots = path("M10 -34v6M14 -8v7M2 8v7M10 32v7M-4 -14v5")
    one = (
        stamp(path(link), SON)
        + fill(path("M-14 -42C-20 -14 -20 14 -14 40C-10 14 -10 -16 -14 -42z"), DIEU)
        + line(dots, 2.8)
    )
    body = ""
    for i, x in enumerate((84, 156, 244, 316)):
        turn = (4, -3, 3, -4)[i]
        body += line(path(f"M{x} 84V104"), 3) + place(one, x, 158, turn) + place(one, x, 276, -turn)
    return body


def smoked_joint(_rng: Random) -> str:
    """A warm joint of meat, sliced at one end."""
    joint = "M78 306C70 250 128 218 206 220C284 222 330 256 330 296C328 330 300 338 204 338C112 338 84 330 78 306z"
    return (
        steam(206, 206)
        + stamp(path(joint), MAN)
        + fill(
            path(
                "M92 290C110 244 168 232 216 236C276 240 312 262 320 290C290 262 250 256 206 256C160 256 118 266 "
                "92 290z"
            ),
            VANG,
        )
        + fill(path("M104 292C140 270 260 266 308 292C270 284 140 282 104 292z"), DIEU)
        + line(path("M92 292C120 262 170 256 206 256C256 256 296 268 322 296"), 3)
        + line(path("M236 312q20 6 40 0M200 320h18M262 324h20"), 2.6)
        + leaf(150, 326, -148, 58, 20)
        + leaf(146, 328, -30, 62, 20)
    )


def gourd(rng: Random) -> str:
    """A gourd of spirit with a red label, and a cup."""
    skin = rng.choice((DONG, VANG, NAU))
    return (
        stamp(path("M184 52H214V84H184z"), ROM)
        + stamp(
            path(
                "M198 180C254 186 292 222 292 264C292 308 250 332 198 332C146 332 104 308 104 264C104 222 142 "
                "186 198 180z"
            ),
            skin,
        )
        + stamp(
            path(
                "M180 80H218C216 112 220 124 230 138C246 164 232 190 198 190C164 190 150 164 166 138C176 124 182 "
                "112 180 80z"
            ),
            skin,
        )
        + line(path("M166 186C190 198 214 198 236 184C262 196 268 230 252 256M240 190C252 206 252 226 244 240"), 3.6)
        + stamp(rect(160, 226, 72, 72), SON, 3.6)
        + fill(star(196, 264, 26), INK)
        + line(path("M126 288C134 306 150 316 168 320"), 3, SON)
        + cup(328, 336, LAM, DIEP, 0.9)
    )


def spirit_bottle(rng: Random) -> str:
    """A white bottle with blue bands between two cups."""
    cap, band = rng.choice(((SON, CHAM), (CHAM, SON), (DONG, CHAM)))
    bottle = (
        "M178 94H224V146C226 176 264 182 264 224V314C264 326 258 332 248 332H154C144 332 138 326 138 314"
        "V224C138 182 176 176 178 146z"
    )
    return (
        stamp(path(bottle), DIEP)
        + fill(path("M142 216H262V236H142zM142 252H262V302H142z"), band)
        + line(path("M138 244H264M138 308H264M138 210H264"), 3)
        + line(path("M160 268h44M172 286h64"), 4, DIEP)
        + line(path("M160 204C164 188 178 182 186 170"), 4)
        + stamp(rect(172, 66, 58, 28, 3), cap)
        + cup(88, 334, LAM, DIEP, 0.92)
        + cup(318, 334, LAM, DIEP, 0.92)
    )


def spirit_jar(rng: Random) -> str:
    """A glazed jar closed with cloth."""
    label = rng.choice((HOE, SON))
    body = "M112 176C84 206 80 280 108 318C116 330 126 334 140 334H262C276 334 286 330 294 318C322 280 318 206 290 176z"
    return (
        stamp(path(body), NAU)
        + fill(path("M102 276C108 308 124 322 150 326C132 312 116 296 110 270z"), MAN)
        + stamp(path("M102 132C130 116 270 116 300 132V178C270 190 130 190 102 178z"), SON)
        + line(path("M104 166C140 178 262 178 298 166M132 178v-8M168 182v-8M232 182v-8M266 178v-8"), 3)
        + stamp(path("M200 208L246 256L200 304L154 256z"), label)
        + fill(star(200, 258, 22), INK)
    )


def oranges(rng: Random) -> str:
    """Three citrus fruit, one on two."""
    peel = rng.choice((VANG, VANG, HOE))
    one = (
        stamp(circle(0, 0, 64), peel)
        + line(path("M-44 -12C-40 -30 -30 -40 -16 -46"), 6, DIEP)
        + "".join(fill(circle(x, y, 2.2), INK) for x, y in ((8, 28), (22, 16), (32, 30), (-6, 42), (16, 44)))
    )
    return (
        place(one, 130, 270)
        + place(one, 270, 270)
        + leaf(262, 206, -30, 68, 22)
        + line(path("M258 214l8 -14"), 5)
        + place(one, 202, 166)
        + leaf(208, 104, -24, 74, 24)
        + line(path("M198 106l8 -16"), 5)
    )


def lychees(_rng: Random) -> str:
    """A bunch of lychees on the stalk."""
    knots = path("M-18 -8h8M2 -20h8M-6 8h8M12 2h8M-16 20h7M6 22h8")
    one = stamp(circle(0, 0, 34), SON) + line(knots, 3.2)
    stalks = line(path("M200 58V180M200 104C150 110 122 140 116 180M202 104C250 112 280 140 286 176"), 4)
    spots = ((118, 210), (284, 206), (160, 262), (244, 262), (200, 210), (122, 282), (282, 280), (202, 306))
    fruit = "".join(place(one, x, y, 20 * i) for i, (x, y) in enumerate(spots))
    return stalks + leaf(198, 74, -162, 92, 28) + leaf(204, 74, -18, 92, 28) + fruit


def pomelo(rng: Random) -> str:
    """A pomelo cut in half."""
    flesh = rng.choice((DIEU, HOE))
    spokes = "".join(
        f"M200 220l{dx} {dy}"
        for dx, dy in ((0, -84), (0, 84), (82, 0), (-82, 0), (58, -58), (-58, -58), (58, 58), (-58, 58))
    )
    return (
        leaf(196, 112, -160, 90, 28)
        + leaf(204, 112, -20, 90, 28)
        + stamp(circle(200, 220, 112), DONG)
        + stamp(circle(200, 220, 96), DIEP, 3)
        + stamp(circle(200, 220, 84), flesh, 3)
        + line(path(spokes), 3)
        + fill(circle(200, 220, 8), INK)
    )


def sauce_bottle(_rng: Random) -> str:
    """A bottle of fish sauce and the fish."""
    bottle = (
        "M170 78H224V140C226 174 256 184 256 216V318C256 328 250 334 240 334H154C144 334 138 328 138 318"
        "V216C138 184 168 174 170 140z"
    )
    return (
        stamp(path(bottle), VANG)
        + fill(path("M140 294H254V318C254 326 250 331 240 331H154C144 331 140 326 140 318z"), NAU)
        + stamp(path("M138 206H256V296H138z"), DIEP, 3.4)
        + place(fish(0, 0, 0, 0.46, CHAM), 192, 252)
        + line(path("M154 216H240M154 284H240"), 2.4)
        + stamp(rect(164, 56, 66, 26, 3), SON)
        + line(path("M184 96V144"), 4, DIEP)
        + fish(300, 306, -14, 0.68)
    )


def three_fish(rng: Random) -> str:
    """Three fish, one under the other."""
    drift = rng.choice((-1, 1))
    return fish(176, 112, 6, 1.4) + fish(196, 208, -4 * drift, 1.4) + fish(178, 300, 7, 1.4)


def barrel(_rng: Random) -> str:
    """A barrel in which the sauce ripens."""
    body = "M96 152C82 206 82 268 104 330C150 342 250 342 296 330C318 268 318 206 304 152"
    staves = path(
        "M140 176C130 230 132 290 142 338M178 180C172 230 174 290 178 340M222 180C228 230 226 290 222 340"
        "M260 176C270 230 268 290 258 338"
    )
    return (
        vessel(body, (200, 152, 104, 26), NAU, VANG)
        + line(staves, 2.6)
        + line(path("M90 206C150 226 250 226 310 206M94 288C150 306 250 306 306 288"), 7)
        + fish(206, 142, -6, 0.62)
    )
