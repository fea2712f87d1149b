# Fairlead: the contract of `fairlead route`: what a request and an answer are, and when two answers agree
# SPDX-License-Identifier: Apache-2.0
"""A request is a dict `{"method","scheme","authority","path","headers":[[k,v]],"source"}`, an answer a dict with
the keys of `ANSWER`.

In an *expected* answer a missing key says that Envoy does not show this fact, or leaves it to chance; null says
that it does not apply. `action` is `none` when Envoy answers by itself: `status` is then what it says (404 no
route, 400 refused before routing, 503 cluster not found) and `virtual_host` and `route` tell how far it came.
"""

import wire

ANSWER = ["virtual_host", "route", "action", "status", "location", "body", "cluster", "path", "authority", "endpoint"]


def encode(request):
    """The bytes that bring this request to Envoy over HTTP/1.1."""
    headers = []
    if request.get("authority") is not None:
        headers.append(("host", request["authority"]))
    headers += request.get("headers") or []
    if request.get("scheme") == "https":
        headers.append(("x-forwarded-proto", "https"))
    if request.get("source"):
        headers.append(("x-forwarded-for", request["source"].rpartition(":")[0].strip("[]")))
    method = request.get("method") or "GET"
    return wire.Request(wire.encode(method, request["path"], headers), method == "HEAD")


def differences(expected, actual):
    """`[(key, expected value, actual value)]`, empty when the answers agree. Only keys of `expected` count."""
    if "error" in actual:
        return [("error", None, actual["error"])]
    return [
        (key, expected[key], actual.get(key))
        for key in ANSWER
        if key in expected and canonical(key, expected[key]) != canonical(key, actual.get(key))
    ]


def canonical(key, value):
    # A route without a name and a response without a body may be told as null or as "".
    return (value or "") if key in ("route", "body") else value
