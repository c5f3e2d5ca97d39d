"""How soon a clip's first frame shows on a slow phone network, and how much script that took.

Usage: python -m bench.mall.first_frame [--origin http://127.0.0.1:8000] [--rounds 5]   (a running demo; Chromium)
"fast 3G": 1.6 Mbit/s down, 0.75 Mbit/s up, 150 ms round trip, cache empty; time from navigation to the first presented frame.
"""

import argparse
import statistics

from playwright.sync_api import sync_playwright

from bench.figures import Machine

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FRAME = """() => {
    const video = document.querySelector('[data-testid=feed-active] video');
    return video && video.readyState >= 2 && video.videoWidth > 0;
}"""
WEIGHT = """() => performance.getEntriesByType('resource').filter((e) => e.name.endsWith('.js'))
    .reduce((sum, e) => sum + e.encodedBodySize, 0)"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--origin", default="http://127.0.0.1:8000")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    times, weights = [], []
    machine = Machine()
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        finder = browser.new_context(base_url=options.origin)
        clip = next(
            i for i in range(1, 500) if finder.request.get(f"/api/v1/contents/{i}").json().get("kind") == "video"
        )
        for _ in range(options.rounds):
            context = browser.new_context(base_url=options.origin, viewport={"width": 390, "height": 844})
            page = context.new_page()
            page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", NETWORK)
            page.goto(f"/content/{clip}", wait_until="commit")
            page.wait_for_function(FRAME, timeout=60_000, polling=20)
            times.append(page.evaluate("() => performance.now()"))
            weights.append(page.evaluate(WEIGHT))
            context.close()
        browser.close()
    print(
        f"{machine.line()}\nfirst frame ms: median {statistics.median(times):.0f}, max {max(times):.0f} (target 2500)"
    )
    print(f"script until then: {statistics.median(weights) / 1000:.0f} kB compressed (target 350)")


if __name__ == "__main__":
    main()
