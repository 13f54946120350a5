"""Scenes in towns: a square at dusk, a ruined street, a crowd with flags."""

from __future__ import annotations

import numpy as np

from bot.sample.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, ramp, within


def soldiers_square() -> Canvas:
    """Soldiers gather on a paved square at dusk: a clock tower on the left, lamps, a pick-up truck on the right."""
    canvas = Canvas(1301)
    horizon = 340
    canvas.gradient(0, horizon, [(38, 42, 82), (96, 70, 110), (196, 112, 96), (250, 172, 92)])
    clouds = canvas.noise(420, 46, 5)
    canvas.tint(np.clip((clouds - 0.5) * 2.6, 0, 0.75) * (1 - ramp(0, horizon) * 0.4), (72, 52, 84))
    canvas.glow(655, 330, 150, (255, 214, 130), 0.85)
    canvas.gradient(horizon, HEIGHT, [(120, 84, 76), (66, 52, 62), (34, 30, 44)])
    with canvas.layer(0.2) as pen:
        _skyline(pen, horizon)
    with canvas.layer(0.3, 14) as pen:
        for row in range(18):
            near, far = horizon + 300 * ((row + 1) / 18) ** 2, horizon + 300 * (row / 18) ** 2
            dusk = 1.12 - row / 26
            for column in range(-26, 27):
                edges = [
                    (600 + c * (y - horizon) * 0.55, y)
                    for c, y in ((column, far + 1), (column + 0.94, far + 1), (column + 0.94, near), (column, near))
                ]
                if edges[0][0] < WIDTH and edges[2][0] > 0:
                    pen.polygon(edges, pen.tone((int(142 * dusk), int(104 * dusk), int(94 * dusk)), 0.2))
    canvas.glow(640, 352, 210, (250, 176, 110), 0.4)
    with canvas.layer(0.2) as pen:
        for x, foot, height in ((120, 430, 190), (455, 378, 84), (835, 400, 130)):
            pen.line([(x, foot), (x, foot - height)], (24, 22, 32), 1 + height / 50)
            pen.line(
                [(x - height * 0.12, foot - height), (x + height * 0.12, foot - height)], (24, 22, 32), 1 + height / 60
            )
        pen.box(748, 372, 860, 404, (30, 27, 36))
        pen.polygon([(762, 372), (778, 346), (812, 346), (818, 372)], (30, 27, 36))
        pen.polygon([(770, 370), (782, 351), (795, 351), (795, 370)], (150, 104, 84))
        for x in (772, 838):
            pen.disc(x, 405, 13, 13, (16, 14, 20))
        pen.line([(842, 372), (842, 338), (858, 330)], (26, 22, 30), 3)
    for x, y, size in ((97, 240, 42), (143, 240, 42), (445, 294, 22), (465, 294, 22), (820, 270, 32), (850, 270, 32)):
        canvas.glow(x, y, size, (255, 226, 160), 0.95)
    with canvas.layer(0.25) as pen:
        _gathering(pen, horizon)
    canvas.tint(ramp(470, 760) * 0.5, (20, 18, 34))
    return canvas


def _skyline(pen: Pen, horizon: int) -> None:
    """Blocks of flats with some windows lit, a clock tower on the left, an arcade on the right."""
    x = -20.0
    while x < WIDTH:
        width, height = pen.rng.uniform(46, 96), pen.rng.uniform(40, 128) * (0.55 if 540 < x < 760 else 1.0)
        body = pen.tone((70, 50, 72), 0.25)
        pen.box(x, horizon - height, x + width, horizon + 14, body)
        pen.line([(x + width * 0.3, horizon - height), (x + width * 0.3, horizon - height - 16)], body, 2)
        for top in np.arange(horizon - height + 8, horizon - 6, 14):
            for left in np.arange(x + 6, x + width - 8, 12):
                lit = pen.rng.random() < 0.3
                pen.box(left, top, left + 6, top + 8, (250, 206, 128) if lit else pen.tone((44, 34, 56), 0.3))
        x += width + pen.rng.uniform(-4, 8)
    pen.bricks([(196, 120), (246, 120), (250, 352), (192, 352)], (84, 60, 74), 30, 5)
    pen.polygon([(188, 122), (221, 58), (254, 122)], (52, 38, 58))
    pen.disc(221, 158, 17, 17, (246, 220, 168))
    pen.line([(221, 158), (221, 146)], (30, 24, 34), 2)
    pen.line([(221, 158), (230, 163)], (30, 24, 34), 2)
    arcade = [(870.0, 214.0), (990.0, 180.0), (990.0, 420.0), (870.0, 372.0)]
    pen.bricks(arcade, (92, 66, 72), 18, 9)
    for index in range(4):
        left, right = 0.06 + index * 0.24, 0.2 + index * 0.24
        pen.polygon(
            [
                within(arcade, u, v)
                for u, v in ((left, 0.5), ((left + right) / 2, 0.4), (right, 0.5), (right, 1.0), (left, 1.0))
            ],
            (28, 22, 34),
        )
        pen.polygon(
            [within(arcade, u, v) for u, v in ((left, 0.12), (right, 0.12), (right, 0.28), (left, 0.28))],
            (244, 196, 120) if index != 1 else (38, 30, 44),
        )


