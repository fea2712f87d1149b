# Fairlead: URI templates: extensions around them, and an executable model of how they match and rewrite
# SPDX-License-Identifier: Apache-2.0

import re

PACKAGE = "type.googleapis.com/envoy.extensions.path."
PLAIN = r"a-zA-Z0-9\-._~%!$&'()+,;:@*="


def policy(template):
    config = {"@type": PACKAGE + "match.uri_template.v3.UriTemplateMatchConfig", "path_template": template}
    return {"name": "envoy.path.match.uri_template.uri_template_matcher", "typed_config": config}


def rewriter(rewrite):
    config = {
        "@type": PACKAGE + "rewrite.uri_template.v3.UriTemplateRewriteConfig",
        "path_template_rewrite": rewrite,
    }
    return {"name": "envoy.path.rewrite.uri_template.uri_template_rewriter", "typed_config": config}


def template_of(match):
    """The template of a match, None when it has none."""
    return match.get("path_match_policy", {}).get("typed_config", {}).get("path_template")


def pattern(template):
    """The regular expression that a template stands for; its groups have the names of the variables."""
    out, at = "", 0
    while at < len(template):
        if template.startswith("**", at):
            out, at = out + f"[{PLAIN}/]*", at + 2
        elif template[at] == "*":
            out, at = out + f"[{PLAIN}]+", at + 1
        elif template[at] == "{":
            end = template.index("}", at)
            name, _, inner = template[at + 1 : end].partition("=")
            out, at = out + f"(?P<{name}>{pattern(inner or '*')})", end + 1
        else:
            out, at = out + re.escape(template[at]), at + 1
    return out


def matches(template, path):
    return re.fullmatch(pattern(template), path) is not None


def rewritten(template, rewrite, path):
    found = re.fullmatch(pattern(template), path)
    return path if found is None else re.sub(r"\{(\w+)\}", lambda m: found.group(m.group(1)), rewrite)
