"""Scenes of open land: a flooded road, a tent camp."""

from __future__ import annotations

import numpy as np

from bot.sample.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, ramp


def flooded_road() -> Canvas:
    """A road under brown water in the rain: a sunken car right of the middle, houses left, power poles right."""
    canvas = Canvas(7607)
    shore = 330
    canvas.gradient(0, shore, [(92, 102, 112), (132, 140, 144), (178, 178, 170)])
    canvas.tint(np.clip((canvas.noise(260, 80, 5) - 0.42) * 2.6, 0, 0.7), (70, 78, 88))
    with canvas.layer(0.25, 9) as pen:
        _far_bank(pen, shore)
    canvas.pixels[shore:] = canvas.pixels[2 * shore - HEIGHT : shore][::-1] * 0.62
    canvas.tint(ramp(shore - 1, shore) * (0.35 + 0.4 * ramp(shore, HEIGHT)), (116, 96, 68))
    ripples = canvas.noise(54, 5, 5)
    canvas.shade(1 + (ripples - 0.5) * (0.3 + 0.6 * ramp(shore, 560)), shore)
    canvas.tint(np.clip((ripples - 0.62) * 5, 0, 0.5) * ramp(shore, 460), (196, 192, 180))
    with canvas.layer(0.14, 6) as pen:
        _sunken_car(pen, 520, 452)
        pen.line([(300, 520), (306, 330)], (148, 152, 152), 6)
        pen.polygon([(262, 300), (352, 306), (350, 362), (260, 356)], (40, 92, 140))
        pen.polygon(
            [(272, 326), (318, 329), (318, 318), (342, 334), (317, 350), (317, 339), (272, 336)], (232, 232, 226)
        )
        for x, y in ((80, 480), (150, 505), (720, 570), (230, 560), (880, 520)):
            pen.polygon([(x, y), (x + 44, y - 6), (x + 62, y + 4), (x + 14, y + 10)], pen.tone((104, 76, 50), 0.3))
            pen.bush(x + 30, y, 12, (88, 96, 54), 12)
        for x, foot, height in ((742, 452, 96), (790, 458, 92)):
            pen.figure(x, foot, height, pen.tone((62, 60, 70), 0.3), arm=x == 742)
        pen.polygon([(700, 446), (836, 440), (822, 474), (716, 476)], (58, 94, 84))
        pen.line([(700, 446), (836, 440)], (176, 160, 124), 3)
    with canvas.layer(0.05) as pen:
        for _ in range(150):
            drop, fall = pen.rng.uniform(0, WIDTH), pen.rng.uniform(0, HEIGHT)
            pen.line([(drop, fall), (drop - 4, fall + pen.rng.uniform(10, 20))], pen.tone((178, 184, 190), 0.1), 0.5)
    return canvas


