"""Hostile bytes to pixels: one picture, upright, in 8-bit RGB, within limits; anything else is refused in a sentence.

Pillow's plugins are called through its own registry rather than by `Image.open`: that function judges the size by a
process-wide limit before the caller can see it, while here the size is read from the header, judged, and only then
are pixels decoded. Nothing global is changed except the warning filters, under a lock and put back.
"""

from __future__ import annotations

import io
import logging
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, ClassVar, Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.images.colours import rgb
from bot.images.frames import count_frames, count_scans, has_end
from bot.images.heic import is_heic, open_heic
from bot.images.hushed import hushed
from storage.errors import DatelineError
from storage.records import digest

_PLUGINS: Final = (
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    GifImagePlugin,
    WebPImagePlugin,
    AvifImagePlugin,
    TiffImagePlugin,
    BmpImagePlugin,
)
"""Imported so that exactly these formats are registered."""

MEDIA_TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
}
"""The formats that are opened. A multi-picture JPEG (MPO) is a JPEG whose first picture is shown."""

_OPENED_BY: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
"""Registry names tried by signature; the JPEG opener also returns MPO."""

DAMAGE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    AssertionError,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
    MemoryError,
    EOFError,
    SystemError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on bytes that are not what their first bytes promise."""

_UNTURN: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture with this EXIF orientation upright (EXIF 2.32, table 6)."""

_ORIENTATION: Final = 0x0112
_WARNINGS = threading.Lock()
logging.getLogger("PIL").setLevel(logging.CRITICAL)  # what is wrong with a picture is told in one sentence


_IN_PIECES: Final = "the picture is in too many small pieces to be opened safely"


class PictureRefused(DatelineError):
    """The bytes cannot be shown as a picture; the message is one sentence that says why."""

    code: ClassVar[str] = "picture_refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is opened.

    Attributes:
        byte_size: largest file, in bytes. Agency originals stay under 60 MB.
        pixels: largest picture, width times height. 40 megapixels hold 160 MB while decoded (4 bytes a pixel).
        scans: most scans of a JPEG; a progressive one has about 10, and each scan of a bomb costs a full pass.
        frames: frames are counted up to this number.
        header_pieces: most pieces in which a header is read. Real ones take under 1,000 (a PNG chunk is read in three
            pieces, a GIF comment in two for every 255 bytes); millions of empty chunks would take minutes.
        pieces: likewise with the pixels, which may stand in one small chunk a row.
    """

    byte_size: int = 64_000_000
    pixels: int = 40_000_000
    scans: int = 100
    frames: int = 10_000
    header_pieces: int = 20_000
    pieces: int = 500_000


DEFAULT: Final = Limits()


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture: the first frame, upright.

    Attributes:
        sha256: digest of the bytes.
        media_type: by content, never by name.
        byte_size: length of the bytes.
        width: pixels across, after the EXIF orientation.
        height: pixels down, after the EXIF orientation.
        frames: how many frames the file holds (counted up to `Limits.frames`); only the first is decoded.
        pixels: 8-bit RGB, transparent parts over white. It is smaller than `width` by `height` only where
            `decode` was asked for a draft.
    """

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    frames: int
    pixels: Image.Image


def decode(data: bytes, limits: Limits = DEFAULT, *, draft: int | None = None) -> Picture:
    """Decode the first frame of a picture.

    Args:
        data: the file's bytes, trusted in nothing.
        limits: what is too large.
        draft: the smallest edge in pixels that will do, where speed matters more than detail: a JPEG is then decoded
            at a half, a quarter or an eighth of its size, never below this edge.

    Raises:
        PictureRefused: empty, cut short, damaged, too large, or not a picture of a format in `MEDIA_TYPES`.
    """
    if not data:
        raise PictureRefused("the file is empty")
    if len(data) > limits.byte_size:
        raise PictureRefused(
            f"the file is {len(data) / 1e6:.0f} MB, more than the {limits.byte_size / 1e6:.0f} MB that Dateline opens"
        )
    with quiet(), opened(data, limits) as image:
        width, height = image.size
        name = image.format or ""
        if name in ("JPEG", "MPO") and count_scans(data, limits.scans + 1) > limits.scans:
            raise PictureRefused(f"the picture is a JPEG of more than {limits.scans} scans, which no camera writes")
        try:
            if draft is not None:
                image.draft("RGB", (draft, draft))
            with hushed() if name == "TIFF" else nullcontext():
                image.load()
            orientation = _orientation(image)
            pixels = rgb(image)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(limits) from error
        except DAMAGE as error:
            raise _broken(error, data) from error
        if orientation in _UNTURN:
            pixels = pixels.transpose(_UNTURN[orientation])
        if orientation in (5, 6, 7, 8):
            width, height = height, width
        if draft is None:
            width, height = pixels.size
        frames = count_frames(data, image, limits.frames)
    return Picture(digest(data), MEDIA_TYPES[name], len(data), width, height, frames, pixels)


class _Pieces(io.BytesIO):
    """A file in memory that may be read in so many pieces only: an end to headers made to be read for minutes."""

    def __init__(self, data: bytes, left: int) -> None:
        super().__init__(data)
        self.left = left

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError(_IN_PIECES)
        return super().read(size)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Pillow's remarks on odd files off the terminal, except the one on bombs, which is an error.

    The filters belong to the whole process, so only one picture is decoded at a time in it; worker processes, not
    threads, are what decodes side by side.
    """
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


@contextmanager
def opened(data: bytes, limits: Limits = DEFAULT) -> Iterator[ImageFile.ImageFile]:
    """Open a picture by its signature and read its header, no pixels.

    Raises:
        PictureRefused: no signature of an allowed format, a header that does not hold together, or too large a size.
    """
    opener = _opener(data)
    file = _Pieces(data, limits.header_pieces)
    try:
        image = opener(file, "")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(limits) from error
    except DAMAGE as error:
        raise _broken(error, data) from error
    file.left = limits.pieces
    with image:
        # here, not later: to be asked for its metadata is reason enough for a PNG to unpack its pixels
        _check_size(*image.size, limits)
        yield image


def _opener(data: bytes) -> Callable[[IO[bytes], str | bytes], ImageFile.ImageFile]:
    """Return what opens a file, by the signature at its beginning."""
    if is_heic(data):
        return open_heic
    for name in _OPENED_BY:
        factory, accept = Image.OPEN[name]
        if accept is not None and accept(data[:16]) is True:
            return factory
    raise PictureRefused("the file is not a picture that Dateline opens (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP)")


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise PictureRefused("the picture has no pixels")
    if width * height > limits.pixels:
        millions = width * height / 1e6
        raise PictureRefused(
            f"the picture is {millions:.0f} megapixels, more than the {limits.pixels / 1e6:.0f} that Dateline opens"
        )


def _too_large(limits: Limits) -> PictureRefused:
    return PictureRefused(f"the picture is larger than the {limits.pixels / 1e6:.0f} megapixels that Dateline opens")


def _broken(error: BaseException, data: bytes) -> PictureRefused:
    """Say what is wrong; the decoders call anything "truncated" that they cannot follow to its end."""
    if str(error) == _IN_PIECES:
        return PictureRefused(_IN_PIECES)
    ends = has_end(data)
    if ends is None:
        return PictureRefused("the picture is damaged or cut short")
    return PictureRefused("the picture is damaged" if ends else "the picture is cut short")


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation, after loading: TIFF pictures are turned by the loader, which removes the tag."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except DAMAGE:
        return 1
    return value if isinstance(value, int) else 1
