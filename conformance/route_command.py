# Fairlead: runs `fairlead route` on one table and a list of requests
# SPDX-License-Identifier: Apache-2.0

import json
import shlex
import subprocess
import tempfile
from pathlib import Path

import managers
import vocabulary as words
from instrument import bootstrap, echo_cluster, listener, plain_connection_manager

UPSTREAM_PORT = 9


def bootstrap_for(table, clusters=words.CLUSTERS, rest=None):
    """A bootstrap file with this one table, as Envoy and fairlead both take it; `rest` are further fields."""
    config, options = managers.split(table)
    listeners = [listener("oracle", plain_connection_manager(config, options), port=10000)]
    clusters = [echo_cluster(c, UPSTREAM_PORT) if isinstance(c, str) else c for c in clusters]
    return {**bootstrap(listeners, clusters), **(rest or {})}


class RouteCommand:
    """`command` is how to call fairlead: its path, or a whole command line that stands for it."""

    def __init__(self, command):
        self.command = shlex.split(command)

    def ask(self, table, requests, clusters=words.CLUSTERS, pick=False, rest=None):
        """One answer per request. When the table is refused or the command dies, each answer is its error."""
        with tempfile.TemporaryDirectory(prefix="fairlead-conformance-") as folder:
            config = Path(folder) / "bootstrap.json"
            config.write_text(json.dumps(bootstrap_for(table, clusters, rest)))
            command = [*self.command, "route", "--config", str(config), "--route-config", table["name"]]
            told = [{"source": managers.PEER, **request} for request in requests]
            lines = "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in told)
            run = subprocess.run(command + (["--pick"] if pick else []), input=lines.encode(), capture_output=True)
        answers = []
        for line in run.stdout.decode("utf-8", "replace").splitlines():
            try:
                answers.append(json.loads(line))
            except ValueError:
                answers.append({"error": f"not JSON: {line[:200]}"})
        if run.returncode != 0 or len(answers) != len(requests):
            told = run.stderr.decode("utf-8", "replace")[-1000:]
            failure = {"error": f"exit {run.returncode}, {len(answers)} of {len(requests)} answers: {told}"}
            return [failure] * len(requests)
        return answers