def _far_bank(pen: Pen, shore: int) -> None:
    """Houses and trees behind the water, with power poles and their lines on the right."""
    walls: list[tuple[int, int, int, Colour]] = [
        (-20, 120, 110, (186, 164, 132)),
        (110, 250, 170, (158, 132, 108)),
        (400, 480, 62, (172, 160, 140)),
    ]
    for left, right, rise, fill in walls:
        pen.bricks([(left, shore - rise), (right, shore - rise), (right, shore), (left, shore)], fill, rise // 6, 12)
        for across in range(left + 18, right - 20, 36):
            for y in range(shore - rise + 16, shore - 18, 46):
                pen.box(across, y, across + 18, y + 24, pen.tone((54, 58, 62), 0.2))
        pen.polygon(
            [
                (left - 8, shore - rise),
                (right + 8, shore - rise),
                (right, shore - rise - 14),
                (left, shore - rise - 14),
            ],
            (104, 74, 62),
        )
    for x, height, size in ((300, 70, 30), (350, 96, 40), (520, 60, 28), (570, 84, 36), (880, 120, 52), (940, 90, 44)):
        pen.line([(x, shore), (x + 3, shore - height)], (78, 64, 50), 5)
        for _ in range(7):
            pen.bush(
                x + pen.rng.normal(0, size * 0.5),
                shore - height + pen.rng.normal(0, size * 0.4),
                size * 0.6,
                (74, 92, 56),
            )
    poles = [(640.0, 150.0), (760.0, 110.0), (930.0, 50.0)]
    for pole, top in poles:
        pen.line([(pole, shore), (pole, top)], (86, 72, 60), 3 + (150 - top) / 40)
        pen.line([(pole - 24, top + 12), (pole + 24, top + 8)], (86, 72, 60), 3)
    for offset in (-22, 0, 22):
        wire = [(x + offset, top + 8) for x, top in poles]
        for (ax, ay), (bx, by) in ((wire[0], wire[1]), (wire[1], wire[2])):
            sag = [(ax + (bx - ax) * t, ay + (by - ay) * t + 60 * t * (1 - t)) for t in np.linspace(0, 1, 12)]
            pen.line(sag, (62, 60, 60), 1)


def _sunken_car(pen: Pen, x: float, y: float) -> None:
    """The upper half of a car standing in water."""
    red: Colour = (148, 48, 44)
    pen.polygon(
        [
            (x, y + 18),
            (x + 4, y - 10),
            (x + 40, y - 18),
            (x + 66, y - 50),
            (x + 132, y - 50),
            (x + 160, y - 18),
            (x + 186, y - 10),
            (x + 188, y + 18),
        ],
        red,
    )
    pen.polygon([(x + 50, y - 18), (x + 70, y - 43), (x + 96, y - 43), (x + 96, y - 18)], (136, 152, 160))
    pen.polygon([(x + 104, y - 18), (x + 104, y - 43), (x + 129, y - 43), (x + 149, y - 18)], (112, 128, 138))
    pen.line([(x + 6, y - 6), (x + 184, y - 6)], pen.tone((98, 32, 32), 0), 1.5)
    pen.disc(x + 12, y, 7, 5, (226, 214, 170))
    pen.disc(x + 94, y + 20, 118, 8, (128, 112, 86))


def tent_camp() -> Canvas:
    """Long rows of green tents on a cleared field by a pine forest; a watch tower right, a track left."""
    canvas = Canvas(8708)
    canvas.gradient(0, 250, [(118, 158, 198), (188, 208, 220), (228, 226, 212)])
    canvas.tint(np.clip((canvas.noise(280, 70, 5) - 0.5) * 3, 0, 0.85), (246, 246, 244))
    canvas.gradient(244, HEIGHT, [(142, 146, 92), (120, 128, 74), (84, 94, 52)])
    canvas.shade(1 + (canvas.noise(30, 8, 6) - 0.5) * 0.8 * ramp(244, 300), 244)
    with canvas.layer(0.25, 6) as pen:
        for row in range(3):
            for x in np.arange(-10, WIDTH + 20, 9.0 + 5 * row):
                _pine(
                    pen, x + pen.rng.normal(0, 4), 262 + row * 7, pen.rng.uniform(70, 120) - 10 * row + (960 - x) * 0.04
                )
    canvas.tint(ramp(180, 270) * (1 - ramp(270, 300)) * 0.25, (206, 214, 206))
    with canvas.layer(0.22, 7) as pen:
        pen.polygon([(140, 640), (330, 640), (424, 276), (410, 276)], (182, 164, 122))
        for rut in (190, 262):
            pen.line([(rut, 640), (414 + (rut - 226) * 0.06, 278)], (142, 124, 88), 4)
        for depth in range(9):
            scale = 0.24 + 0.76 * (depth / 8) ** 1.7
            foot = 270 + 330 * scale * (depth + 1) / 9
            for column in range(-1, 9):
                x = 436 + (column * 150 - 20) * scale
                if x < WIDTH:
                    _tent(pen, x, foot, 118 * scale)
            _tent(pen, 396 - 340 * scale, foot, 118 * scale)
        _tower(pen, 846, 372)
        for x, foot, height in ((300, 470, 52), (326, 474, 54), (206, 590, 96), (388, 350, 26), (404, 352, 25)):
            pen.figure(x, foot, height, pen.tone((58, 62, 48), 0.3), rifle=x == 206)
        pen.line([(96, 640), (96, 470)], (108, 92, 70), 7)
        pen.line([(16, 640), (16, 462)], (108, 92, 70), 7)
        pen.line([(10, 476), (102, 484)], (196, 70, 56), 7)
        for _ in range(90):
            x, y = pen.rng.uniform(0, WIDTH), pen.rng.uniform(560, 645)
            for blade in (-5, -1, 4):
                pen.line([(x, y), (x + blade, y - pen.rng.uniform(8, 20))], pen.tone((98, 116, 56), 0.3), 1)
    return canvas


def _pine(pen: Pen, x: float, foot: float, height: float) -> None:
    """A pine as a trunk and ragged tiers of branches."""
    fill = pen.tone((52, 78, 56), 0.3)
    pen.line([(x, foot), (x, foot - height)], (72, 58, 46), 2)
    for tier in range(5):
        y, half = foot - height * (0.2 + 0.16 * tier), height * (0.17 - 0.028 * tier)
        pen.polygon(
            [(x - half, y), (x + half, y + pen.rng.uniform(-3, 3)), (x, y - height * 0.26)], pen.tone(fill, 0.15)
        )


def _tent(pen: Pen, x: float, foot: float, width: float) -> None:
    """A ridge tent, its open end to the viewer and its long side to the right."""
    w = width
    side = pen.tone((96, 108, 70), 0.14)
    pen.polygon(
        [(x, foot + w * 0.03), (x + w * 1.02, foot + w * 0.03), (x + w * 1.1, foot - w * 0.08), (x, foot - w * 0.02)],
        (74, 80, 46),
    )
    pen.polygon(
        [
            (x + w * 0.25, foot - w * 0.48),
            (x + w * 0.86, foot - w * 0.6),
            (x + w * 1.05, foot - w * 0.14),
            (x + w * 0.5, foot),
        ],
        side,
    )
    for fold in (0.3, 0.62):
        pen.line(
            [
                (x + w * (0.25 + 0.61 * fold), foot - w * (0.48 + 0.12 * fold)),
                (x + w * (0.5 + 0.55 * fold), foot - w * 0.14 * fold),
            ],
            pen.tone((80, 90, 56), 0.1),
            max(1.0, w * 0.012),
        )
    pen.polygon([(x, foot), (x + w * 0.25, foot - w * 0.48), (x + w * 0.5, foot)], pen.tone((122, 132, 90), 0.1))
    pen.polygon([(x + w * 0.17, foot), (x + w * 0.25, foot - w * 0.34), (x + w * 0.34, foot)], (44, 46, 36))


def _tower(pen: Pen, x: float, foot: float) -> None:
    """A wooden watch tower."""
    wood: Colour = (118, 96, 70)
    for leg in (-24, 24):
        pen.line([(x + leg * 1.4, foot), (x + leg, foot - 150)], wood, 5)
    for step in range(4):
        y = foot - 8 - step * 36
        pen.line([(x - 32, y), (x + 29, y - 34)], wood, 2.5)
        pen.line([(x + 32, y), (x - 29, y - 34)], wood, 2.5)
    pen.bricks(
        [(x - 34, foot - 190), (x + 34, foot - 190), (x + 34, foot - 150), (x - 34, foot - 150)], (136, 112, 82), 6, 1
    )
    pen.figure(x - 8, foot - 186, 44, (48, 50, 42), rifle=True)
    pen.polygon([(x - 44, foot - 222), (x, foot - 248), (x + 44, foot - 222)], (84, 70, 58))
    for post in (-32, 32):
        pen.line([(x + post, foot - 190), (x + post, foot - 222)], wood, 3)
