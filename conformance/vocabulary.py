# Fairlead: the small vocabulary that random tables are made of: few words, so that rules overlap and nearly match
# SPDX-License-Identifier: Apache-2.0

CLUSTERS = ["alpha", "beta", "gamma", "delta"]
UNKNOWN_CLUSTER = "nowhere"
# Headers that tables take their choices from.
WEIGHT_HEADER = "x-weight"
CLUSTER_HEADER = "x-cluster"
HOST_HEADER = "x-host"
VHOST_HEADER = "x-vhost"
METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]
SEGMENTS = ["a", "b", "ab", "api", "API", "Api", "v1", "v2", "foo", "foo.bar", "a-b", "x;p=1", "%61", "0", "42", "~u"]
LABELS = ["a", "b", "foo", "bar", "www", "x-y", "api", "Foo", "a1"]
SUFFIXES = ["com", "io", "foo.com", "co.uk", "COM"]
PORTS = ["80", "443", "8080", "1"]
HEADER_NAMES = ["x-a", "x-b", "X-Mixed", "x_under", "accept", "user-agent"]
VALUES = ["a", "b", "ab", "A", "aB", "a,b", "a b", "", "0", "7", "-3", "abc", "bca", "http://x/y?z", "1.5", "é"]
QUERY_KEYS = ["k", "K", "key", "q", "k%65y", "a.b", "x[]"]
QUERY_VALUES = ["v", "V", "", "1", "vv", "a+b", "%76", "a=b", "-5"]
COOKIE_NAMES = ["c", "C", "sid", "session"]

# Regular expressions (RE2 syntax, full match) with texts that they accept.
PATH_PATTERNS = [
    ("/.*", ["/", "/a", "/api/v1"]),
    (".*", ["/", "/foo"]),
    ("/a", ["/a"]),
    ("/(a|b)/[0-9]+", ["/a/0", "/b/42"]),
    ("/api(/.*)?", ["/api", "/api/", "/api/v1/a"]),
    ("(?i)/API/v[0-9]", ["/api/v1", "/API/V2"]),
    ("/foo.bar", ["/foo.bar", "/foo-bar"]),
    ("^/a/b$", ["/a/b"]),
    ("/a/?", ["/a", "/a/"]),
    ("/[^/]+/v1/.+", ["/a/v1/b", "/api/v1/x;p=1"]),
    (r"/\w+\.\w+", ["/foo.bar"]),
    ("/a{2,3}", ["/aa", "/aaa"]),
    (r"/api/v1\?.*", ["/api/v1?"]),
    (".*/42", ["/a/42", "/42"]),
    ("(/a|/ab)", ["/a", "/ab"]),
    ("/x;p=[0-9]", ["/x;p=1"]),
]
# URI templates, with paths that they match or nearly match, and rewrites from their variables.
URI_TEMPLATES = [
    ("/a/{x}", ["/a/b", "/a/", "/a/b/c", "/a/%61"], ["/z/{x}", "/{x}"]),
    ("/*/v1/**", ["/api/v1/", "/a/v1/b/c", "/api/v1"], ["/all"]),
    ("/api/{rest=**}", ["/api/v1/a", "/api/", "/api//"], ["/r/{rest}", "/{rest}/end"]),
    ("/{first=a/*}/{second}", ["/a/b/c", "/a/b", "/a/foo.bar/42"], ["/{second}/{first}", "/{first}{second}"]),
    ("/{name}.bar", ["/foo.bar", "/.bar", "/foo.bar.bar"], ["/{name}"]),
    ("/v{n}/foo", ["/v1/foo", "/v/foo", "/v22/foo"], ["/{n}"]),
    ("/a/b", ["/a/b", "/a/b;p=1"], ["/c"]),
    ("/{all=**}/b", ["/a/b", "//b", "/b", "/x/y/b"], ["/{all}"]),
    ("/*", ["/a", "/api", "/"], ["/one"]),
    ("/x;p=1/*", ["/x;p=1/a", "/x/a"], ["/p"]),
]
VALUE_PATTERNS = [
    ("a.*", ["a", "ab", "a,b"]),
    ("[a-z]+", ["a", "bca"]),
    ("", [""]),
    (".*b", ["b", "ab"]),
    ("(?i)AB", ["ab", "aB"]),
    ("-?[0-9]+", ["7", "-3"]),
    ("a|b", ["a", "b"]),
    ("^abc$", ["abc"]),
    (".+", ["a", "1.5"]),
    (r"\S*", ["", "a"]),
]
# Replace-all rewrites: pattern and substitution.
REWRITES = [
    ("/a", "/z"),
    ("([^/]+)/([^/]+)", r"\2/\1"),
    ("^/api(.*)$", r"\1"),
    ("[0-9]+", "#n"),
    ("a*", "-"),
    ("^/[^/]*", ""),
    (".*", ""),
    ("o", "0"),
    ("^/(.)(.*)$", r"/\2\1\0"),
    ("(?i)api", "rest"),
    ("/+", "/"),
    ("$", "/end"),
]
# Formatter strings for whole paths and hosts.
PATH_FORMATS = [
    "/fixed",
    "/%REQ(x-a)%/z",
    "%REQ(x-b)%",
    "/%REQ(no?x-b):2%%%/%PATH(NQ)%",
    "/q?%QUERY_PARAM(k)%",
    "/%REQ(:method)%/%REQ(:authority):3%",
]
HOST_FORMATS = ["p-%REQ(x-a)%", "fixed.example", "%REQ(host):4%-%REQ(x-b?no)%", "%QUERY_PARAM(q)%.q"]
HOST_REWRITES = [
    ("^/([^/]+).*$", r"\1.example"),
    ("^/api/.*$", "api.internal"),
    ("/", "."),
    (".*", ""),
    ("^/(a|b)/?(.*)$", r"\1-host"),
]
