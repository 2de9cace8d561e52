"""What single villages are known for: hens and eggs, bananas, plums, nuts, rice in bamboo, orchids, lanterns."""

from random import Random

from marketplace.shop.art.goods_garden import blossom
from marketplace.shop.art.ink import (
    CHAM,
    DIEP,
    DIEU,
    DONG,
    HOE,
    INK,
    LA,
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
    stamp,
)


def hen(rng: Random) -> str:
    """A hen with two chicks, as on the old prints."""
    coat, wing = rng.choice(((VANG, NAU), (DIEP, SON), (NAU, VANG)))
    body = "M96 192C110 172 136 180 144 204C172 226 216 216 262 178C284 158 300 122 322 110C340 150 336 216 308 256"
    body += "C282 298 232 314 186 306C136 298 104 262 106 224C98 214 94 202 96 192z"
    scales = "M196 240q10 8 20 0M222 238q10 8 20 0M206 258q10 8 20 0M232 254q8 6 16 -2"
    return (
        stamp(path("M286 186C300 130 320 84 352 76C360 118 346 186 312 226z"), DONG)
        + line(path("M176 304V336M176 336l-16 4M176 336l14 5M214 308V336M214 336l-16 4M214 336l14 5"), 5)
        + stamp(path(body), coat)
        + stamp(path("M168 226C202 210 250 214 274 232C256 276 204 286 178 264C166 254 164 238 168 226z"), wing)
        + line(path(scales + "M120 268C140 290 168 300 196 300M306 150C312 184 306 214 292 238"), 3)
        + stamp(path("M100 186C90 168 104 158 111 170C114 154 130 156 130 170C142 162 148 176 140 190z"), SON, 3.4)
        + stamp(path("M98 196L72 206L101 213z"), HOE, 3.4)
        + stamp(ellipse(106, 228, 8, 13), SON, 3)
        + fill(circle(118, 200, 5), INK)
        + _chick(92, 330)
        + _chick(296, 338)
    )


def _chick(x: float, y: float) -> str:
    return place(
        line(path("M-4 -8V2M6 -8V2"), 3)
        + stamp(
            path("M-30 -30C-30 -48 -6 -48 -4 -32C8 -38 22 -36 30 -44C32 -18 18 -4 0 -4C-18 -4 -30 -14 -30 -30z"),
            HOE,
            3.2,
        )
        + stamp(path("M-30 -32L-42 -27L-29 -23z"), VANG, 2.6)
        + fill(circle(-20, -34, 3), INK),
        x,
        y,
        0,
        1.05,
    )


def eggs(rng: Random) -> str:
    """A basket of eggs."""
    shells = (DIEP, rng.choice(("#CFE0DE", ROM)), DIEP)
    spots = (
        (132, 206, -24),
        (266, 206, 22),
        (166, 184, -8),
        (234, 184, 10),
        (200, 172, 0),
        (150, 226, -30),
        (250, 226, 30),
        (200, 214, 4),
    )
    pile = "".join(
        place(stamp(ellipse(0, 0, 29, 37), shells[i % 3]), x, y, turn) for i, (x, y, turn) in enumerate(spots)
    )
    return stamp(ellipse(200, 232, 120, 30), NAU) + pile + _basket(ROM, "M82 232C122 268 278 268 318 232")


def _basket(colour: str, rim: str) -> str:
    weave = "M88 262C140 294 260 294 312 262M98 286C150 316 250 316 302 286M118 310C160 330 240 330 282 310"
    ribs = "M120 254L140 322M152 264L166 332M200 268V336M248 264L234 332M280 254L260 322"
    return (
        stamp(path(rim + "C316 300 270 338 200 338C130 338 84 300 82 232z"), colour)
        + line(path(weave), 2.6)
        + line(path(ribs), 2.2)
        + line(path(rim), 7)
    )


def nuts(rng: Random) -> str:
    """A bowl of cracked nuts."""
    bowl = rng.choice((DONG, CHAM, SON))
    shell = stamp(circle(0, 0, 27), NAU) + line(path("M-24 -4C-8 -14 8 -14 24 -4"), 3)
    open_nut = stamp(circle(0, 0, 27), NAU) + stamp(circle(2, -2, 16), DIEP, 3)
    spots = ((126, 206), (274, 206), (168, 190), (234, 188), (200, 162), (150, 226), (250, 226), (200, 212))
    pile = "".join(place(open_nut if i in (1, 2, 7) else shell, x, y, 40 * i) for i, (x, y) in enumerate(spots))
    return (
        stamp(ellipse(200, 232, 120, 30), INK)
        + pile
        + stamp(path("M82 232C122 268 278 268 318 232C316 300 270 338 200 338C130 338 84 300 82 232z"), bowl)
        + fill(path("M140 284l11 11l-11 11l-11 -11zM200 294l11 11l-11 11l-11 -11zM260 284l11 11l-11 11l-11 -11z"), DIEP)
        + place(open_nut, 328, 322)
        + leaf(70, 338, -60, 62, 19)
    )


