"""Scenes of transport: a harbour, a hillside convoy, an airport apron."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bot.sample.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, Plane, ramp

CONTAINER_COLOURS: tuple[Colour, ...] = ((168, 66, 52), (54, 96, 140), (196, 148, 62), (92, 118, 92), (150, 150, 152))


def _ridge(canvas: Canvas, base: float, rise: float, scale: float) -> list[tuple[float, float]]:
    """The outline of a hill range, closed at the bottom of the canvas."""
    profile = canvas.noise(scale, 4000, 4)[0]
    return [
        (0.0, HEIGHT),
        *((float(x), base - rise * float(profile[x])) for x in range(0, WIDTH, 6)),
        (WIDTH, base - rise * float(profile[-1])),
        (WIDTH, HEIGHT),
    ]


def _clouds(canvas: Canvas, scale: float, cover: float, fill: Colour, foot: int) -> None:
    """Clouds over the sky above row `foot`; `cover` is the share of the sky that stays clear."""
    weight: Plane = np.clip((canvas.noise(scale, scale * 0.35, 5) - cover) * 3.2, 0, 0.9) * (1 - ramp(foot - 90, foot))
    canvas.tint(weight, fill)


def harbour() -> Canvas:
    """A harbour in the morning: a container ship on the right, a grey ship far left, a crane, a quay in front."""
    canvas = Canvas(4304)
    canvas.gradient(0, 300, [(126, 170, 204), (186, 208, 216), (246, 222, 190)])
    _clouds(canvas, 240, 0.5, (248, 240, 230), 300)
    canvas.glow(250, 270, 120, (255, 236, 190), 0.8)
    for base, rise, fill in ((300, 120, (150, 166, 176)), (306, 74, (112, 134, 140)), (310, 34, (84, 108, 104))):
        with canvas.layer(0.2, 12) as pen:
            pen.polygon(_ridge(canvas, base, rise, 320 - rise), fill)
    canvas.gradient(300, HEIGHT, [(170, 186, 186), (72, 116, 132), (34, 74, 94)])
    waves = canvas.noise(70, 6, 5)
    canvas.shade(1 + (waves - 0.5) * (0.35 + 0.7 * ramp(300, 560)), 300)
    columns = np.arange(WIDTH, dtype=np.float32)[None, :]
    glitter = np.exp(-(((columns - 250) / 90) ** 2)) * (waves > 0.56) * ramp(290, 330)
    canvas.tint(glitter.astype(np.float32) * 0.7, (255, 240, 206))
    with canvas.layer(0.16, 7) as pen:
        for roof in range(20, 420, 15):
            tall = pen.rng.uniform(8, 26)
            pen.box(roof, 304 - tall, roof + 13, 306, pen.tone((206, 196, 180), 0.14))
            pen.box(roof + 4, 300 - tall * 0.5, roof + 8, 304 - tall * 0.3, (96, 100, 106))
        _grey_ship(pen, 96, 352)
        _container_ship(pen, 430, 430)
        _crane(pen, 380, 500)
    canvas.tint(ramp(440, 470) * (1 - ramp(470, 510)) * (columns > 420) * 0.45, (26, 40, 50))
    with canvas.layer(0.3, 8) as pen:
        pen.polygon([(0, 520), (520, 556), (960, 610), (960, 640), (0, 640)], (112, 106, 98))
        for step in range(60):
            slab = step * 17.0
            edge = 520 + slab * 0.07 + (slab / 960) ** 2 * 24
            pen.polygon(
                [(slab, edge), (slab + 15, edge + 1), (slab + 13, edge + 150), (slab - 4, edge + 150)],
                pen.tone((134, 126, 114), 0.14),
            )
        for x, y in ((90, 538), (330, 556), (620, 585)):
            pen.disc(x, y - 12, 13, 6, (44, 44, 48))
            pen.box(x - 8, y - 12, x + 8, y + 6, (54, 54, 58))
            pen.line([(x, y - 10), (x + 70, y - 34), (x + 150, y - 46)], (196, 180, 146), 2)
        for x, y in ((180, 570), (226, 572), (202, 540)):
            pen.bricks([(x, y), (x + 42, y + 2), (x + 42, y + 36), (x, y + 34)], (150, 112, 72), 5, 1)
        pen.figure(470, 600, 74, (54, 56, 66))
        pen.figure(512, 604, 72, (142, 92, 54), arm=True)
    return canvas


def _grey_ship(pen: Pen, x: float, y: float) -> None:
    """A grey ship seen from the side, its bow to the right."""
    grey: Colour = (104, 116, 124)
    pen.polygon([(x, y - 22), (x + 230, y - 30), (x + 206, y), (x + 12, y)], grey)
    for left, top, right in ((50, 46, 150), (70, 64, 128), (84, 80, 112)):
        pen.box(x + left, y - top, x + right, y - 20, pen.tone(grey, 0.16))
    for mast, top in ((98, 126), (136, 92)):
        pen.line([(x + mast, y - 50), (x + mast, y - top)], (78, 88, 96), 3)
        pen.line([(x + mast - 12, y - top + 14), (x + mast + 12, y - top + 14)], (78, 88, 96), 2)
    for port in range(12):
        pen.disc(x + 58 + port * 8, y - 38, 1.6, 1.6, (50, 58, 66))
    pen.line([(x + 178, y - 34), (x + 206, y - 42)], (78, 88, 96), 3)


def _container_ship(pen: Pen, x: float, y: float) -> None:
    """A loaded ship, its bow to the left, with rust along the water line."""
    pen.polygon([(x, y - 66), (x + 560, y - 60), (x + 560, y + 22), (x + 44, y + 22)], (48, 58, 78))
    pen.polygon([(x + 36, y + 6), (x + 560, y + 6), (x + 560, y + 24), (x + 46, y + 24)], (132, 54, 46))
    for _ in range(90):
        stain, top = x + pen.rng.uniform(50, 540), y + pen.rng.uniform(-50, 0)
        pen.line([(stain, top), (stain, top + pen.rng.uniform(6, 24))], pen.tone((92, 70, 62), 0.3), 1.5)
    for column in range(13):
        for tier in range(3 + int(pen.rng.integers(0, 3))):
            left, foot = x + 58 + column * 29, y - 64 - tier * 21
            fill = pen.tone(CONTAINER_COLOURS[int(pen.rng.integers(5))], 0.14)
            pen.box(left, foot - 20, left + 27, foot, fill)
            for rib in range(1, 6):
                pen.line([(left + rib * 4.5, foot - 18), (left + rib * 4.5, foot - 2)], pen.tone(fill, 0.3), 0.7)
    pen.box(x + 442, y - 196, x + 510, y - 60, (226, 224, 216))
    for deck in range(6):
        for window in range(6):
            pen.box(
                x + 447 + window * 10, y - 188 + deck * 21, x + 454 + window * 10, y - 180 + deck * 21, (60, 80, 98)
            )
    pen.box(x + 430, y - 206, x + 522, y - 192, (210, 208, 202))
    pen.box(x + 516, y - 150, x + 542, y - 60, (186, 92, 56))


def _crane(pen: Pen, x: float, foot: float) -> None:
    """A harbour crane of lattice, its arm out to the right."""
    steel: Colour = (206, 128, 48)
    for leg in (x - 26, x + 26):
        pen.line([(leg, foot + 40), (leg * 0.6 + x * 0.4, 170)], steel, 6)
    for step in range(12):
        y = 190 + step * 30
        pen.line([(x - 14, y), (x + 22, y + 28)], steel, 2.5)
        pen.line([(x + 14, y), (x - 22, y + 28)], steel, 2.5)
    pen.line([(x - 110, 168), (x + 330, 92)], steel, 6)
    pen.line([(x - 100, 150), (x + 300, 82)], steel, 2)
    for step in range(22):
        left = x - 100 + step * 18.5
        arm = 166 - step * 3.15
        pen.line([(left, arm), (left + 9, arm - 16), (left + 18, arm - 3)], steel, 1.8)
    pen.line([(x, 170), (x + 8, 62), (x + 230, 106)], steel, 3)
    pen.line([(x + 250, 104), (x + 250, 236)], (60, 58, 56), 1.5)
    pen.box(x + 238, 236, x + 264, 254, (168, 66, 52))
    pen.box(x - 26, 168, x + 14, 200, (232, 226, 208))


def hillside_convoy() -> Canvas:
    """Canvas-topped lorries climb a winding track over scrubland, raising dust; a watch hut stands upper left."""
    canvas = Canvas(5405)
    canvas.gradient(0, 300, [(104, 152, 196), (190, 208, 214), (234, 222, 198)])
    _clouds(canvas, 300, 0.52, (250, 248, 242), 280)
    hills: list[tuple[float, float, Colour]] = [
        (250, 150, (158, 164, 170)),
        (300, 140, (146, 146, 128)),
        (370, 150, (150, 136, 98)),
        (470, 130, (164, 140, 94)),
    ]
    track = [
        (960.0, 600.0),
        (700.0, 566.0),
        (420.0, 540.0),
        (250.0, 492.0),
        (420.0, 438.0),
        (640.0, 412.0),
        (720.0, 378.0),
        (600.0, 344.0),
        (470.0, 326.0),
    ]
    for base, rise, fill in hills:
        with canvas.layer(0.34, 16) as pen:
            pen.polygon(_ridge(canvas, base, rise, 500), fill)
    slope = canvas.noise(36, 16, 6)
    canvas.shade(1 + (slope - 0.5) * 0.9 * ramp(300, 460), 280)
    with canvas.layer(0.3, 6) as pen:
        for (ax, ay), (bx, by) in pairwise(track):
            wide, narrow = (ay - 300) * 0.15 + 5, (by - 300) * 0.15 + 5
            pen.polygon(
                [(ax, ay - wide / 2), (bx, by - narrow / 2), (bx, by + narrow / 2), (ax, ay + wide / 2)],
                (206, 184, 142),
            )
            pen.disc(bx, by, narrow * 0.9, narrow / 2, (206, 184, 142))
        for _ in range(150):
            x, y = pen.rng.uniform(0, WIDTH), 350 + 290 * pen.rng.random() ** 0.8
            if pen.rng.random() < 0.6:
                pen.bush(x, y, 3 + (y - 320) * 0.06, (96, 104, 62), 16)
            else:
                pen.stone(x, y, 2 + (y - 320) * 0.035, (176, 162, 136))
        pen.bricks([(84, 262), (132, 266), (132, 304), (84, 304)], (156, 142, 118), 8, 7)
        pen.polygon([(78, 264), (108, 244), (138, 268)], (104, 82, 66))
        pen.line([(142, 304), (142, 214)], (74, 66, 56), 2)
    dust = canvas.noise(90, 50, 5)
    for x, y, radius in ((800, 560, 90), (520, 520, 70), (330, 470, 60), (570, 405, 44), (640, 350, 30)):
        rows, columns = np.ogrid[0:HEIGHT, 0:WIDTH]
        cloud = np.exp(-(((columns - x) / radius) ** 2) - ((rows - y) / (radius * 0.45)) ** 2)
        canvas.tint((cloud * dust * 1.3).astype(np.float32), (226, 208, 172))
    with canvas.layer(0.2, 5) as pen:
        for x, y, size, facing in (
            (500, 330, 9, -1),
            (620, 348, 12, -1),
            (690, 384, 16, 1),
            (540, 424, 22, 1),
            (350, 452, 30, 1),
            (300, 506, 42, -1),
            (560, 560, 58, -1),
            (820, 590, 66, -1),
        ):
            _lorry(pen, x, y, size, facing)
        for x, y in ((60, 630), (150, 610), (905, 520), (30, 560)):
            pen.bush(x, y, 34, (84, 98, 54), 60)
    return canvas


def _lorry(pen: Pen, x: float, foot: float, size: float, facing: int) -> None:
    """A lorry with a canvas cover; `facing` is 1 to the right, -1 to the left."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return (x + dx * size * facing, foot - dy * size)

    green = pen.tone((92, 98, 62), 0.12)
    pen.polygon([at(-1.3, 0.05), at(1.3, 0.05), at(1.2, -0.1), at(-1.2, -0.1)], (92, 80, 60))
    pen.polygon([at(-1.2, 0.35), at(0.45, 0.35), at(0.45, 1.15), at(0.2, 1.35), at(-0.95, 1.35), at(-1.2, 1.15)], green)
    for rib in (-0.9, -0.5, -0.1, 0.25):
        pen.line([at(rib, 0.4), at(rib, 1.3)], pen.tone((70, 76, 48), 0.1), max(1.0, size * 0.04))
    pen.polygon(
        [at(0.5, 0.3), at(1.3, 0.3), at(1.3, 0.7), at(1.05, 0.75), at(0.95, 1.1), at(0.5, 1.12)], (106, 112, 74)
    )
    pen.polygon([at(0.66, 0.74), at(1.0, 0.74), at(0.92, 1.02), at(0.66, 1.02)], (62, 74, 80))
    for wheel in (-0.85, -0.4, 0.95):
        cx, cy = at(wheel, 0.2)
        pen.disc(cx, cy, size * 0.23, size * 0.23, (36, 34, 30))
        pen.disc(cx, cy, size * 0.1, size * 0.1, (112, 106, 92))


