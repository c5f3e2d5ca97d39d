"""Draw the demo's product pictures in headless Chromium and write them with their manifest.

Usage: python tools/art/render.py [--only ID ...] [--passes 8] [--out FOLDER]     (see README.md)
"""

from __future__ import annotations

import argparse
import base64
import functools
import http.server
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "xingqu" / "content" / "demo"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--disable-background-networking",
]
QUALITY = 84
BYTES_MAX = 36_000
AVATAR_SIDE_PX = 192
COVER_SIDE_PX = 320


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """No line per request."""


@contextmanager
def open_studio() -> Iterator[Page]:
    handler = functools.partial(QuietHandler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*ARGUMENTS, "--enable-unsafe-swiftshader"]
        )
        page = browser.new_page()
        page.on("console", lambda line: print("  studio:", line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: print("  studio:", error))
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/index.html", timeout=120_000)
        page.wait_for_function("window.ready === true", timeout=120_000)
        yield page
        browser.close()
    server.shutdown()


def save_picture(picture: Image.Image, path: Path) -> None:
    """Save as WebP at the best quality that stays under the size limit."""
    for quality in range(QUALITY, 20, -4):
        content = io.BytesIO()
        picture.save(content, "WEBP", quality=quality, method=6)
        if content.tell() <= BYTES_MAX:
            break
    path.write_bytes(content.getvalue())


def find_palette(picture: Image.Image) -> tuple[str, list[str]]:
    """The product's own colour (most saturated of the frequent ones near the middle) and five frequent colours."""
    middle = picture.crop((picture.width // 5, picture.height // 4, picture.width * 4 // 5, picture.height * 4 // 5))
    reduced = middle.resize((90, 90)).quantize(8, method=Image.Quantize.MEDIANCUT)
    table = reduced.getpalette() or []
    counted = sorted(((reduced.histogram()[i], tuple(table[3 * i : 3 * i + 3])) for i in range(8)), reverse=True)
    colours = [colour for count, colour in counted if count > 120]

    def weight(colour: tuple[int, ...]) -> float:
        light = max(colour)
        saturation = (light - min(colour)) / max(1, light)
        return saturation * (1 if 60 < light < 240 else 0.45)

    dominant = max(colours, key=weight)
    return "#{:02x}{:02x}{:02x}".format(*dominant), ["#{:02x}{:02x}{:02x}".format(*one) for one in colours[:5]]


def draw(page: Page, key: str, passes: int) -> Image.Image:
    address = page.evaluate("([id, n]) => window.draw(id, n)", [key, passes])
    return Image.open(io.BytesIO(base64.b64decode(address.split(",", 1)[1]))).convert("RGB")


def write_avatars(pictures: Path, out: Path) -> None:
    """Square details of pictures as the faces of the demo's accounts and the covers of its categories."""
    crops: dict[str, dict[str, list[float | str]]] = json.loads((HERE / "crops.json").read_text(encoding="utf-8"))
    for folder, side in (("avatars", AVATAR_SIDE_PX), ("covers", COVER_SIDE_PX)):
        (out / folder).mkdir(exist_ok=True)
        for name, (key, middle_x, middle_y, width) in crops[folder].items():
            with Image.open(pictures / f"{key}.webp") as picture:
                half = float(width) * picture.width / 2
                x = min(max(half, float(middle_x) * picture.width), picture.width - half)
                y = min(max(half, float(middle_y) * picture.height), picture.height - half)
                box = (round(x - half), round(y - half), round(x + half), round(y + half))
                detail = picture.convert("RGB").crop(box).resize((side, side), Image.Resampling.LANCZOS)
            detail.save(out / folder / f"{name}.webp", "WEBP", quality=82, method=6)


def write_manifest(manifest: dict[str, object], path: Path) -> None:
    ordered = {key: manifest[key] for key in sorted(manifest)}
    path.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--missing", action="store_true", help="only what the manifest does not have yet")
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--out", type=Path, default=DEMO / "pictures")
    parser.add_argument("--manifest", type=Path, default=DEMO / "pictures.json")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    options.out.mkdir(parents=True, exist_ok=True)
    manifest = json.loads(options.manifest.read_text()) if options.manifest.exists() else {}
    started = time.monotonic()
    with open_studio() as page:
        archetypes = page.evaluate("() => window.catalogue")
        keys = options.only or [key for key in sorted(archetypes) if not options.missing or key not in manifest]
        for number, key in enumerate(keys, start=1):
            try:
                picture = draw(page, key, options.passes)
            except Exception as error:
                print(f"{key} {archetypes.get(key)}: {str(error)[:300]}", flush=True)
                continue
            path = options.out / f"{key}.webp"
            save_picture(picture, path)
            colour, palette = find_palette(picture)
            manifest[key] = {"file": path.name, "colour": colour, "palette": palette, "archetype": archetypes[key]}
            if number % 10 == 0:
                write_manifest(manifest, options.manifest)
                print(f"{number}/{len(keys)} {(time.monotonic() - started) / number:.2f} s each", flush=True)
    write_manifest(manifest, options.manifest)
    write_avatars(options.out, options.manifest.parent)
    print(f"{len(keys)} pictures in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
