# Fairlead: requests that hit a given table, or miss it by one byte
# SPDX-License-Identifier: Apache-2.0
"""`make_requests(table, seed, count)`: each request is built to satisfy one route of the table, from the table's
own strings, and then bent by nought to three mutations.
"""

import random
import string

import managers
import templates
import trees
import vocabulary as words
from matchers import chance, satisfy_header, satisfy_query, satisfy_string

NEARBY = "ab/.-:;01Az~%"
HOST_BYTES = string.ascii_lowercase + "0123456789.-:"


def make_requests(table, seed, count):
    rng = random.Random(f"requests {seed}")
    maker = RequestMaker(rng, table)
    return [maker.request() for _ in range(count)]


class RequestMaker:
    def __init__(self, rng, table):
        self.rng = rng
        self.hosts = table["virtual_hosts"]
        self.by_header = "vhost_header" in table
        self.before = managers.MANAGER in table

    def chance(self, probability):
        return chance(self.rng, probability)

    def request(self):
        virtual_host = self.rng.choice(self.hosts)
        routes = trees.all_routes(virtual_host)
        request = {"method": "GET", "authority": self.authority(virtual_host), "path": "/", "headers": []}
        if routes:
            self.satisfy(request, self.rng.choice(routes)["match"])
        if self.chance(0.15):
            request["scheme"] = "https"
        self.follow(request, virtual_host)
        self.steer(request)
        for _ in range(self.rng.choice([0, 0, 1, 1, 2, 3])):
            self.rng.choice(MUTATIONS)(self.rng, request)
        if self.before:
            for _ in range(self.rng.choice([0, 1, 1, 2])):
                managers.bend(self.rng, request)
            managers.settle(request)
        if self.by_header and self.chance(0.8):
            request["headers"].append([words.VHOST_HEADER, request.get("authority") or "x"])
        return request

    def follow(self, request, virtual_host):
        """Headers that a match tree looks for."""
        found = trees.inputs(virtual_host)
        for name, value in self.rng.sample(found, min(len(found), self.rng.choice([0, 1, 1, 2, 3]))):
            value += self.rng.choice(["", "", "", "b"])
            if name == ":method":
                request["method"] = value if value in words.METHODS else request["method"]
            elif name == ":path":
                request["path"] = value if value.startswith("/") else request["path"]
            elif name != "Host":
                request["headers"].append([name, value.strip()])

    def authority(self, virtual_host):
        """A host that one of the domains accepts."""
        domain = self.rng.choice(virtual_host["domains"])
        filler = self.rng.choice(words.LABELS)
        if domain == "*":
            return f"{filler}.{self.rng.choice(words.SUFFIXES)}"
        if domain.startswith("*"):
            host = filler + domain[1:]
        elif domain.endswith("*"):
            host = domain[:-1] + (filler if not domain.endswith(":*") else self.rng.choice(words.PORTS))
        else:
            host = domain
        # A literal `*` in the middle of a pattern is no character of a real host, but may be sent all the same.
        return host

    def satisfy(self, request, match):
        request["path"] = self.path(match)
        pairs = [satisfy_query(self.rng, matcher) for matcher in match.get("query_parameters", [])]
        pairs = [pair for pair in pairs if pair is not None]
        if pairs or self.chance(0.15):
            request["path"] += "?" + "&".join(pairs or ["k=v"])
        for matcher in match.get("headers", []):
            value = satisfy_header(self.rng, matcher)
            name = matcher["name"]
            if matcher.get("invert_match") and self.chance(0.7):
                value = self.rng.choice([*words.VALUES, None])
            if name == ":method":
                request["method"] = value if value in words.METHODS else "POST"
            elif name == ":scheme":
                request["scheme"] = value if value in ("http", "https") else "https"
            elif not name.startswith(":") and name.lower() != "host" and value is not None:
                request["headers"].append([name, value.strip()])
        cookies = [f"{c['name']}={satisfy_string(self.rng, c['string_match'])}" for c in match.get("cookies", [])]
        if cookies:
            request["headers"].append(["cookie", "; ".join(cookies)])
        if "grpc" in match:
            request["headers"].append(["content-type", "application/grpc" + self.rng.choice(["", "+proto", ";x"])])

    def path(self, match):
        template = templates.template_of(match)
        if template is not None:
            return self.rng.choice(next(paths for known, paths, _ in words.URI_TEMPLATES if known == template))
        if "safe_regex" in match:
            return self.rng.choice(dict(words.PATH_PATTERNS)[match["safe_regex"]["regex"]])
        text = next(match[kind] for kind in ("prefix", "path", "path_separated_prefix") if kind in match)
        if "prefix" in match:
            text += self.rng.choice(["", "a", "/", "/b", "x/y"])
        elif "path_separated_prefix" in match:
            text += self.rng.choice(["", "/", "/b", "//"])
        if match.get("case_sensitive") is False and self.chance(0.5):
            text = text.swapcase()
        return text if text.startswith("/") else "/" + text

    def steer(self, request):
        """Headers that clusters, weights and host rewrites are read from: mostly there, so that answers are fixed."""
        if self.chance(0.97):
            number = self.rng.choice([0, 1, 2, 9, 10, 29, 30, 31, 2**32, 2**64 - 1, "+1", "031"])
            request["headers"].append([words.WEIGHT_HEADER, str(number)])
        if self.chance(0.8):
            request["headers"].append([words.CLUSTER_HEADER, self.rng.choice([*words.CLUSTERS, words.UNKNOWN_CLUSTER, ""])])
        if self.chance(0.6):
            request["headers"].append([words.HOST_HEADER, self.rng.choice(["from.header", "FROM.header:1", ""])])