def airport_apron() -> Canvas:
    """A white airliner on a wet apron, stairs at its door; the control tower stands left, hills behind."""
    canvas = Canvas(6506)
    canvas.gradient(0, 330, [(92, 112, 136), (150, 164, 176), (214, 208, 196)])
    _clouds(canvas, 220, 0.4, (212, 214, 216), 330)
    with canvas.layer(0.22, 14) as pen:
        pen.polygon(_ridge(canvas, 326, 170, 420), (96, 116, 112))
        pen.polygon(_ridge(canvas, 334, 80, 260), (78, 100, 84))
    canvas.gradient(330, HEIGHT, [(150, 152, 150), (112, 114, 116), (76, 80, 84)])
    canvas.shade(1 + (canvas.noise(120, 22, 6) - 0.5) * 0.55, 330)
    with canvas.layer(0.18, 7) as pen:
        _terminal(pen)
        for x in range(-400, 1400, 110):
            pen.line([(480 + (x - 480) * 0.25, 350), (x, 640)], (92, 94, 96), 1.5)
        for y in (372, 402, 450, 520, 610):
            pen.line([(0, y), (WIDTH, y + 4)], (94, 96, 98), 1.5)
        pen.line([(-20, 600), (360, 520), (700, 500), (990, 520)], (222, 184, 58), 5)
        pen.line([(300, 640), (420, 530)], (222, 184, 58), 5)
        for x in range(40, 960, 70):
            pen.box(x, 352, x + 26, 354, (222, 220, 210))
    canvas.tint(np.clip((canvas.noise(200, 14, 4) - 0.54) * 4, 0, 0.5) * ramp(340, 420), (186, 196, 204))
    with canvas.layer(0.1, 8) as pen:
        _airliner(pen, 330, 430)
        for x, y in ((250, 560), (312, 575), (760, 556)):
            pen.polygon([(x - 8, y), (x, y - 24), (x + 8, y)], (226, 96, 44))
        for x, foot, height in ((640, 548, 62), (668, 552, 64), (120, 590, 92), (168, 598, 94), (205, 584, 88)):
            pen.figure(x, foot, height, pen.tone((66, 68, 80), 0.3), arm=x == 168)
        _lorry(pen, 850, 590, 46, -1)
    return canvas


