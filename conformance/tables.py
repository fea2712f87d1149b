# Fairlead: seeded random route tables, the same for the same seed, for Envoy and for `fairlead route`
# SPDX-License-Identifier: Apache-2.0
"""`table_listing.py` prints them.

Feature sets: "core" is plain routing with cookies, URI templates and match trees; "extra" adds require_tls, gRPC, TLS
and metadata conditions, path parameters, vhost_header and formatter rewrites; "manager" adds options of the connection
manager to either.
"""

import random

import templates
import trees
import vocabulary as words
from managers import MANAGER, make_manager, manager_matcher
from matchers import chance, cookie_matcher, header_matcher, query_matcher

CORE, EXTRA, BEFORE = "core", "extra", "manager"
FEATURES = [CORE, EXTRA, f"{CORE}+{BEFORE}", f"{EXTRA}+{BEFORE}"]


def make_table(seed, features=CORE):
    """The RouteConfiguration of this seed."""
    rng = random.Random(f"table {seed}")
    maker = TableMaker(rng, features)
    table = maker.table(f"table-{seed}")
    if maker.before:
        table[MANAGER] = make_manager(seed)
    return table


class TableMaker:
    def __init__(self, rng, features):
        self.rng = rng
        self.extra = EXTRA in features
        self.before = BEFORE in features
        self.taken = set()

    def chance(self, probability):
        return chance(self.rng, probability)

    def table(self, name):
        table = {"name": name}
        if self.chance(0.2):
            table["ignore_port_in_host_matching"] = True
        if self.extra:
            if self.chance(0.2):
                table["ignore_path_parameters_in_path_matching"] = True
            if self.chance(0.1):
                table["vhost_header"] = words.VHOST_HEADER
        count = self.rng.choice([1, 2, 3, 4, 6])
        table["virtual_hosts"] = [self.virtual_host(f"host-{i}", last=i == count - 1) for i in range(count)]
        return table

    def virtual_host(self, name, last):
        domains = []
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            domain = self.domain()
            if domain.lower() not in self.taken:
                self.taken.add(domain.lower())
                domains.append(domain)
        if last and "*" not in self.taken and self.chance(0.7) or not domains:
            domains.append("*" if "*" not in self.taken else f"{name}.unique.example")
            self.taken.add(domains[-1])
        virtual_host = {"name": name, "domains": domains}
        if self.extra and self.chance(0.1):
            virtual_host["require_tls"] = self.rng.choice(["ALL", "EXTERNAL_ONLY"])
        count = self.rng.choice([0, 1, 2, 4, 8, 12])
        virtual_host["routes"] = [self.route(f"{name}/route-{i}") for i in range(count)]
        if count and self.chance(0.4):
            rest = {**self.route(f"{name}/rest"), "match": {"prefix": "/"}}
            # A rewrite from a template's variables needs the template.
            rest.get("route", {}).pop("path_rewrite_policy", None)
            virtual_host["routes"].append(rest)
        if self.chance(0.15):
            numbers = iter(range(1000))
            make_route = lambda: self.route(f"{name}/leaf-{next(numbers)}")
            del virtual_host["routes"]
            virtual_host["matcher"] = trees.random_tree(self.rng, make_route)
        return virtual_host

    def domain(self):
        host = ".".join(self.rng.choice(words.LABELS) for _ in range(self.rng.choice([1, 1, 2])))
        host += "." + self.rng.choice(words.SUFFIXES)
        label = self.rng.choice(words.LABELS)
        return self.rng.choice(
            [
                host,
                host,
                f"{host}:{self.rng.choice(words.PORTS)}",
                f"*.{host}",
                f"*-{host}",
                f"*{host}",
                f"*.{self.rng.choice(words.SUFFIXES)}",
                f"{label}.*",
                f"{label}-*",
                f"{host}:*",
                f"*{label}*",
                f"{label}.*.com",
                "[::1]",
                "[::1]:*",
                label,
                "",
            ]
        )

    def path(self):
        segments = [self.rng.choice(words.SEGMENTS) for _ in range(self.rng.choice([1, 1, 2, 3]))]
        path = "/" + self.rng.choice(["/", "/", "/", "//"]).join(segments)
        return path + self.rng.choice(["", "", "/"])

    def route(self, name):
        route = {"match": self.match()}
        if self.chance(0.9):
            route["name"] = name
        route.update(self.action(route["match"]))
        return route

    def match(self):
        kind = self.rng.choice(["prefix", "prefix", "path", "path", "path_separated_prefix", "safe_regex"])
        match = {}
        if self.chance(0.08):
            match["path_match_policy"] = templates.policy(self.rng.choice(words.URI_TEMPLATES)[0])
        elif kind == "prefix":
            path = self.path()
            match["prefix"] = self.rng.choice(["/", "", path, path, path, path[: self.rng.randint(1, len(path))]])
        elif kind == "path":
            match["path"] = self.rng.choice(["/", self.path(), self.path(), self.path() + "?k=v"])
        elif kind == "path_separated_prefix":
            match["path_separated_prefix"] = self.path().rstrip("/")
        else:
            match["safe_regex"] = {"regex": self.rng.choice(words.PATH_PATTERNS)[0]}
        if self.chance(0.25):
            match["case_sensitive"] = self.chance(0.2)
        self.conditions(match)
        return match

    def conditions(self, match):
        headers = [header_matcher(self.rng) for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2]))]
        if self.before and self.chance(0.2):
            headers.append(manager_matcher(self.rng))
        if headers:
            match["headers"] = headers
        queries = [query_matcher(self.rng) for _ in range(self.rng.choice([0, 0, 0, 0, 1, 2]))]
        if queries:
            match["query_parameters"] = queries
        if self.chance(0.12):
            full, denominator = self.rng.choice([(100, "HUNDRED"), (10000, "TEN_THOUSAND"), (1000000, "MILLION")])
            fraction = {"numerator": self.rng.choice([0, full]), "denominator": denominator}
            match["runtime_fraction"] = {"default_value": fraction}
        if self.chance(0.08):
            match["cookies"] = [cookie_matcher(self.rng) for _ in range(self.rng.choice([1, 2]))]
        if not self.extra:
            return
        if self.chance(0.06):
            match["grpc"] = {}
        if self.chance(0.06):
            match["tls_context"] = {self.rng.choice(["presented", "validated"]): self.chance(0.3)}
        if self.chance(0.06):
            value = {"string_match": {"exact": "x"}}
            absent = {"filter": "none", "path": [{"key": "k"}], "value": value, "invert": self.chance(0.7)}
            match["dynamic_metadata"] = [absent]

    def action(self, match):
        kind = self.rng.choice(["route", "route", "route", "redirect", "direct_response"])
        if kind == "route":
            return {"route": self.route_action(match)}
        if kind == "redirect":
            return {"redirect": self.redirect(match)}
        response = {"status": self.rng.choice([200, 201, 302, 403, 404, 418, 500, 503, 599])}
        if self.chance(0.7):
            response["body"] = {"inline_string": self.rng.choice(["yes", "no way\n", "{}", "é"])}
        return {"direct_response": response}

    def route_action(self, match):
        action = self.cluster_choice()
        if self.chance(0.15):
            action["cluster_not_found_response_code"] = self.rng.choice(["NOT_FOUND", "INTERNAL_SERVER_ERROR"])
        rewrite = self.rng.random()
        template = templates.template_of(match)
        if rewrite < 0.3 and template is not None:
            rewrites = next(made for known, _, made in words.URI_TEMPLATES if known == template)
            action["path_rewrite_policy"] = templates.rewriter(self.rng.choice(rewrites))
        elif rewrite < 0.3:
            action["prefix_rewrite"] = self.rng.choice(["/", "/new", "/new/", "", "bare", "/n?q=1", "//"])
        elif rewrite < 0.5:
            action["regex_rewrite"] = regex_rewrite(*self.rng.choice(words.REWRITES))
        elif rewrite < 0.57:
            action["path_rewrite"] = self.rng.choice(words.PATH_FORMATS)
        host = self.rng.random()
        if host < 0.15:
            action["host_rewrite_literal"] = self.rng.choice(["new.example", "new.example:81"])
        elif host < 0.3:
            action["host_rewrite_header"] = words.HOST_HEADER
        elif host < 0.4:
            action["host_rewrite_path_regex"] = regex_rewrite(*self.rng.choice(words.HOST_REWRITES))
        elif host < 0.45:
            action["host_rewrite"] = self.rng.choice(words.HOST_FORMATS)
        return action

    def cluster_choice(self):
        kind = self.rng.choice(["cluster", "cluster", "cluster", "cluster_header", "weighted"])
        if kind == "cluster":
            return {"cluster": self.rng.choice(words.CLUSTERS)}
        if kind == "cluster_header":
            return {"cluster_header": words.CLUSTER_HEADER}
        entries = []
        for _ in range(self.rng.choice([1, 2, 3, 4])):
            entry = {"weight": self.rng.choice([0, 1, 1, 2, 10, 30])}
            if self.chance(0.15):
                entry["cluster_header"] = words.CLUSTER_HEADER
            else:
                entry["name"] = self.rng.choice(words.CLUSTERS)
            if self.chance(0.15):
                entry["host_rewrite_literal"] = "entry.example"
            entries.append(entry)
        if not any(entry["weight"] for entry in entries):
            entries[0]["weight"] = 5
        return {"weighted_clusters": {"clusters": entries, "header_name": words.WEIGHT_HEADER}}

    def redirect(self, match):
        redirect = {}
        scheme = self.rng.random()
        if scheme < 0.25:
            redirect["https_redirect"] = True
        elif scheme < 0.4:
            redirect["scheme_redirect"] = self.rng.choice(["http", "https", "ftp"])
        if self.chance(0.35):
            redirect["host_redirect"] = self.rng.choice(["new.example", "new.example:81", "[::2]", "NEW.example"])
        if self.chance(0.3):
            redirect["port_redirect"] = self.rng.choice([80, 443, 8443, 0])
        path = self.rng.random()
        if path < 0.25:
            redirect["path_redirect"] = self.rng.choice(["/moved", "moved", "/moved?x=y", "", "/", "/moved?"])
        elif path < 0.5 and "path_match_policy" not in match:
            redirect["prefix_rewrite"] = self.rng.choice(["/", "/new", "/new/", "", "bare", "/n?q=1"])
        elif path < 0.65:
            redirect["regex_rewrite"] = regex_rewrite(*self.rng.choice(words.REWRITES))
        elif path < 0.7:
            redirect["path_rewrite"] = self.rng.choice(words.PATH_FORMATS)
        if self.chance(0.25):
            redirect["strip_query"] = True
        if self.chance(0.5):
            codes = ["MOVED_PERMANENTLY", "FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"]
            redirect["response_code"] = self.rng.choice(codes)
        return redirect


def regex_rewrite(pattern, substitution):
    return {"pattern": {"regex": pattern}, "substitution": substitution}
