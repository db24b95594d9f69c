"""A logo as it was uploaded, and as it is kept: drawn anew, so that nothing of the file but the picture stays."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

BYTES = 2_000_000
"""The largest file that is looked at."""
PIXELS = 16_000_000
"""The largest picture that is unpacked."""
WIDTH, HEIGHT = 640, 200
"""What it is drawn within."""
_READS = ("PNG", "JPEG", "WEBP", "GIF")


class NoPicture(Exception):
    """The file is no picture that can be used; says why in a code."""


def drawn_anew(file: BinaryIO) -> bytes:
    """The picture as a PNG of a fair size. Raises NoPicture with `large`, `pixels` or `unknown`."""
    given = file.read(BYTES + 1)
    if len(given) > BYTES:
        raise NoPicture("large")
    try:
        # Only these are looked for: no SVG, nor any format that runs a program or reads another file.
        with Image.open(BytesIO(given), formats=_READS) as picture:
            if picture.width * picture.height > PIXELS:
                raise NoPicture("pixels")
            drawn = picture.convert("RGBA")
    except NoPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NoPicture("pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPicture("unknown") from error
    drawn.thumbnail((WIDTH, HEIGHT))
    kept = Image.new("RGBA", drawn.size)
    kept.paste(drawn)
    written = BytesIO()
    kept.save(written, "PNG", optimize=True)
    return written.getvalue()