def split(path):
    path, mark, query = path.partition("?")
    return path, mark + query


def one_byte_more(rng, request):
    path, query = split(request["path"])
    at = rng.randint(1, len(path))
    request["path"] = path[:at] + rng.choice(NEARBY) + path[at:] + query


def one_byte_less(rng, request):
    path, query = split(request["path"])
    if len(path) > 1:
        at = rng.randrange(1, len(path))
        request["path"] = path[:at] + path[at + 1 :] + query


def flipped_path_case(rng, request):
    path, query = split(request["path"])
    at = rng.randrange(len(path))
    request["path"] = path[:at] + path[at:].swapcase() + query


def trailing_slash(rng, request):
    path, query = split(request["path"])
    request["path"] = (path[:-1] if len(path) > 1 and path.endswith("/") else path + "/") + query


def doubled_slash(rng, request):
    path, query = split(request["path"])
    places = [i for i, c in enumerate(path) if c == "/"]
    at = rng.choice(places)
    request["path"] = path[:at] + "/" + path[at:] + query


def path_parameter(rng, request):
    path, query = split(request["path"])
    request["path"] = path + rng.choice([";", ";p=1", ";a/b"]) + query


def percent_encoded(rng, request):
    path, query = split(request["path"])
    at = rng.randrange(1, len(path)) if len(path) > 1 else 0
    if at:
        request["path"] = path[:at] + f"%{ord(path[at]):02x}" + path[at + 1 :] + query


def other_query(rng, request):
    path, _ = split(request["path"])
    pairs = [
        rng.choice(words.QUERY_KEYS) + rng.choice(["", "=", "=" + rng.choice(words.QUERY_VALUES)])
        for _ in range(rng.choice([0, 1, 2, 3]))
    ]
    request["path"] = path + "?" + rng.choice(["&", "&", "&&"]).join(pairs)


def bent_query(rng, request):
    path, query = split(request["path"])
    if not query:
        return
    request["path"] = path + rng.choice(
        [
            query.swapcase(),
            query + "&" + query[1:],
            query + "x",
            query[:-1] or "?",
            query.replace("=", "==", 1),
            "?" + query,
            "?&" + query[1:],
            "?x=1&" + query[1:],
            query.replace("&", ";"),
        ]
    )


def fragment(rng, request):
    if chance(rng, 0.2):
        request["path"] += "#f"


def host_case(rng, request):
    if request.get("authority"):
        request["authority"] = request["authority"].swapcase()


def host_port(rng, request):
    host = request.get("authority")
    if host is not None:
        request["authority"] = rng.choice([host + ":" + rng.choice(words.PORTS), host + ":", host.rpartition(":")[0]])


def host_byte(rng, request):
    host = request.get("authority")
    if host:
        at = rng.randrange(len(host))
        request["authority"] = rng.choice([host[:at] + host[at + 1 :], host[:at] + rng.choice(HOST_BYTES) + host[at:]])


def host_dot(rng, request):
    host = request.get("authority")
    if host:
        request["authority"] = rng.choice([host + ".", "." + host, host.partition(".")[2], "x." + host])


def other_host(rng, request):
    if chance(rng, 0.3):
        if chance(rng, 0.3):
            request.pop("authority", None)
        else:
            request["authority"] = rng.choice(["", "[::1]", "[::1]:80", "127.0.0.1", "other.example"])


def bent_header(rng, request):
    """Drop, repeat, empty, or change one header."""
    if not request["headers"]:
        return
    at = rng.randrange(len(request["headers"]))
    name, value = request["headers"][at]
    kind = rng.choice(["drop", "again", "other first", "empty", "case", "name case", "more", "less"])
    if kind == "drop":
        del request["headers"][at]
    elif kind == "again":
        request["headers"].append([name, rng.choice(words.VALUES)])
    elif kind == "other first":
        request["headers"].insert(at, [name, rng.choice(words.VALUES)])
    else:
        changed = {
            "empty": "",
            "case": value.swapcase(),
            "name case": value,
            "more": value + rng.choice("ab7"),
            "less": value[:-1].strip(),
        }[kind]
        request["headers"][at] = [name.swapcase() if kind == "name case" else name, changed]


def extra_header(rng, request):
    request["headers"].append([rng.choice(words.HEADER_NAMES), rng.choice(words.VALUES)])


def other_method(rng, request):
    request["method"] = rng.choice(words.METHODS)


MUTATIONS = [
    one_byte_more,
    one_byte_less,
    flipped_path_case,
    trailing_slash,
    doubled_slash,
    path_parameter,
    percent_encoded,
    other_query,
    bent_query,
    bent_query,
    fragment,
    host_case,
    host_port,
    host_byte,
    host_dot,
    other_host,
    bent_header,
    bent_header,
    bent_header,
    extra_header,
    other_method,
]
