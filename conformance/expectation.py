# Fairlead: what of Envoy's answer can be held against fairlead: facts left to chance are taken out
# SPDX-License-Identifier: Apache-2.0

import re

import vocabulary as words

UINT64 = 1 << 64


def expected(observation, request, route, picked=False):
    """The answer to compare with; `route` is the configured route that Envoy chose, or None;
    `picked` says that the other side picks an endpoint too."""
    answer = dict(observation.answer)
    if observation.response.header("grpc-status") is not None and observation.method is None:
        # Own answers to gRPC requests travel as 200 with a grpc-status instead.
        for key in ("status", "body"):
            answer.pop(key, None)
    action = (route or {}).get("route", {})
    if "weighted_clusters" in action and not fixed_weight(request):
        entries = action["weighted_clusters"]["clusters"]
        if any("cluster_header" in entry for entry in entries):
            # Chance may also decide between a forward and an unknown cluster.
            return {key: answer[key] for key in ("virtual_host", "route")}
        del answer["cluster"]
        answer.pop("authority", None)
    if action.get("auto_host_rewrite") and not picked:
        # Known only once an endpoint is picked.
        answer.pop("authority", None)
    return answer


def fixed_weight(request):
    values = [value for name, value in request.get("headers", []) if name.lower() == words.WEIGHT_HEADER]
    return len(values) == 1 and whole_number(values[0])


def whole_number(text):
    """What Envoy takes as the number of a weighted choice: leading zeros and a plus are fine, a minus is not."""
    return re.fullmatch(r"\+?[0-9]+", text) is not None and int(text) < UINT64
