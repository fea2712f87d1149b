# Fairlead: seeded random options of connection managers, and requests that they act on
# SPDX-License-Identifier: Apache-2.0
"""The options travel inside of a table, under the key `MANAGER`, which is no field of it: `split` takes them out where
the table meets Envoy or fairlead. So tables with options are compared, recorded and shrunk like all others.
"""

import random

from matchers import chance

MANAGER = "@manager"
PEER = "127.0.0.1:50000"  # whom fairlead is told to see where Envoy sees us
FORWARDED = ["10.0.0.1", "8.8.8.8", "10.0.0.1, 8.8.8.8", "8.8.8.8,10.0.0.1", "junk", "", "::1", "fd00::7", "10.0.0.1,"]
PROTOS = ["https", "HTTPS", "http", "ftp", "http,https", ""]
ENVOYS = ["x-envoy-retry-on", "x-envoy-internal", "x-envoy-max-retries", "x-envoy-original-path", "x-envoy-foo"]
CONNECTIONS = ["x-a", "X-B, keep-alive", "keep-alive", "x-forwarded-for", ":path", "te", "x-a,x-b,x_under,connection"]
JOINED = ["accept", "user-agent", "te", "x-forwarded-proto", "x-request-id", "proxy-status"]


def split(table):
    """The table without the options of its connection manager, and these."""
    return {key: value for key, value in table.items() if key != MANAGER}, table.get(MANAGER, {})


def make_manager(seed):
    """Random options, none at all for some seeds."""
    rng = random.Random(f"manager {seed}")
    options = {}
    if chance(rng, 0.4):
        options["normalize_path"] = chance(rng, 0.9)
    if chance(rng, 0.4):
        options["merge_slashes"] = True
    if chance(rng, 0.5):
        actions = ["KEEP_UNCHANGED", "REJECT_REQUEST", "UNESCAPE_AND_REDIRECT", "UNESCAPE_AND_FORWARD"]
        options["path_with_escaped_slashes_action"] = rng.choice(actions)
    if chance(rng, 0.3):
        options["strip_trailing_host_dot"] = True
    if chance(rng, 0.3):
        options["strip_any_host_port"] = True
    if chance(rng, 0.4):
        options["use_remote_address"] = True
        # What Envoy adds for a peer on the loopback interface is the address of the machine that it runs on.
        options["skip_xff_append"] = True
    if chance(rng, 0.3):
        options["xff_num_trusted_hops"] = rng.choice([1, 2])
    if chance(rng, 0.4):
        ranges = rng.choice([[], [("10.0.0.0", 8)], [("127.0.0.0", 8), ("fd00::", 16)], [("8.8.8.0", 24)]])
        options["internal_address_config"] = {
            "cidr_ranges": [{"address_prefix": prefix, "prefix_len": length} for prefix, length in ranges]
        }
    if chance(rng, 0.15):
        options["scheme_header_transformation"] = {"scheme_to_overwrite": rng.choice(["http", "https"])}
    return options


def manager_matcher(rng):
    """A header matcher on what a connection manager decides."""
    name, values = rng.choice(
        [
            ("x-forwarded-proto", ["http", "https", "HTTPS"]),
            ("x-envoy-internal", ["true"]),
            ("x-envoy-external-address", ["127.0.0.1", "8.8.8.8"]),
            ("x-forwarded-for", ["10.0.0.1", "8.8.8.8,10.0.0.1"]),
            ("x-envoy-retry-on", ["5xx"]),
            ("x-envoy-original-path", ["a"]),
            (":scheme", ["http", "https"]),
            ("te", ["trailers"]),
            ("accept", ["a,b"]),
        ]
    )
    matcher = {"name": name, "string_match": {"exact": rng.choice(values)}}
    if chance(rng, 0.3):
        matcher["invert_match"] = True
    return matcher


def bend(rng, request):
    """One change that some connection manager acts on."""
    rng.choice(BENDS)(rng, request)


def settle(request):
    """Says the scheme in the header in which it travels anyway: who may say so is what the options decide."""
    names = [name.lower() for name, _ in request["headers"]]
    if request.pop("scheme", None) == "https" and "x-forwarded-proto" not in names:
        request["headers"].append(["x-forwarded-proto", "https"])


def escaped_slash(rng, request):
    replace_slash(rng, request, rng.choice(["%2f", "%2F", "%5c", "%5C", "\\"]))


def dot_segments(rng, request):
    replace_slash(rng, request, rng.choice(["/./", "/../", "/a/../", "/%2e/", "/.%2E/", "//../", "/..;/", "/.../", "/.."]))


def replace_slash(rng, request, text):
    path, mark, query = request["path"].partition("?")
    places = [i for i, c in enumerate(path) if c == "/" and i > 0]
    at = rng.choice(places) if places else len(path)
    request["path"] = path[:at] + text + path[at + 1 :] + mark + query


def slashes(rng, request):
    path, mark, query = request["path"].partition("?")
    request["path"] = path.replace("/", rng.choice(["//", "///"]), rng.choice([1, 2])) + mark + query


def escapes(rng, request):
    path, mark, query = request["path"].partition("?")
    request["path"] = path + rng.choice(["%41", "%7e", "%zz", "%", "%00", "%25", "%2", "|", '"', "^", "%c3%a9"]) + mark + query


def absolute(rng, request):
    host = request.get("authority") or "h"
    scheme = rng.choice(["http", "https", "HTTP", "ftp"])
    path = rng.choice([request["path"], request["path"], "", "?q"])
    request["path"] = f"{scheme}://{rng.choice(['', '', 'user@'])}{host}{path}"


def asterisk(rng, request):
    request["path"] = "*"
    request["method"] = rng.choice(["OPTIONS", "OPTIONS", "GET"])


def long_path(rng, request):
    path, mark, query = request["path"].partition("?")
    request["path"] = path + rng.choice(["/a", "a", "//", "/..", "%2f"]) * rng.choice([300, 3000]) + mark + query


def host_end(rng, request):
    host = request.get("authority")
    if host is not None:
        request["authority"] = host + rng.choice([".", ".:80", ":80", ":080", ":", ":x", ":+1", ":99999999999", "..", ":1:2"])


def forwarded_for(rng, request):
    request["headers"] += [["x-forwarded-for", rng.choice(FORWARDED)] for _ in range(rng.choice([1, 1, 2]))]


def forwarded_proto(rng, request):
    request["headers"].append(["X-Forwarded-Proto", rng.choice(PROTOS)])


def from_envoy(rng, request):
    request["headers"].append([rng.choice(ENVOYS), rng.choice(["5xx", "a", "true", ""])])


def connection(rng, request):
    request["headers"].append(["connection", rng.choice(CONNECTIONS)])


def wish(rng, request):
    request["headers"].append(["TE", rng.choice(["trailers", "gzip", "trailers, gzip", "Trailers"])])


def repeated(rng, request):
    name = rng.choice(JOINED)
    request["headers"] += [[name, value] for value in rng.choice([["a", "b"], ["", "a"], ["a", ""], ["a", "b", "a"]])]


def grpc(rng, request):
    request["headers"].append(["content-type", rng.choice(["application/grpc", "application/grpc+x"])])


BENDS = [
    escaped_slash,
    escaped_slash,
    dot_segments,
    dot_segments,
    slashes,
    escapes,
    absolute,
    asterisk,
    long_path,
    host_end,
    host_end,
    forwarded_for,
    forwarded_for,
    forwarded_proto,
    from_envoy,
    connection,
    wish,
    repeated,
    grpc,
]
