# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
"""Times the forwarding of the quorum key through REST, beside the public-key operations that it cannot do without, and
how long an empty instance takes to join by itself.

Every run has a fresh enclave of the target's and connections that are in use already; the source and both gateways
stay. The operations are timed alone, in the same run, by `curve-floor`.
"""

import json
import math
import os
import subprocess
import time
from statistics import median

from bench_servers import BenchError, KeptConnection

RUNS = 40
JOINS = 11
FRESH_SECONDS = 20

# One call of each, on P-256. Export: the two points of the attested key, the envelope's ephemeral key and agreement,
# the quorum key's signature. Injection: that signature, the envelope's point and agreement, the two points of the key.
OPERATIONS = {
    "export": {"point_check": 2, "key_generation": 1, "agreement": 1, "signature": 1, "verification": 0},
    "injection": {"point_check": 1, "key_generation": 2, "agreement": 1, "signature": 0, "verification": 1},
}
# On P-384, of one document: its own signature, those of the four certificates, and the root's of itself.
DOCUMENT_VERIFICATIONS = {"export": 6, "injection": 0}


class ForwardingBench:
    """Forwards the key of one pair to another, whose enclave is started anew each time."""

    def __init__(self, source, target, bin_dir, folder):
        self._source = source
        self._target = target
        self._bin_dir = bin_dir
        self._folder = folder / "forwarding"
        self._folder.mkdir()

    def begin(self):
        """Holds a genesis on the source, with the members' tool."""
        request = self._folder / "genesis.json"
        keys = self._folder / "genesis.keys"
        self._run("genesis_key_generator", "--member-count", "3", "--threshold", "2", "--output", request)
        self._run("renclave", "boot", "genesis", "--url", self._source.url, "--request", request, "--keys", keys,
                  "--insecure-development", "--output", self._folder / "ceremony")

    def fingerprint(self):
        with KeptConnection(self._source.port) as connection:
            return self._demand(connection, connection.request("GET", "/enclave/info"))[1]["quorum_key_fingerprint"]

    def _run(self, tool, *arguments):
        environment = {**os.environ, "XDG_STATE_HOME": str(self._folder)}
        ran = subprocess.run([str(self._bin_dir / tool), *map(str, arguments)], capture_output=True, text=True,
                             check=False, env=environment, stdin=subprocess.DEVNULL)
        if ran.returncode != 0:
            raise BenchError(f"{tool} failed: {ran.stderr.strip()}")
        return ran.stdout

    def floor(self):
        return json.loads(self._run("curve-floor"))

    def measure(self):
        """Milliseconds of each run of the two steps."""
        taken = {"export": [], "injection": []}
        with KeptConnection(self._source.port) as source:
            manifest = self._demand(source, source.request("GET", "/enclave/manifest"))[1]
            for _ in range(RUNS):
                self._target.restart("enclave")
                with KeptConnection(self._target.port) as target:
                    self._wait(target)
                    export, injection = self._exchange(source, target, manifest)
                    taken["export"].append(export * 1000)
                    taken["injection"].append(injection * 1000)
        return taken

    def _exchange(self, source, target, manifest):
        """Seconds of the export and of the injection."""
        shared = {name: manifest[name] for name in ("manifest_envelope", "share_commitments")}
        self._post(target, "share-manifest", shared)
        nonce = self._post(source, "export-challenge", {})[1]["nonce"]
        document = self._post(target, "generate-attestation", {"nonce": nonce})[1]["attestation_doc"]
        seconds, exported = self._post(
            source, "export-key", {"manifest_envelope": manifest["manifest_envelope"], "attestation_doc": document})
        return seconds, self._post(target, "inject-key", exported)[0]

    def _post(self, connection, call, body):
        request = connection.request("POST", f"/enclave/{call}", json.dumps(body).encode())
        seconds, answer = self._demand(connection, request)
        return seconds, next(iter(answer["result"].values()))

    def _wait(self, connection):
        """Until the fresh enclave answers; by then the connection has been used."""
        ready = connection.request("GET", "/readyz")
        deadline = time.perf_counter() + FRESH_SECONDS
        while connection.exchange(ready)[1] != 200:
            if time.perf_counter() > deadline:
                raise BenchError(f"no fresh enclave within {FRESH_SECONDS} s\n{self._target.log_tail()}")
            time.sleep(0.001)

    @staticmethod
    def _demand(connection, request):
        """Seconds and answer of an exchange that must succeed."""
        seconds, status, body = connection.exchange(request)
        if status != 200:
            path = request.split(None, 2)[1].decode()
            raise BenchError(f"{path} answered {status}: {body[:500].decode(errors='replace')}")
        return seconds, json.loads(body)


