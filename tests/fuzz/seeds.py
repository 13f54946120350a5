"""Good files to start from, each drawn and written here: every format, mode and kind of metadata that is read."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageCms

from tests.images.filing import filed
from tests.images.heics import HEIC, TWO, turned
from tests.images.pictures import encoded, scene

WIDTH, HEIGHT = 96, 64
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Suva"'
    b' photoshop:DateCreated="2019-03-04T10:11:12+12:00"/></rdf:RDF></x:xmpmeta>'
)


def seeds() -> dict[str, bytes]:
    """Name the files."""
    picture, frames = scene(21, WIDTH, HEIGHT), [scene(seed, WIDTH, HEIGHT) for seed in (22, 23)]
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"s\0R\0G\0B", b"o\0t\0h\0r")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8769)[36867] = "2019:03:04 10:11:12"
    exif.get_ifd(0x8825)[1] = "N"
    plain = encoded(picture)
    told = encoded(picture, exif=exif, xmp=_XMP, icc_profile=profile)
    texts = ((1, 90, b"\x1b%G"), (2, 55, b"20190304"), (2, 60, b"101112+1200"), (2, 120, b"Boats."), (2, 90, b"Suva"))
    written = {
        "jpeg": plain,
        "jpeg-progressive": encoded(picture, progressive=True),
        "jpeg-told": filed(told, *texts),
        "jpeg-cmyk": encoded(picture.convert("CMYK"), icc_profile=profile),
        "mpo": encoded(picture, "MPO", save_all=True, append_images=frames),
        "png-told": encoded(picture, "PNG", exif=exif, icc_profile=profile, pnginfo=None),
        "png-palette": encoded(picture.quantize(64), "PNG", transparency=3),
        "png-see-through": encoded(picture.convert("RGBA"), "PNG"),
        "apng": encoded(picture, "PNG", save_all=True, append_images=frames),
        "gif": encoded(picture.quantize(32), "GIF"),
        "gif-moving": encoded(picture, "GIF", save_all=True, append_images=frames),
        "webp": encoded(picture, "WEBP", exif=exif, xmp=_XMP, icc_profile=profile),
        "webp-lossless": encoded(picture.convert("RGBA"), "WEBP", lossless=True),
        "webp-moving": encoded(picture, "WEBP", save_all=True, append_images=frames),
        "avif": encoded(picture, "AVIF", exif=exif, xmp=_XMP),
        "avif-moving": encoded(picture, "AVIF", save_all=True, append_images=frames),
        "heic": HEIC,
        "heic-two": TWO,
        "heic-turned": turned(),
        "bmp": encoded(picture, "BMP"),
        "bmp-palette": encoded(picture.quantize(16), "BMP"),
        "tiff-float": encoded(Image.fromarray(np.linspace(0, 1, 4096, dtype=np.float32).reshape(64, 64)), "TIFF"),
        "tiff-told": encoded(picture, "TIFF", exif=exif, icc_profile=profile),
        "tiff-pages": encoded(picture.copy(), "TIFF", save_all=True, append_images=[frame.copy() for frame in frames]),
    }
    for packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        written[f"tiff-{packing}"] = encoded(picture, "TIFF", compression=packing)
    wide = np.asarray(picture).astype(np.uint16) * 257
    for name in (".png", ".tiff"):
        written[f"{name[1:]}-16"] = cv2.imencode(name, wide)[1].tobytes()
    interlaced = io.BytesIO()
    picture.quantize(16).save(interlaced, "GIF", interlace=1)
    written["gif-interlaced"] = interlaced.getvalue()
    return written
