# Fairlead: the words that the hand-picked cases are written in
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass, field

from managers import MANAGER

CLUSTERS = ["alpha", "beta", "gamma", "delta"]


@dataclass
class Theme:
    """One vector file: a table, what it is about, and the requests to ask of it."""

    name: str
    about: str
    config: dict
    requests: list
    clusters: list = field(default_factory=lambda: list(CLUSTERS))
    manager: dict = None  # options of the connection manager, where the cases are about them
    pick: bool = False  # the answers hold facts that are known only once an endpoint is picked

    @property
    def whole(self):
        """The table with the options in it, as the oracle takes both."""
        return {**self.config, MANAGER: self.manager} if self.manager else self.config


def table(*virtual_hosts, **options):
    return {"name": "vectors", **options, "virtual_hosts": list(virtual_hosts)}


def host(name, domains, *routes, **options):
    return {"name": name, "domains": list(domains), **options, "routes": list(routes) or [reply()]}


def reply(name="any", match=None, status=200, body=None):
    """A route that answers by itself: enough wherever only the choice matters."""
    response = {"status": status}
    if body is not None:
        response["body"] = {"inline_string": body}
    return {"name": name, "match": match or {"prefix": "/"}, "direct_response": response}


def forward(name, match, **action):
    if not {"cluster", "cluster_header", "weighted_clusters"} & action.keys():
        action["cluster"] = "alpha"
    return {"name": name, "match": match, "route": action}


def redirect(name, match, **action):
    return {"name": name, "match": match, "redirect": action}


def one_each(matches):
    """A route per condition, each under a path of its own: `/0`, `/1` …; a miss is a 404."""
    return [reply(label, {"path": f"/{i}", **match}) for i, (label, match) in enumerate(matches)]


def get(path="/", authority="h", *headers, method="GET", scheme="http"):
    """A request; what is left out has the contract's default."""
    request = {"path": path}
    if authority is not None:
        request["authority"] = authority
    if headers:
        request["headers"] = [list(pair) for pair in headers]
    if method != "GET":
        request["method"] = method
    if scheme != "http":
        request["scheme"] = scheme
    return request


def regex(pattern):
    return {"regex": pattern}


def swap(pattern, substitution):
    return {"pattern": {"regex": pattern}, "substitution": substitution}