def _terminal(pen: Pen) -> None:
    """A long glazed terminal and a control tower."""
    pen.polygon([(210, 290), (760, 300), (760, 350), (210, 352)], (168, 160, 148))
    for x in range(216, 756, 12):
        pen.box(x, 306, x + 9, 340, pen.tone((92, 118, 132), 0.3))
    pen.polygon([(196, 292), (480, 262), (776, 302), (776, 308), (196, 300)], (196, 190, 180))
    pen.bricks([(92, 176), (128, 176), (134, 356), (86, 356)], (186, 178, 166), 30, 4, 0.08)
    pen.polygon([(70, 140), (150, 140), (138, 178), (82, 178)], (72, 100, 116))
    for x in range(76, 148, 12):
        pen.line([(x, 140), (x + (110 - x) * 0.14, 178)], (206, 204, 198), 1.5)
    pen.box(66, 128, 154, 141, (206, 198, 186))
    pen.line([(110, 128), (110, 82)], (206, 80, 60), 2.5)
    for x in range(800, 960, 54):
        pen.bricks([(x, 318), (x + 48, 318), (x + 48, 356), (x, 356)], (142, 138, 128), 7, 8)
        pen.polygon([(x - 3, 319), (x + 24, 300), (x + 51, 319)], (112, 108, 104))


