# Fairlead: the matching half of the executable model: virtual hosts and route conditions
# SPDX-License-Identifier: Apache-2.0

import re

import templates
import trees


def lower(text):
    return "".join(c.lower() if c.isascii() else c for c in text)


def without_port(host):
    """Cut from the colon of the port on; inside brackets there is none."""
    at = host.rfind(":")
    return host if at < 0 or host.rfind("]") > at else host[:at]


def virtual_host(table, view):
    domains = [(lower(domain), host) for host in table["virtual_hosts"] for domain in host["domains"]]
    fallback = next((host for domain, host in domains if domain == "*"), None)
    if all(domain == "*" for domain, _ in domains):
        return fallback
    name = view.authority
    if "vhost_header" in table:
        name = view.first(table["vhost_header"])
        if name is None:
            return None
    if table.get("ignore_port_in_host_matching"):
        name = without_port(name)
    name = lower(name)
    exact = [host for domain, host in domains if domain == name and not wild(domain)]
    if exact:
        return exact[0]
    suffixes = [
        (len(d), h)
        for d, h in domains
        if d != "*" and d.startswith("*") and name.endswith(d[1:]) and len(name) > len(d) - 1
    ]
    prefixes = [
        (len(d), h)
        for d, h in domains
        if not d.startswith("*") and d.endswith("*") and name.startswith(d[:-1]) and len(name) > len(d) - 1
    ]
    for found in (suffixes, prefixes):
        if found:
            return max(found, key=lambda pair: pair[0])[1]
    return fallback


def wild(domain):
    return domain.startswith("*") or domain.endswith("*")


def route(table, match, view):
    return (
        fraction(match)
        and all(header(m, view) for m in match.get("headers", []))
        and all(query_parameter(m, view) for m in match.get("query_parameters", []))
        and all(cookie(m, view) for m in match.get("cookies", []))
        and grpc(match, view)
        and tls(match)
        and all(m.get("invert", False) for m in match.get("dynamic_metadata", []))
        and path(table, match, view)
    )


def chosen(table, host, view):
    """The first route that matches, by list or by tree."""
    routes = host.get("routes", [])
    if trees.is_tree(host):
        routes = trees.candidates(host["matcher"], view, string) or []
    return next((r for r in routes if route(table, r["match"], view)), None)


def fraction(match):
    return "runtime_fraction" not in match or match["runtime_fraction"]["default_value"]["numerator"] > 0


def grpc(match, view):
    if "grpc" not in match:
        return True
    kind = view.first("content-type") or ""
    return kind == "application/grpc" or kind.startswith("application/grpc+")


def tls(match):
    return not any(match.get("tls_context", {}).values())


def path(table, match, view):
    text = view.path.partition("?")[0]
    template = templates.template_of(match)
    if template is not None:
        # Path parameters count for these, whatever the table says.
        return templates.matches(template, text)
    if table.get("ignore_path_parameters_in_path_matching"):
        text = "/".join(segment.partition(";")[0] for segment in text.split("/"))
    if "safe_regex" in match:
        return re.fullmatch(match["safe_regex"]["regex"], text, re.ASCII) is not None
    fold = lower if match.get("case_sensitive") is False else str
    text = fold(text)
    if "prefix" in match:
        return text.startswith(fold(match["prefix"]))
    if "path" in match:
        return text == fold(match["path"])
    prefix = fold(match["path_separated_prefix"])
    return text == prefix or text.startswith(prefix + "/")


def string(matcher, value):
    if "safe_regex" in matcher:
        return re.fullmatch(matcher["safe_regex"]["regex"], value, re.ASCII | re.DOTALL) is not None
    fold = lower if matcher.get("ignore_case") else str
    value = fold(value)
    if "exact" in matcher:
        return value == fold(matcher["exact"])
    if "prefix" in matcher:
        return value.startswith(fold(matcher["prefix"]))
    if "suffix" in matcher:
        return value.endswith(fold(matcher["suffix"]))
    return fold(matcher["contains"]) in value


def header(matcher, view):
    values = view.values(matcher["name"])
    if not values and matcher.get("treat_missing_header_as_empty"):
        values = [""]
    invert = matcher.get("invert_match", False)
    test = value_test(matcher)
    if test is None:
        return (bool(values) == matcher.get("present_match", True)) != invert
    if not values:
        return False
    return any(test(value) for value in values) != invert


def value_test(matcher):
    """What one value must satisfy, or None when only presence counts."""
    if "string_match" in matcher:
        return lambda value: string(matcher["string_match"], value)
    if "safe_regex_match" in matcher:
        return lambda value: string({"safe_regex": matcher["safe_regex_match"]}, value)
    if "range_match" in matcher:
        bounds = matcher["range_match"]
        return lambda value: (
            re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII) is not None
            and bounds.get("start", 0) <= int(value) < bounds.get("end", 0)
        )
    if matcher.get("exact_match") == "":
        return lambda value: True
    for key in ("exact_match", "prefix_match", "suffix_match", "contains_match"):
        if key in matcher:
            return lambda value: string({key.removesuffix("_match"): matcher[key]}, value)
    return None


def query_parameter(matcher, view):
    values = {}
    for pair in view.path.partition("?")[2].split("&"):
        key, _, value = pair.partition("=")
        values.setdefault(key, value)
    present = matcher["name"] in values
    if "string_match" in matcher:
        return present and string(matcher["string_match"], values[matcher["name"]])
    return present == matcher.get("present_match", True)


def cookie(matcher, view):
    values = {}
    for line in view.values("cookie"):
        for pair in line.split(";"):
            name, equals, value = pair.strip().partition("=")
            if equals:
                value = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
                values.setdefault(name, value)
    hit = matcher["name"] in values and string(matcher["string_match"], values[matcher["name"]])
    return hit != matcher.get("invert_match", False)