def _gathering(pen: Pen, horizon: int) -> None:
    """Silhouettes from far to near, most of them pressing towards one spot left of the middle."""
    spots = [(pen.rng.normal(395, 100), pen.rng.uniform(362, 470)) for _ in range(54)]
    spots += [(pen.rng.uniform(20, 940), pen.rng.uniform(352, 420)) for _ in range(34)]
    spots += [(70, 560), (160, 596), (890, 590), (300, 540), (520, 560)]
    for x, foot in sorted(spots, key=lambda spot: spot[1]):
        height = (foot - horizon) * 0.72 + 16
        depth = min(1.0, (foot - horizon) / 160)
        fill = (int(62 - 44 * depth), int(46 - 31 * depth), int(62 - 38 * depth))
        pen.polygon([(x - 3, foot), (x + 3, foot), (x - height * 0.5, foot + height * 0.22)], (40, 30, 40))
        pen.figure(x, foot, height, fill, rifle=bool(pen.rng.random() < 0.45), arm=bool(pen.rng.random() < 0.3))


def ruined_street() -> Canvas:
    """A street of shelled houses in daylight: smoke rises far off on the right, rubble and a burnt car lie in front."""
    canvas = Canvas(2102)
    canvas.gradient(0, 360, [(138, 158, 176), (184, 190, 190), (216, 208, 190)])
    canvas.tint(np.clip((canvas.noise(300, 120, 5) - 0.45) * 2, 0, 0.8), (226, 222, 212))
    canvas.gradient(330, HEIGHT, [(176, 162, 142), (140, 126, 108), (104, 94, 82)])
    column = np.arange(WIDTH, dtype=np.float32)[None, :]
    row = np.arange(HEIGHT, dtype=np.float32)[:, None]
    drift = 560 + (330 - row) * 0.42
    plume = np.exp(-(((column - drift) / (26 + (340 - row).clip(0) * 0.36)) ** 2)) * (row < 345)
    billows = canvas.noise(110, 90, 6)
    canvas.tint(plume * np.clip(billows * 2.2 - 0.25, 0, 1), (54, 52, 54))
    canvas.tint(plume * np.clip((billows - 0.56) * 5, 0, 0.6), (150, 142, 134))
    vanishing = (452.0, 338.0)
    left = [(390, 434, 84), (330, 390, 150), (214, 331, 215), (60, 215, 330), (-150, 62, 400)]
    for near, far, rise in left:
        with canvas.layer(0.3, 7) as pen:
            _house(pen, near, min(far, 440), rise, vanishing, (176, 158, 136))
    for near, far, rise in [(500, 470, 110), (566, 499, 150), (660, 565, 170), (800, 658, 300), (1130, 798, 380)]:
        with canvas.layer(0.3, 7) as pen:
            _house(pen, near, far, rise, vanishing, (158, 132, 112))
    canvas.shade(1 + 0.5 * (canvas.noise(60, 12, 5) - 0.5) * ramp(338, 380), 338)
    canvas.tint(np.exp(-(((row - 345) / 38) ** 2)) * 0.55 + 0 * column, (214, 204, 186))
    with canvas.layer(0.25, 6) as pen:
        for x in (470, 492):
            pen.figure(x, 396 + (x - 470) * 0.3, 42, (58, 52, 52))
        _rubble(pen)
        _burnt_car(pen, 560, 500)
    return canvas