def _airliner(pen: Pen, x: float, y: float) -> None:
    """An airliner seen from its left, nose to the left, with stairs at the front door."""
    white: Colour = (232, 234, 236)
    pen.disc(x + 260, y + 92, 330, 13, (62, 66, 70))
    pen.polygon([(x + 330, y + 16), (x + 470, y - 46), (x + 500, y - 46), (x + 430, y + 20)], (176, 182, 188))
    pen.polygon([(x + 450, y - 30), (x + 552, y - 156), (x + 600, y - 156), (x + 560, y - 10)], (38, 84, 132))
    pen.polygon([(x + 512, y - 105), (x + 558, y - 156), (x + 600, y - 156), (x + 586, y - 105)], (206, 62, 52))
    hull = [
        (x - 40, y + 12),
        (x - 22, y - 14),
        (x + 20, y - 38),
        (x + 90, y - 46),
        (x + 420, y - 46),
        (x + 590, y - 26),
        (x + 590, y - 16),
        (x + 430, y + 36),
        (x + 60, y + 40),
        (x - 14, y + 30),
    ]
    pen.polygon(hull, white)
    pen.polygon(
        [(x - 38, y + 15), (x + 500, y + 12), (x + 430, y + 36), (x + 60, y + 40), (x - 14, y + 30)], (188, 192, 198)
    )
    pen.polygon([(x - 10, y - 16), (x + 18, y - 32), (x + 30, y - 32), (x + 26, y - 16)], (44, 58, 72))
    for window in range(34):
        pen.disc(x + 66 + window * 12.5, y - 16, 3, 4.2, (70, 90, 108))
    pen.line([(x - 36, y + 6), (x + 560, y - 2)], (38, 84, 132), 4)
    pen.box(x + 40, y - 28, x + 58, y + 10, (84, 92, 100))
    pen.polygon([(x + 180, y + 22), (x + 330, y + 22), (x + 440, y + 84), (x + 396, y + 84)], (160, 168, 176))
    pen.disc(x + 262, y + 58, 44, 19, (206, 210, 214))
    pen.disc(x + 222, y + 58, 12, 18, (52, 58, 66))
    for gear in (10, 300, 330):
        pen.line([(x + gear, y + 34), (x + gear, y + 84)], (120, 126, 132), 4)
        pen.disc(x + gear, y + 84, 10, 10, (34, 34, 36))
    for step in range(9):
        pen.box(x + 44 - step * 11, y + 10 + step * 9, x + 58 - step * 11, y + 14 + step * 9, (206, 204, 198))
    pen.line([(x + 54, y + 4), (x - 46, y + 86)], (150, 152, 154), 3)
    pen.line([(x + 54, y - 24), (x - 46, y + 58)], (150, 152, 154), 2)
