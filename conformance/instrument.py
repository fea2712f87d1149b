# Fairlead: makes Envoy tell which virtual host, route, cluster and endpoint it chose
# SPDX-License-Identifier: Apache-2.0
"""Tables are copied, every route gets a name of its own and every virtual host metadata with its name. Response
headers then carry both back: `response_headers_to_add` on proxied responses, the local-reply mapper on the rest.
"""

import json

import managers

MARK = "fl-oracle"
TYPE = "type.googleapis.com/envoy.extensions.filters."
LOCAL = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}


def overwrite(name, value):
    return {"header": {"key": name, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


TELLTALES = [
    overwrite("x-fl-route", "%ROUTE_NAME%"),
    overwrite("x-fl-virtual-host", f"%METADATA(VIRTUAL_HOST:{MARK}:name)%"),
    overwrite("x-fl-cluster", "%UPSTREAM_CLUSTER%"),
    overwrite("x-fl-endpoint", "%UPSTREAM_HOST%"),
    overwrite("x-fl-details", "%RESPONSE_CODE_DETAILS%"),
]
EVERY_LOCAL_REPLY = {
    "filter": {"status_code_filter": {"comparison": {"op": "GE", "value": {"default_value": 0, "runtime_key": MARK}}}},
    "headers_to_add": TELLTALES,
}


class Instrumented:
    """`config` for Envoy, and `routes`: the routes of the original table by the names that Envoy will tell."""

    def __init__(self, table):
        self.table = table
        self.routes = {}
        config, self.manager = managers.split(table)
        self.config = json.loads(json.dumps(config))  # no part is shared with another
        self.config["response_headers_to_add"] = self.config.get("response_headers_to_add", []) + TELLTALES
        for virtual_host in self.config.get("virtual_hosts", []):
            marks = virtual_host.setdefault("metadata", {}).setdefault("filter_metadata", {})
            marks[MARK] = {"name": virtual_host["name"]}
            self.rename(virtual_host)

    def rename(self, node):
        """Routes may also hang in a virtual host's match tree, so look everywhere."""
        if isinstance(node, list):
            for item in node:
                self.rename(item)
        elif isinstance(node, dict):
            if "match" in node and any(action in node for action in ("route", "redirect", "direct_response")):
                name = f"r{len(self.routes)}"
                self.routes[name] = dict(node)
                node["name"] = name
                return
            for value in node.values():
                self.rename(value)


def connection_manager(route_config, options=None):
    return {
        "@type": TYPE + "network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "oracle",
        "codec_type": "HTTP1",
        "generate_request_id": False,
        "route_config": route_config,
        "local_reply_config": {"mappers": [EVERY_LOCAL_REPLY]},
        "http_filters": [{"name": "router", "typed_config": {"@type": TYPE + "http.router.v3.Router"}}],
        **(options or {}),
    }


def plain_connection_manager(route_config, options=None):
    """What `fairlead route` is given: the same, without the telltales."""
    manager = connection_manager(route_config, options)
    for key in ("generate_request_id", "local_reply_config"):
        del manager[key]
    return manager


def listener(name, manager, port=0):
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    return {"name": name, "address": address, "filter_chains": [chain]}


def echo_cluster(name, port):
    endpoint = {
        "hostname": f"{name}.upstream.example",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
    }
    assignment = {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]}
    return {"name": name, "type": "STATIC", "connect_timeout": "5s", "load_assignment": assignment}


def bootstrap(listeners, clusters):
    return {
        "admin": {"address": LOCAL},
        "static_resources": {"listeners": listeners, "clusters": clusters},
    }
