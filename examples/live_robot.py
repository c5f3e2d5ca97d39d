"""A robot at a live room's desk: explains one product after another, says when the next begins, and drops a coupon halfway.

Its program needs the scopes live.read, live.write and shop.read. Set XINGQU_SITE, XINGQU_CLIENT_ID and XINGQU_CLIENT_SECRET, then run
`python live_robot.py ROOM [SECONDS_EACH]`. It needs nothing but Python.
"""

import base64, json, os, sys, time, urllib.request  # noqa: E401, I001

SITE = os.environ["XINGQU_SITE"].rstrip("/") + "/api/v1"


def call(method, path, body=None, **headers):
    data = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    request = urllib.request.Request(SITE + path, data, {"Content-Type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def main(room_id, seconds_each):
    basic = base64.b64encode(f"{os.environ['XINGQU_CLIENT_ID']}:{os.environ['XINGQU_CLIENT_SECRET']}".encode()).decode()
    form = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    token = call("POST", "/oauth/token", "grant_type=client_credentials", **form)["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    room = f"/shops/{call('GET', '/open/shop', **bearer)['id']}/live-rooms/{room_id}"
    items = [item for item in call("GET", room, **bearer)["items"] if item["available"] > 0]
    for number, item in enumerate(items):
        call("POST", f"{room}/items/{item['id']}/explain", {}, **bearer)
        call("POST", f"{room}/chat", {"text": f"{number + 1}/{len(items)}: {item['product']['name']}"[:100]}, **bearer)
        if number == len(items) // 2:
            call("POST", f"{room}/coupons", {"discount_minor": 500, "units": 50, "claim_s": 300}, **bearer)
        time.sleep(seconds_each)
        call("POST", f"{room}/items/{item['id']}/unexplain", {}, **bearer)
    figures = call("GET", f"{room}/figures", **bearer)
    print(f"explained {len(items)}; {figures['orders']} orders so far")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60)