def _house(pen: Pen, near: float, far: float, rise: float, vanishing: tuple[float, float], fill: Colour) -> None:
    """One facade along the street from `far` to `near` (x of its edges), its top broken, its windows blown out."""
    vx, vy = vanishing

    def edge(x: float) -> tuple[float, float]:
        depth = abs(x - vx) / max(1.0, abs(near - vx))
        return vy - rise * depth, vy + max(10.0, abs(x - vx) * 0.42)

    (near_top, near_foot), (far_top, far_foot) = edge(near), edge(far)
    quad = [(far, far_top), (near, near_top), (near, near_foot), (far, far_foot)]
    pen.bricks(quad, pen.tone(fill, 0.12), max(10, int(rise / 7)), max(6, int(abs(near - far) / 9)))
    floors = max(2, int(rise / 75))
    for floor in range(floors):
        top = 0.12 + 0.72 * floor / floors
        pen.polygon(
            [within(quad, u, v) for u, v in ((0, top - 0.05), (1, top - 0.05), (1, top - 0.02), (0, top - 0.02))],
            (118, 106, 94),
        )
        for u in (0.14, 0.44, 0.72):
            hole = [(u, top + 0.03), (u + 0.15, top + 0.02), (u + 0.15, top + 0.17), (u, top + 0.18)]
            jagged = [within(quad, a + pen.rng.uniform(-0.03, 0.03), b + pen.rng.uniform(-0.02, 0.03)) for a, b in hole]
            pen.polygon(jagged, pen.tone((44, 38, 38), 0.3))
    broken = [(0.0, -0.4)]
    level, across = 0.02, 0.0
    while across < 1:
        broken.append((across, level))
        level = float(np.clip(level + pen.rng.uniform(-0.09, 0.1), -0.05, 0.26))
        broken.append((across + float(pen.rng.uniform(0, 0.03)), level))
        across += float(pen.rng.uniform(0.05, 0.16))
    pen.erase([within(quad, u, v) for u, v in [*broken, (1.0, level), (1.0, -0.4)]])


def _rubble(pen: Pen) -> None:
    """Heaps of broken blocks along both sides, the larger on the left."""
    stones = [(pen.rng.normal(120, 110), pen.rng.uniform(470, 640)) for _ in range(330)]
    stones += [(pen.rng.normal(860, 90), pen.rng.uniform(460, 640)) for _ in range(200)]
    stones += [(pen.rng.uniform(0, 960), pen.rng.uniform(420, 640)) for _ in range(140)]
    for x, y in sorted(stones, key=lambda stone: stone[1]):
        pen.stone(x, y, pen.rng.uniform(3, 8) + (y - 420) * 0.055, (150, 138, 122))
    for x in (60, 150, 235):
        pen.line([(x, 560), (x + 30, 470), (x + 62, 452)], (82, 64, 54), 2.5)


def _burnt_car(pen: Pen, x: float, y: float) -> None:
    """A burnt-out car seen from the side."""
    body: Colour = (62, 48, 42)
    pen.disc(x + 75, y + 34, 100, 12, (60, 54, 48))
    pen.polygon(
        [
            (x - 8, y + 28),
            (x - 4, y - 6),
            (x + 34, y - 10),
            (x + 58, y - 38),
            (x + 112, y - 36),
            (x + 134, y - 6),
            (x + 160, y),
            (x + 158, y + 28),
        ],
        body,
    )
    pen.polygon([(x + 42, y - 9), (x + 62, y - 31), (x + 82, y - 31), (x + 82, y - 8)], (150, 142, 130))
    pen.polygon([(x + 90, y - 8), (x + 90, y - 31), (x + 108, y - 30), (x + 124, y - 8)], (138, 130, 120))
    for wheel in (x + 26, x + 126):
        pen.disc(wheel, y + 26, 16, 16, (28, 25, 25))
        pen.disc(wheel, y + 26, 8, 8, (92, 82, 76))
    for _ in range(60):
        pen.disc(x + pen.rng.uniform(0, 150), y + pen.rng.uniform(-4, 22), 2.5, 1.8, pen.tone((112, 70, 48), 0.4))


