# Fairlead: how recorded vectors are written: one case a line, so that a change shows
# SPDX-License-Identifier: Apache-2.0

import json

from environment import ROOT

VECTORS = ROOT / "Tests" / "Vectors"


def compact(value):
    return json.dumps(value, ensure_ascii=False)


def indented(cases):
    """A list, an item a line."""
    return "[\n" + ",\n".join("    " + compact(case) for case in cases) + "\n  ]"


def table(config):
    """A route configuration, a route a line."""
    hosts = []
    for host in config["virtual_hosts"]:
        head = compact({key: value for key, value in host.items() if key != "routes"})
        if "routes" in host:
            routes = ",\n".join("        " + compact(route) for route in host["routes"])
            head = f'{head[:-1]}, "routes": [\n{routes}\n      ]}}'
        hosts.append("      " + head)
    rest = compact({key: value for key, value in config.items() if key != "virtual_hosts"})
    return f'{rest[:-1]},\n    "virtual_hosts": [\n' + ",\n".join(hosts) + "\n    ]}"


def write(folder, name, text):
    json.loads(text)
    path = VECTORS / folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(f"{path.relative_to(ROOT)}: {len(text.encode())} bytes")
