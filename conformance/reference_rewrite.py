# Fairlead: the rewriting half of the executable model: forwarded paths and hosts, redirects
# SPDX-License-Identifier: Apache-2.0

import re

import templates

STATUS = {
    "MOVED_PERMANENTLY": 301,
    "FOUND": 302,
    "SEE_OTHER": 303,
    "TEMPORARY_REDIRECT": 307,
    "PERMANENT_REDIRECT": 308,
}


def split(path):
    path, mark, query = path.partition("?")
    return path, mark + query


def substitute(rule, text):
    """RE2's global replacement: no empty match right after a match."""
    pattern = re.compile(rule["pattern"]["regex"], re.ASCII)
    out, at, last_end = "", 0, -1
    while at <= len(text):
        found = pattern.search(text, at)
        if found is None:
            break
        out += text[at : found.start()]
        if found.start() == found.end() == last_end:
            if at >= len(text):
                break
            out += text[at]
            at += 1
            continue
        out += re.sub(r"\\(\d)", lambda m: found.group(int(m.group(1))) or "", rule.get("substitution", ""))
        at = last_end = found.end()
        if found.start() == found.end():
            if at >= len(text):
                break
            out += text[at]
            at += 1
    return out + text[at:]


def formatted(template, view, missing, host=None):
    def value(found):
        if found.group(0) == "%%":
            return "%"
        command, argument, limit = found.group(1, 2, 3)
        if command == "REQ":
            names = [name for name in argument.split("?") if name]
            rewritten = {":authority": host, "host": host} if host is not None else {}
            values = [rewritten.get(name) or view.first(name) for name in names]
            told = next((value for value in values if value is not None), None)
        elif command == "PATH":
            told = split(view.path)[0]
        else:
            told = view.query(argument)
        told = missing if told is None else told
        return told.encode()[: int(limit)].decode(errors="ignore") if limit else told

    return re.sub(r"%(REQ|PATH|QUERY_PARAM)\(([^)]*)\)(?::(\d+))?%|%%", value, template)


def matched_part(match, path):
    """How many leading bytes of the path a prefix rewrite replaces."""
    for kind in ("prefix", "path", "path_separated_prefix"):
        if kind in match:
            return len(match[kind])
    return len(path)


def path(action, match, view, host):
    """The forwarded path; `host` is the authority as it is rewritten before."""
    text, query = split(view.path)
    matched = next((match[kind] for kind in ("prefix", "path", "path_separated_prefix") if kind in match), "")
    if action.get("prefix_rewrite"):
        if not text.lower().startswith(matched.lower()):
            # Matched only because path parameters were ignored: nothing to replace in the path as sent.
            return view.path
        return action["prefix_rewrite"] + text[matched_part(match, text) :] + query
    new = ""
    if "regex_rewrite" in action:
        new = substitute(action["regex_rewrite"], text)
    elif "path_rewrite_policy" in action:
        rewrite = action["path_rewrite_policy"]["typed_config"]["path_template_rewrite"]
        new = templates.rewritten(templates.template_of(match), rewrite, text)
    elif "path_rewrite" in action:
        new = formatted(action["path_rewrite"], view, "", host)
    return (new or text) + query


def authority(action, entry, view):
    host = entry.get("host_rewrite_literal") or view.authority
    if action.get("host_rewrite_literal"):
        return action["host_rewrite_literal"]
    if "host_rewrite_header" in action:
        return view.first(action["host_rewrite_header"]) or host
    if "host_rewrite_path_regex" in action:
        return substitute(action["host_rewrite_path_regex"], split(view.path)[0]) or host
    if "host_rewrite" in action:
        return formatted(action["host_rewrite"], view, "-") or host
    return host


def split_port(host):
    """For redirects a port is whatever follows the last colon, or the bracket's: digits or not."""
    if host.startswith("["):
        at = host.rfind("]:") + 1 or len(host)
    else:
        at = host.rfind(":") if ":" in host else len(host)
    return host[:at], host[at:]


def redirect(rule, match, view):
    scheme = rule.get("scheme_redirect") or ("https" if rule.get("https_redirect") else view.scheme)
    port = rule.get("port_redirect", 0)
    host = rule.get("host_redirect")
    if not host:
        host, colon = split_port(view.authority)
        default = {"http": ":80", "https": ":443"}.get(view.scheme)
        if not port and not (scheme != view.scheme and colon == default):
            host += colon
    if port:
        host += f":{port}"
    status = STATUS[rule.get("response_code", "MOVED_PERMANENTLY")]
    return status, f"{scheme}://{host}{redirect_path(rule, match, view)}"


def redirect_path(rule, match, view):
    text, query = split(view.path)
    target = rule.get("path_redirect", "")
    if "path_rewrite" in rule:
        target = formatted(rule["path_rewrite"], view, "")
    if "?" in target:
        return target if target.startswith("/") else "/" + target
    if rule.get("strip_query"):
        query = ""
    if target:
        new = target
    elif rule.get("prefix_rewrite"):
        new = rule["prefix_rewrite"] + text[matched_part(match, text) :]
    elif "regex_rewrite" in rule:
        new = substitute(rule["regex_rewrite"], text)
    else:
        new = text
    new = new or text
    if rule.get("strip_query"):
        new = new.partition("?")[0]
    return (new if new.startswith("/") else "/" + new) + query
