"""Which files of public packages are photographs, told by looking at every one of them.

A photograph is what a camera took. Drawings, renderings, paintings, charts, screenshots, masks, scanned text, telescope
plates, calibration boards and soft gradients are none: `DRAWN` names the packages whose pictures are all of that kind
or partly so; these serve as strangers in a store and are never asked for. Of one motif in several files (another size,
another format, a darker copy) the largest counts, see `scenes.distinct`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

DEBIAN = (
    "gnome-backgrounds",
    "mate-backgrounds",
    "plasma-workspace-wallpapers",
    "ukui-wallpapers",
    "lomiri-wallpapers-16.04",
    "forensics-samples-files",
    "opencv-doc",
    "libdlib19.1",
    "darknet",
    "palapeli-data",
    "cimg-doc",
    "imagemagick-6-doc",
    "python3-pattern",
    "golang-github-disintegration-imaging-dev",
    "golang-github-rwcarlsen-goexif-dev",
    "libjxl-testdata",
    "labelme-examples",
    "visp-images-data",
)
"""Packages of Debian 12 that are fetched."""

WHEELS = ("scikit-image", "scikit-learn", "matplotlib")
"""Packages of the Python index whose wheels are fetched for the sample pictures in them, and never installed."""

NPM = (
    "material-kit@2.0.4",
    "material-dashboard@3.1.0",
    "soft-ui-design-system@1.0.4",
    "startbootstrap-creative@7.0.7",
    "admin-lte@4.10.0",
)
"""Packages of the npm registry: web page themes with photographs of people, streets and rooms; never installed."""

_PLASMA = "BytheWater ColdRipple ColorfulCups DarkestHour EveningGlow FallenLeaf Grey Kite OneStandsOut Path summer_1am"
_MATE = "Aqua Blinds Dune FreshFlower Garden GreenMeadow LadyBird RainDrops Storm TwoWings Wood YellowFlower"
_OPENCV = (
    "apple.jpg baboon.jpg board.jpg box_in_scene.png building.jpg butterfly.jpg chicky_512.png"
    " fruits.jpg home.jpg licenseplate_motion.jpg messi5.jpg orange.jpg squirrel_cls.jpg stuff.jpg"
)
_SKIMAGE = "astronaut.png camera.png chelsea.png coffee.png rocket.jpg grass.png gravel.png brick.png"
_DRAWN_POSTCARDS = "37 41 51 52 55 62 66 70 71 73 80"

PHOTOGRAPHS: dict[str, tuple[str, ...]] = {
    "plasma-workspace-wallpapers": tuple(f"*/wallpapers/{name}/contents/images/*" for name in _PLASMA.split()),
    "mate-backgrounds": tuple(f"*/mate/nature/{name}.jpg" for name in _MATE.split()),
    "lomiri-wallpapers-16.04": ("*/backgrounds/*_by_*.jpg",),
    "forensics-samples-files": ("*/original-files/pic?/IMG*",),
    "opencv-doc": (
        *(f"*/examples/data/{name}" for name in _OPENCV.split()),
        "*/alphamat/input_images/plant.jpg",
        "*/hfs/data/000.jpg",
        "*/text/scenetext0?.jpg",
    ),
    "libdlib19.1": ("*/examples/faces/*.jpg", "*/examples/mmod_cars_test_image*.jpg"),
    "darknet": ("*/darknet/data/*.jpg",),
    "palapeli-data": ("*/palapeli/collection/*.jpg",),
    "cimg-doc": ("*/html/img/postcard*.jpg",),
    "imagemagick-6-doc": ("*/bluebells_lin.jpg",),
    "python3-pattern": ("*/static/cat.jpg",),
    "golang-github-disintegration-imaging-dev": ("*/testdata/branches.jpg", "*/testdata/flowers.png"),
    "golang-github-rwcarlsen-goexif-dev": ("*/exif/sample1.jpg",),
    "libjxl-testdata": ("*/500px/*_srgb8.png", "*/jxl/hdr_room.png", "*/jxl/flower/flower.png"),
    "labelme-examples": (
        "*/semantic_segmentation/data_annotated/*.jpg",
        "*/classification/data_annotated/*.jpg",
    ),
    "visp-images-data": ("*/Solvay/Solvay_conference_1927_Version2_2126x1463.jpg",),
    "scikit-image": tuple(f"*/data/{name}" for name in _SKIMAGE.split()),
    "scikit-learn": ("*/images/china.jpg", "*/images/flower.jpg"),
    "matplotlib": ("*/sample_data/grace_hopper.jpg",),
    "material-kit": ("*/assets/img/*.jpg",),
    "material-dashboard": ("*/assets/img/*.jpg",),
    "soft-ui-design-system": ("*/assets/img/*.jpg",),
    "startbootstrap-creative": ("*/portfolio/fullsize/[234].jpg", "*/bg-masthead.jpg"),
    "admin-lte": ("*/dist/assets/img/photo*", "*/dist/assets/img/prod-1.jpg"),
}
"""Photographs of each package, by patterns of their paths."""

NOT_PHOTOGRAPHS: tuple[str, ...] = (
    *(f"*/postcard{number}.jpg" for number in _DRAWN_POSTCARDS.split()),
    "*/umang_by_*",
    "*/analogpattern_by_*",
    "*/darknet/data/scream.jpg",
    "*/faces/bald_guys.jpg",
    "*/faces/dogs.jpg",
    "*/curved-images/*",
    "*/illustrations/*",
    "*/assets/img/landing.jpg",
    "*/assets/img/profile.jpg",
    "*/assets/img/*-square*.jpg",
    "*/assets/img/city.jpg",
    "*/assets/img/vr-bg.jpg",
    "*/products/product-[257]-min.jpg",
    "*/products/product-11.jpg",
    "*/assets/img/brooke.jpg",
    "*/assets/img/jordan.jpg",
)
"""Among those: drawn postcards, gradients and waves, a painting, sheets of many small pictures, screenshots, and parts
or second takes of pictures that are there whole."""

DRAWN: dict[str, tuple[str, ...]] = {
    "gnome-backgrounds": ("*.webp",),
    "mate-backgrounds": ("*/mate/abstract/*", "*/mate/desktop/*"),
    "plasma-workspace-wallpapers": ("*/contents/images*/*",),
    "ukui-wallpapers": ("*/backgrounds/*",),
}
"""Wallpapers that are drawn, as far as they are not among the photographs: only ever strangers in a store."""

SAME_SCENE: tuple[tuple[str, str, str], ...] = (
    ("opencv-doc", "*/data/aero1.jpg", "*/data/aero3.jpg"),
    ("opencv-doc", "*/data/aloeL.jpg", "*/data/aloeR.jpg"),
    ("opencv-doc", "*/data/rubberwhale1.png", "*/data/rubberwhale2.png"),
    ("opencv-doc", "*/data/basketball1.png", "*/data/basketball2.png"),
    ("opencv-doc", "*/data/graf1.png", "*/data/graf3.png"),
    ("opencv-doc", "*/data/leuvenA.jpg", "*/data/leuvenB.jpg"),
    ("opencv-doc", "*/data/left.jpg", "*/data/right.jpg"),
    *(
        ("opencv-doc", f"*/data/left{number:02}.jpg", f"*/data/right{number:02}.jpg")
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14)
    ),
    ("scikit-image", "*/data/motorcycle_left.png", "*/data/motorcycle_right.png"),
    ("material-dashboard", "*/products/product-2-min.jpg", "*/products/product-7-min.jpg"),
    ("material-dashboard", "*/products/product-2-min.jpg", "*/products/product-5-min.jpg"),
    *(
        ("visp-images-data", "*/ViSP-images/mbt/cube/image0000.pgm", f"*/ViSP-images/mbt/cube/image{number:04}.pgm")
        for number in (5, 20, 40, 60)
    ),
    *(
        ("labelme-examples", "*/video_annotation/data_annotated/00000100.jpg",
         f"*/video_annotation/data_annotated/0000010{number}.jpg")
        for number in (1, 2, 3, 4)
    ),
)  # fmt: skip
"""Pairs of one scene that are not one picture: stereo pairs, frames of a burst, two standpoints. A match between them
is neither a hit nor a false alarm of the tables; they have a table of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a package."""

    package: str
    path: str


def is_photograph(place: Place) -> bool:
    """Whether a file is among the photographs."""
    return _among(place.path, PHOTOGRAPHS.get(place.package, ())) and not _among(place.path, NOT_PHOTOGRAPHS)


def is_drawn(place: Place) -> bool:
    """Whether a file is one of the drawn wallpapers."""
    return _among(place.path, DRAWN.get(place.package, ())) and not is_photograph(place)


def _among(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
