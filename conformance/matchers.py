# Fairlead: random matchers (strings, headers, query parameters, cookies), and values that satisfy them
# SPDX-License-Identifier: Apache-2.0

import vocabulary as words

LEGACY = {"exact_match": "exact", "prefix_match": "prefix", "suffix_match": "suffix", "contains_match": "contains"}


def chance(rng, probability):
    return rng.random() < probability


def string_matcher(rng, values):
    kind = rng.choice(["exact", "exact", "prefix", "suffix", "contains", "safe_regex"])
    if kind == "safe_regex":
        pattern, _ = rng.choice([p for p in words.VALUE_PATTERNS if p[0]])
        return {"safe_regex": {"regex": pattern}}
    value = rng.choice(values)
    if kind != "exact":
        value = value or rng.choice(["a", "v"])
        cut = rng.randint(1, len(value))
        value = {"prefix": value[:cut], "suffix": value[-cut:], "contains": value[:cut]}[kind]
    matcher = {kind: value}
    if chance(rng, 0.25):
        matcher["ignore_case"] = True
    return matcher


def satisfy_string(rng, matcher):
    """A value that the string matcher accepts."""
    value = next((matcher[k] for k in ("exact", "prefix", "suffix", "contains") if k in matcher), None)
    if value is None:
        pattern = matcher["safe_regex"]["regex"]
        return rng.choice(dict(words.VALUE_PATTERNS)[pattern])
    more = rng.choice(["", "a", "b", "7"])
    if "prefix" in matcher or "contains" in matcher:
        value = value + more
    if "suffix" in matcher or "contains" in matcher:
        value = more + value
    if matcher.get("ignore_case") and chance(rng, 0.5):
        value = value.swapcase()
    return value


def header_matcher(rng):
    pseudo = rng.random()
    if pseudo < 0.08:
        matcher = {"name": ":method", "string_match": {"exact": rng.choice(words.METHODS)}}
    elif pseudo < 0.12:
        matcher = {"name": ":path", "string_match": rng.choice([{"contains": "?"}, {"prefix": "/a"}, {"suffix": "v"}])}
    elif pseudo < 0.16:
        name = rng.choice([":authority", "host", "Host"])
        matcher = {"name": name, "string_match": rng.choice([{"suffix": ".com"}, {"contains": ":"}, {"prefix": "a"}])}
    elif pseudo < 0.18:
        matcher = {"name": ":scheme", "string_match": {"exact": rng.choice(["http", "https"])}}
    else:
        matcher = {"name": rng.choice(words.HEADER_NAMES)}
        matcher.update(header_specifier(rng))
    if chance(rng, 0.25):
        matcher["invert_match"] = True
    if chance(rng, 0.2):
        matcher["treat_missing_header_as_empty"] = True
    return matcher


def header_specifier(rng):
    kind = rng.choice(["none", "present", "string", "string", "string", "legacy", "legacy_regex", "range"])
    if kind == "present":
        return {"present_match": chance(rng, 0.6)}
    if kind == "string":
        return {"string_match": string_matcher(rng, words.VALUES)}
    if kind == "legacy":
        key = rng.choice(list(LEGACY))
        value = rng.choice(words.VALUES)
        return {key: value if key == "exact_match" else value or "a"}
    if kind == "legacy_regex":
        return {"safe_regex_match": {"regex": rng.choice([p for p, _ in words.VALUE_PATTERNS if p])}}
    if kind == "range":
        start = rng.randint(-10, 8)
        return {"range_match": {"start": start, "end": start + rng.choice([0, 1, 5, 20])}}
    return {}


def satisfy_header(rng, matcher):
    """A value that the matcher accepts before inversion, or None for a missing header."""
    if "string_match" in matcher:
        return satisfy_string(rng, matcher["string_match"])
    if "safe_regex_match" in matcher:
        return rng.choice(dict(words.VALUE_PATTERNS)[matcher["safe_regex_match"]["regex"]])
    for key, kind in LEGACY.items():
        if key in matcher:
            return satisfy_string(rng, {kind: matcher[key]})
    if "range_match" in matcher:
        bounds = matcher["range_match"]
        return str(rng.choice([bounds["start"], bounds["end"] - 1, bounds["start"] + 1]))
    if matcher.get("present_match") is False:
        return None
    return rng.choice(words.VALUES)


def query_matcher(rng):
    matcher = {"name": rng.choice(words.QUERY_KEYS)}
    kind = rng.choice(["none", "present", "string", "string"])
    if kind == "present":
        matcher["present_match"] = chance(rng, 0.6)
    elif kind == "string":
        matcher["string_match"] = string_matcher(rng, words.QUERY_VALUES)
    return matcher


def satisfy_query(rng, matcher):
    """`key=value` that the matcher accepts, or None for an absent key."""
    if "string_match" in matcher:
        return f"{matcher['name']}={satisfy_string(rng, matcher['string_match'])}"
    if matcher.get("present_match") is False:
        return None
    return matcher["name"] + rng.choice(["", "=", "=v", "=1"])


def cookie_matcher(rng):
    matcher = {"name": rng.choice(words.COOKIE_NAMES), "string_match": string_matcher(rng, ["a", "b", "ab", "7", ""])}
    if chance(rng, 0.3):
        matcher["invert_match"] = True
    return matcher
