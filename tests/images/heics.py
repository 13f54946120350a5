"""HEIC files for tests. Nothing that Dateline installs can write one, so a picture drawn here is kept as bytes."""

from __future__ import annotations

import base64
import struct

from PIL import Image, ImageDraw


def drawn() -> Image.Image:
    """A house, a box and a sun, 96 by 64: the picture that the HEIC files of this module hold."""
    image = Image.new("RGB", (96, 64), (120, 170, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 40, 96, 64), fill=(90, 120, 60))
    draw.rectangle((10, 22, 34, 50), fill=(200, 60, 50))
    draw.polygon([(6, 22), (22, 8), (38, 22)], fill=(90, 40, 30))
    draw.ellipse((66, 6, 84, 24), fill=(250, 220, 80))
    draw.rectangle((50, 30, 80, 54), fill=(40, 60, 140))
    return image


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9j"
    "AAAAAERAAAEAAQAAAAABegABAAAAAAAAAXcAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA1mlw"
    "cnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AA"
    "AAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAA"
    "AABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAAX9tZGF0AAABcygBr1iqFiNyoFQ0n1GoaNPapIK6E/1u"
    "LTxSdJvfhJlx9rpUcuXH+zH18UAka3JKd+CoMYuxdHpgUVH6/HBb4Np2vPls5RVvdHGRVOopZh+JbsecxyP+XmWN7QfJWNORxCLZOOx0fsEA"
    "gogLLnC7FarrSG2Q4+8SD9iysaZaDJNpazPC6T9gGPabI/1yQDkfMtdP+IS3WPnACoQ3B019ZE//CNND+d00zew4ms9pgJfQuWjl/9uAvceD"
    "ybdXMSTWqaZZ30nCKWEmZC0VhJ2VwC2z8684LUZiNJM9m3a/Z9HDoXofXlIAA0Frg9pDFbSZlEWWSv+Ab50SVszMGNvcQiWD6DsDhJmg/tEY"
    "9tNLmnT02VFxEQOsXn5NhMpVTb1PRJgfx1X5ISkW3C+8oa32YK+EVPDlnl8VRbyXhwYyr/2YUeH2AxwSYPCq4id9CHis2gjGI+TDicIbqGHf"
    "dQcnf38ZeNYVW8S7eUfn6pkaP7y7QGw0"
)
"""`drawn`, coded by HEVC at quality 40, with an `nclx` colour box and nothing else."""

TWO = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAYRtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9j"
    "AAAAAERAAAIAAQAAAAABqAABAAAAAAAAAXcAAgAAAAADHwABAAAAAAAAAYcAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "ABVpbmZlAgAAAAACAABodmMxAAAAAA5waXRtAAAAAAABAAAA3WlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNg"
    "AAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAH"
    "RAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAeaXBtYQAAAAAAAAACAAEE"
    "gQIDBAACBIECAwQAAAMGbWRhdAAAAXMoAa9YqhYjcqBUNJ9RqGjT2qSCuhP9bi08UnSb34SZcfa6VHLlx/sx9fFAJGtySnfgqDGLsXR6YFFR"
    "+vxwW+Dadrz5bOUVb3RxkVTqKWYfiW7HnMcj/l5lje0HyVjTkcQi2TjsdH7BAIKICy5wuxWq60htkOPvEg/YsrGmWgyTaWszwuk/YBj2myP9"
    "ckA5HzLXT/iEt1j5wAqENwdNfWRP/wjTQ/ndNM3sOJrPaYCX0Llo5f/bgL3Hg8m3VzEk1qmmWd9JwilhJmQtFYSdlcAts/OvOC1GYjSTPZt2"
    "v2fRw6F6H15SAANBa4PaQxW0mZRFlkr/gG+dElbMzBjb3EIlg+g7A4SZoP7RGPbTS5p09NlRcREDrF5+TYTKVU29T0SYH8dV+SEpFtwvvKGt"
    "9mCvhFTw5Z5fFUW8l4cGMq/9mFHh9gMcEmDwquInfQh4rNoIxiPkw4nCG6hh33UHJ39/GXjWFVvEu3lH5+qZGj+8u0BsNAAAAYMoAa9YWf//"
    "/tT5caBUNJ9RqGjT2x03xImSY1Fs8rflyPa4UrsEzM8bM3K8V+r3JgNWhOFPklw3Id1KWpKXZgS1CpPWDxU3IrOPmKisrJDJ2H7I6W+HHvxC"
    "YD7iKFhbi3g8uT4xCqh3d6hWtLGZv1fUPR7s8Qw3JboKeh9iHLZJiSL+4aMzr8uRxdRhdtB4l4D//7nCcxwJY9CvfE+V09EiqpKhpxjBg/Vg"
    "5+sB9R7ePD2rrp09ppf5zqPk6wfDWFTAy3weEl9VBPewtfH/jkd25E6EgxZVEGM/YSggk5IANRFxW901Fdad2/LEUAkUZOPQ9EdDdZ7erwr2"
    "YDdKPpuFBACgvrYBdi64mPxXSnMAVViz+5sANmMm0QtSXWycWft+AgZX+BwpVUnz7JOOM1etjRAWTWzPAjO2m+ytogm1MRasH0fAjreay0xx"
    "gNrRwprPHE6NYIM2hBY9tJSdkp6b6koj6SLSQEpYWVrMh+Z+4LhrJxLpzfBLkzLtOqUcqsoLq4A="
)
"""`drawn` and its mirror in one file; the first is marked as the main picture."""


def turned(data: bytes = HEIC) -> bytes:
    """The same file with an `irot` box that turns it by 90° against the clock (ISO/IEC 23008-12, 6.5.10)."""
    grown = {b"ipco": 9, b"ipma": 1, b"iprp": 10, b"meta": 10}
    file = bytearray(data)
    for name, more in grown.items():
        at = file.index(name) - 4
        file[at : at + 4] = struct.pack(">I", struct.unpack(">I", file[at : at + 4])[0] + more)
    start = file.index(b"iloc") + 4 + 4 + 4 + 10  # full box, sizes and count, the item up to its first extent
    file[start : start + 4] = struct.pack(">I", struct.unpack(">I", file[start : start + 4])[0] + 10)
    places = file.index(b"ipma") + 4 + 4 + 4 + 2  # full box, count of items, the item's number
    file[places] += 1
    file[places + file[places] : places + file[places]] = b"\x85"  # the fifth property, essential
    end = file.index(b"ipma") - 4
    file[end:end] = struct.pack(">I", 9) + b"irot" + b"\x01"
    return bytes(file)


def sized(width: int, height: int, data: bytes = HEIC) -> bytes:
    """The same file with an `ispe` box that states another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]
