"""The face that documents are set in."""

from functools import cache
from pathlib import Path

from PIL import ImageFont


@cache
def load_font(size_dots: int, weight: int) -> ImageFont.FreeTypeFont:
    """The Simplified Chinese face of Noto Sans CJK; weight from 100 (thin) to 900 (black)."""
    import manimgx_fonts_cjk

    path = Path(str(manimgx_fonts_cjk.__file__)).parent / "NotoSansCJK-VF.otf.ttc"
    font = ImageFont.truetype(str(path), size_dots, index=2)
    font.set_variation_by_axes([weight])
    return font
