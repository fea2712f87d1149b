# Fairlead: one running Envoy: started from a bootstrap, asked for its listeners' ports, stopped
# SPDX-License-Identifier: Apache-2.0
"""Loopback only, one worker, ephemeral ports throughout, its log in a temporary folder."""

import json
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from environment import envoy_binary
from wire import OracleError


class EnvoyProcess:
    """`with EnvoyProcess(bootstrap) as envoy:` then `envoy.ports["listener name"]`."""

    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.process = None
        self.ports = {}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fairlead-oracle-")
        folder = Path(self.folder.name)
        config = folder / "bootstrap.json"
        config.write_text(json.dumps(self.bootstrap))
        self.log = folder / "envoy.log"
        self.address = folder / "admin.txt"
        command = [
            envoy_binary(),
            "-c",
            str(config),
            "--concurrency",
            "1",
            "--use-dynamic-base-id",
            "--log-level",
            "warning",
            "--log-path",
            str(self.log),
            "--admin-address-path",
            str(self.address),
        ]
        with (folder / "stderr.txt").open("wb") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            self.await_ready(folder)
        except BaseException:
            self.stop()
            raise
        return self

    def await_ready(self, folder):
        deadline = time.monotonic() + 120
        while True:
            if self.process.poll() is not None:
                text = (folder / "stderr.txt").read_text() + (self.log.read_text() if self.log.exists() else "")
                raise OracleError(f"Envoy refused the bootstrap: {text[:900]} ... {text[900:][-900:]}")
            if time.monotonic() > deadline:
                raise OracleError("Envoy did not become ready")
            try:
                if self.address.exists() and self.address.read_text() and self.admin("/ready").strip() == "LIVE":
                    break
            except OSError:
                pass
            time.sleep(0.02)
        for status in json.loads(self.admin("/listeners?format=json"))["listener_statuses"]:
            self.ports[status["name"]] = status["local_address"]["socket_address"]["port_value"]

    def admin(self, path, method="GET"):
        request = urllib.request.Request(f"http://{self.address.read_text().strip()}{path}", method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read().decode()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()

    def __exit__(self, *_):
        self.stop()