def bananas(rng: Random) -> str:
    """A hand of bananas."""
    ripe = rng.choice((HOE, HOE, "#B9C65A"))
    finger = "M-14 4C-44 62 -48 132 -22 186C-16 198 2 198 4 186C2 130 2 66 16 6z"
    one = (
        stamp(path(finger), ripe) + line(path("M-4 20C-22 76 -26 130 -12 178"), 2.8) + line(path("M-16 188L-6 192"), 8)
    )
    hand = "".join(place(one, 184 + 9 * i, 118 + 6 * abs(i - 2), 40 - 20 * i, 1.06) for i in range(5))
    return hand + stamp(path("M172 96C180 78 228 78 236 96L234 134C220 144 192 144 178 134z"), NAU)


def _pile(colour: str, blush: str) -> str:
    one = (
        stamp(circle(0, 0, 47), colour)
        + fill(path("M-40 8C-34 34 -10 44 12 40C-10 34 -26 22 -32 0z"), blush)
        + line(path("M6 -46C-12 -22 -12 12 4 40"), 3)
        + line(path("M18 -30C26 -24 30 -14 30 -4"), 4, DIEP)
    )
    spots = ((106, 288), (200, 292), (294, 288), (153, 208), (247, 208), (200, 130))
    fruit = "".join(place(one, x, y, 14 * i) for i, (x, y) in enumerate(spots))
    return fruit + line(path("M202 84l6 -18"), 5) + leaf(206, 72, -24, 74, 24) + leaf(204, 74, -150, 58, 19)


def plums(_rng: Random) -> str:
    """A pile of plums."""
    return _pile(MAN, "#5B1C2C")


def peaches(_rng: Random) -> str:
    """A pile of peaches."""
    return _pile(DIEU, SON)


def pears(_rng: Random) -> str:
    """A pile of green pears."""
    return _pile("#B9C65A", LA)


def bamboo_rice(_rng: Random) -> str:
    """Sticky rice cooked in bamboo."""
    tube = (
        stamp(path("M-32 -176V0C-32 14 32 14 32 0V-176z"), "#A9C77C")
        + line(path("M-32 -94C-16 -84 16 -84 32 -94M-18 -70V-14"), 3)
        + stamp(ellipse(0, -176, 32, 11), ROM)
        + stamp(path("M-24 -178C-20 -206 20 -206 24 -178C10 -170 -10 -170 -24 -178z"), DIEP, 3.2)
        + line(path("M-8 -190h6M4 -184h6"), 2.4)
    )
    return (
        place(tube, 138, 328, -7)
        + place(tube, 262, 328, 7)
        + place(tube, 200, 330, 0, 1.14)
        + stamp(path("M92 240C150 262 250 262 308 240V262C250 284 150 284 92 262z"), SON, 3.4)
        + leaf(312, 332, -34, 62, 20)
    )


def orchid(rng: Random) -> str:
    """An orchid with its long leaves."""
    petals = rng.choice((DIEU, HOE, DIEP))
    blades = "M196 262C150 240 96 250 64 296C110 268 158 276 200 272C150 214 108 196 70 206C122 214 166 244 204 272"
    blades += "C250 214 296 192 334 204C284 212 244 246 206 272C250 268 296 276 338 304C306 254 250 240 204 262z"
    spots = ((190, 84, 0.9), (146, 66, 0.78), (108, 80, 0.68), (232, 106, 0.96), (262, 142, 0.9))
    flowers = "".join(blossom(x, y, size, petals, 20 * i) for i, (x, y, size) in enumerate(spots))
    return (
        line(path("M202 266C226 200 290 130 214 86C176 64 130 60 92 90"), 4.6)
        + stamp(path(blades), DONG)
        + flowers
        + stamp(path("M142 276H258L246 338H154z"), CHAM)
        + stamp(path("M130 258H270V280H130z"), CHAM)
        + line(path("M156 306C180 314 220 314 244 306"), 3, DIEP)
    )


def lanterns(rng: Random) -> str:
    """Two lanterns of bamboo and paper under the pole."""
    paper = rng.sample((SON, HOE, VANG, DONG), 2)
    ribs = path("M0 -70V70M-34 -64C-58 -24 -58 24 -34 64M34 -64C58 -24 58 24 34 64")
    body = ""
    for x, y, size, colour in ((122, 196, 1.0, paper[0]), (276, 216, 1.16, paper[1])):
        lantern = (
            line(path("M0 94V132M-8 104V130M8 104V130"), 3, SON)
            + stamp(path("M-36 -70C-84 -36 -84 36 -36 70H36C84 36 84 -36 36 -70z"), colour)
            + line(ribs, 3)
            + stamp(path("M-40 -84H40V-66H-40zM-34 66H34V84H-34z"), NAU)
            + stamp(circle(0, 94, 9), HOE, 3)
        )
        body += line(path(f"M{x} 86V{y - 84 * size:.0f}"), 3.4) + place(lantern, x, y, 0, size)
    return body