def crowd_flags() -> Canvas:
    """A crowd with plain coloured flags before houses with balconies; a stage on the right, a tree on the left."""
    canvas = Canvas(3203)
    canvas.gradient(0, 260, [(96, 152, 206), (158, 194, 222)])
    canvas.tint(np.clip((canvas.noise(260, 90, 5) - 0.5) * 3, 0, 0.9), (240, 242, 244))
    with canvas.layer(0.18, 8) as pen:
        _facades(pen)
    with canvas.layer(0.2, 6) as pen:
        pen.line([(64, 330), (70, 190), (58, 110)], (84, 62, 46), 12)
        for _ in range(26):
            pen.bush(62 + pen.rng.normal(0, 50), 118 + pen.rng.normal(0, 44), 30, (84, 124, 62), 24)
        pen.box(690, 236, 960, 330, (54, 56, 66))
        pen.box(676, 196, 960, 206, (44, 46, 54))
        for x in range(680, 960, 24):
            pen.line([(x, 206), (x + 24, 196)], (130, 132, 140), 1.5)
            pen.box(x, 206, x + 9, 219, (230, 220, 180))
        for x, height in ((760, 62), (796, 70), (850, 64)):
            pen.figure(x, 300, height, (32, 30, 40), arm=x == 796)
    canvas.tint(ramp(150, 330) * 0.2, (220, 214, 204))
    with canvas.layer(0.16, 5) as pen:
        _crowd(pen)
    return canvas


def _facades(pen: Pen) -> None:
    """Four house fronts of different height and colour, with shutters and balconies."""
    fronts: list[tuple[int, int, int, Colour]] = [
        (0, 170, 96, (206, 170, 128)),
        (170, 400, 40, (222, 206, 176)),
        (400, 610, 92, (186, 122, 98)),
        (610, 960, 20, (208, 196, 182)),
    ]
    for left, right, top, fill in fronts:
        pen.bricks([(left, top), (right, top), (right, 340), (left, 340)], fill, 44, (right - left) // 9, 0.06)
        pen.box(left - 4, top - 8, right + 4, top + 4, pen.tone((150, 132, 112), 0.2))
        for y in range(top + 24, 320, 58):
            for x in range(left + 20, right - 26, 44):
                pen.box(x, y, x + 20, y + 34, (62, 70, 84))
                pen.box(x - 7, y, x - 1, y + 34, (74, 104, 92))
                pen.box(x + 21, y, x + 27, y + 34, (74, 104, 92))
                pen.box(x - 8, y + 34, x + 28, y + 38, (98, 86, 76))
                if (x + y) % 3 == 0:
                    pen.figure(x + 10, y + 35, 27, pen.tone((120, 84, 74), 0.4), arm=True)


def _crowd(pen: Pen) -> None:
    """Heads and shoulders row by row from far to near, with flags among them."""
    shirts: list[Colour] = [
        (216, 214, 208),
        (184, 62, 58),
        (58, 84, 138),
        (222, 188, 84),
        (70, 74, 82),
        (104, 138, 116),
    ]
    flags: list[Colour] = [(226, 176, 50), (44, 92, 160), (196, 48, 52), (238, 236, 230), (66, 140, 96)]
    row = 306.0
    while row < 690:
        size = 5 + (row - 300) * 0.068
        for x in np.arange(-10 + pen.rng.uniform(0, size), WIDTH + 20, size * 2.1):
            head, foot = x + pen.rng.normal(0, size * 0.3), row + pen.rng.normal(0, size * 0.5)
            pen.disc(head, foot + size * 1.9, size * 1.25, size * 1.5, pen.tone(shirts[int(pen.rng.integers(6))], 0.2))
            pen.disc(head, foot, size * 0.62, size * 0.8, pen.tone((168, 122, 96), 0.25))
            pen.disc(head, foot - size * 0.25, size * 0.68, size * 0.62, pen.tone((52, 40, 36), 0.35))
            if pen.rng.random() < 0.07:
                tall = size * pen.rng.uniform(7, 11)
                colour = pen.tone(flags[int(pen.rng.integers(5))], 0.1)
                pen.line([(head, foot + size), (head + size * 0.6, foot - tall)], (96, 78, 60), max(1.0, size * 0.16))
                wave = [
                    (head + size * 0.6 + size * 6 * t, foot - tall + size * 0.7 * np.sin(5 * t))
                    for t in np.linspace(0, 1, 9)
                ]
                pen.polygon([*wave, *((wx, wy + size * 3.4) for wx, wy in reversed(wave))], colour)
                middle = [(wx, wy + size * 1.2) for wx, wy in wave]
                stripe = pen.tone(flags[int(pen.rng.integers(5))], 0.1)
                pen.polygon([*middle, *((wx, wy + size * 1.0) for wx, wy in reversed(middle))], stripe)
        row += size * 1.25
