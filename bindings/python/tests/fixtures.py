# Fairlead: what the tests of the Python binding share
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import fairlead

ROOT = Path(__file__).resolve().parents[3]
CONFIGURATIONS = ROOT / "Tests" / "CTests" / "configurations"
SHOP = CONFIGURATIONS / "shop.yaml"
FAULTY = CONFIGURATIONS / "faulty.yaml"


def make_shop(**options) -> fairlead.Engine:
    """An engine that serves shop.yaml."""
    return fairlead.Engine.from_file(SHOP, **options)


def request_to(path: str, **parts) -> fairlead.Request:
    """A GET request to shop.example."""
    return fairlead.Request(path, **{"authority": "shop.example", "scheme": "http"} | parts)


def cluster(name: str, *addresses: str) -> dict:
    """A cluster with endpoints at these addresses, port 80, as Envoy's JSON."""
    endpoints = [
        {"endpoint": {"address": {"socket_address": {"address": address, "port_value": 80}}}} for address in addresses
    ]
    assignment = {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]}
    return {"name": name, "type": "STATIC", "load_assignment": assignment}