def steps(taken, floor):
    """Each step, and both together, with what they cannot be faster than."""
    taken = {**taken, "both": [sum(pair) for pair in zip(taken["export"], taken["injection"])]}
    described = []
    for name, milliseconds in taken.items():
        parts = ("export", "injection") if name == "both" else (name,)
        p256 = sum(count * floor[operation]["median_us"] / 1000
                   for part in parts for operation, count in OPERATIONS[part].items())
        p384 = sum(DOCUMENT_VERIFICATIONS[part] for part in parts) * floor["p384_verification"]["median_us"] / 1000
        ordered = sorted(milliseconds)
        described.append({
            "step": name, "runs": len(ordered), "p50_ms": median(ordered),
            "p99_ms": ordered[math.ceil(0.99 * len(ordered)) - 1], "p256_ms": p256, "p384_ms": p384,
            "ratio": median(ordered) / (p256 + p384), "ms_each": milliseconds})
    return described


def join_times(make_pair, fingerprint, peers):
    """Milliseconds from starting both processes of an empty instance until it is ready with the key."""
    settings = {"PEERS": ",".join(peers), "READY_STATE": "ApplicationReady", "EXPECTED_QUORUM_KEY": fingerprint}
    times = []
    for _ in range(JOINS):
        with make_pair(settings) as joiner:
            times.append(joiner.start_seconds * 1000)
    return times


def measure(make_pair, bin_dir, folder):
    """Everything, under stable names.

    `make_pair` makes a pair, not started yet, with the settings that it is given.
    """
    for tool in ("curve-floor", "renclave", "genesis_key_generator"):
        if not (bin_dir / tool).exists():
            raise BenchError(f"{bin_dir / tool} is not there: `make bench` builds it")
    with make_pair({}) as source, make_pair({}) as target:
        bench = ForwardingBench(source, target, bin_dir, folder)
        bench.begin()
        floor = bench.floor()
        described = steps(bench.measure(), floor)
        joins = join_times(make_pair, bench.fingerprint(), [source.url, target.url])
    figures = {"forwarding_steps": described, "forwarding_floor_us": floor, "join_ms": median(joins),
               "join_ms_each": joins, "documents_per_second": 1e6 / floor["document_verification"]["median_us"]}
    for step in described:
        figures |= {f"forwarding_{step['step']}_{key}": step[key] for key in ("p50_ms", "p99_ms", "ratio")}
    return figures


def print_table(figures):
    print(f"\n{'forwarding':11} {'runs':>4} {'p50 ms':>8} {'p99 ms':>8} {'P-256 ms':>9} {'P-384 ms':>9} {'ratio':>6}")
    for step in figures["forwarding_steps"]:
        print(f"{step['step']:11} {step['runs']:4} {step['p50_ms']:8.2f} {step['p99_ms']:8.2f} {step['p256_ms']:9.2f}"
              f" {step['p384_ms']:9.2f} {step['ratio']:6.2f}")
    floor = figures["forwarding_floor_us"]
    print(f"one verification on P-384 alone {floor['p384_verification']['median_us']:.0f} µs, of a document "
          f"{floor['document_verification']['median_us']:.0f} µs: {figures['documents_per_second']:.0f} documents/s")
    print(f"an empty instance joins {figures['join_ms']:.0f} ms after its start, at most "
          f"{max(figures['join_ms_each']):.0f} ms in {len(figures['join_ms_each'])} starts")
