# Fairlead: an executable model of Envoy's routing rules: slow, linear, and written from the rules alone
# SPDX-License-Identifier: Apache-2.0
"""Stands in for `fairlead` (`compare.py "python3 conformance/reference.py"`), so that the comparison itself can be
tested, and so that what we believe of Envoy is held against Envoy without a line of Swift.
"""

import argparse
import json
import sys

import reference_match as match
import reference_rewrite as rewrite
from expectation import whole_number

NOT_FOUND_STATUS = {"NOT_FOUND": 404, "INTERNAL_SERVER_ERROR": 500}
HOST_BYTES = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:%@[]")
METHODS = set("""
GET HEAD POST PUT DELETE OPTIONS TRACE PATCH COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND UNBIND
ACL REPORT MKACTIVITY CHECKOUT MERGE NOTIFY SUBSCRIBE UNSUBSCRIBE PURGE MKCALENDAR LINK UNLINK SOURCE
""".split())
# Headers that Envoy 1.40 keeps in one slot each: further lines of the same name are joined on arrival, with a comma.
JOINED = set("""
accept accept-encoding access-control-request-headers access-control-request-method
access-control-request-private-network authorization cache-control content-encoding content-type expect
grpc-accept-encoding grpc-timeout if-match if-modified-since if-none-match if-range origin pragma referer user-agent
via x-client-trace-id x-forwarded-for x-forwarded-host x-forwarded-port x-request-id
""".split())


class View:
    """A request as the rules see it."""

    def __init__(self, request):
        self.method = request.get("method") or "GET"
        self.scheme = request.get("scheme") or "http"
        self.authority = request.get("authority")
        self.path = request["path"]
        self.headers = {}
        for name, value in request.get("headers") or []:
            lines = self.headers.setdefault(name.lower(), [])
            if lines and name.lower() in JOINED:
                lines[0] += ("," if lines[0] and value else "") + value
            else:
                lines.append(value)

    def values(self, name):
        pseudo = {":method": self.method, ":path": self.path, ":scheme": self.scheme, ":authority": self.authority}
        name = {"host": ":authority"}.get(name.lower(), name.lower())
        return [pseudo[name]] if name in pseudo else self.headers.get(name, [])

    def first(self, name):
        values = self.values(name)
        return values[0] if values else None

    def query(self, name):
        """The first value of a query parameter, not decoded; None when it is not there."""
        for pair in self.path.partition("#")[0].partition("?")[2].split("&"):
            key, _, value = pair.partition("=")
            if key == name:
                return value
        return None


def answer(**known):
    keys = ["virtual_host", "route", "action", "status", "location", "body", "cluster", "path", "authority"]
    return {**dict.fromkeys(keys), **known}


def decide(table, clusters, request):
    view = View(request)
    refused = refuse(view)
    if refused:
        return answer(action="none", status=refused)
    host = match.virtual_host(table, view)
    if host is None:
        return answer(action="none", status=404)
    tls = host.get("require_tls")
    if tls in ("ALL", "EXTERNAL_ONLY") and view.scheme != "https":
        location = f"https://{view.authority}{view.path}"
        return answer(virtual_host=host["name"], action="redirect", status=301, location=location)
    route = match.chosen(table, host, view)
    if route is None:
        return answer(virtual_host=host["name"], action="none", status=404)
    known = {"virtual_host": host["name"], "route": route.get("name")}
    if "direct_response" in route:
        response = route["direct_response"]
        body = response.get("body", {}).get("inline_string", "")
        return answer(**known, action="direct_response", status=response["status"], body=body)
    if "redirect" in route:
        status, location = rewrite.redirect(route["redirect"], route["match"], view)
        return answer(**known, action="redirect", status=status, location=location)
    action = route["route"]
    entry = weighted_entry(action, view)
    cluster = cluster_of(entry, view)
    if cluster not in clusters:
        status = NOT_FOUND_STATUS.get(action.get("cluster_not_found_response_code"), 503)
        return answer(**known, action="none", status=status)
    authority = clusters[cluster] if action.get("auto_host_rewrite") else rewrite.authority(action, entry, view)
    path = rewrite.path(action, route["match"], view, rewrite.authority(action, entry, view))
    return answer(**known, action="forward", cluster=cluster, path=path, authority=authority)


def refuse(view):
    """What Envoy answers before routing."""
    if view.path == "*" and view.method == "OPTIONS":
        return 404
    if view.method not in METHODS or view.authority is None or "#" in view.path or not view.path.startswith("/"):
        return 400
    if any(byte <= 0x20 or byte >= 0x7F for byte in view.path.encode()):
        return 400
    if any(byte not in HOST_BYTES for byte in view.authority.encode()):
        return 400
    return None


def weighted_entry(action, view):
    """The action itself, or the weighted entry that the request's number points at."""
    if "weighted_clusters" not in action:
        return action
    entries = action["weighted_clusters"]["clusters"]
    values = view.values(action["weighted_clusters"].get("header_name", ""))
    number = int(values[0]) if len(values) == 1 and whole_number(values[0]) else 0
    left = number % sum(entry["weight"] for entry in entries)
    for entry in entries:
        if left < entry["weight"]:
            return entry
        left -= entry["weight"]


def cluster_of(entry, view):
    if "cluster_header" in entry:
        return view.first(entry["cluster_header"])
    return entry.get("cluster") or entry.get("name")


def hostname(cluster):
    return cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"].get("hostname")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["route"])
    parser.add_argument("--config", required=True)
    parser.add_argument("--route-config")
    parser.add_argument("--pick", action="store_true", help="accepted; here every cluster has one endpoint")
    options = parser.parse_args()
    with open(options.config) as file:
        resources = json.load(file)["static_resources"]
    clusters = {cluster["name"]: hostname(cluster) for cluster in resources["clusters"]}
    manager = resources["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    for line in sys.stdin:
        print(json.dumps(decide(manager["route_config"], clusters, json.loads(line))))


if __name__ == "__main__":
    main()
