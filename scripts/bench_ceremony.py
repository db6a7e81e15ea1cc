# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
"""Times genesis and share injection through REST, beside the operations on the curve that each cannot do without.

Every run has a fresh enclave and a connection that is in use already; the gateway stays. The operations are timed
alone, in the same run, by `curve-floor`. Members' keys and shares are made and sealed by the command line tool, outside
the timing.
"""

import json
import math
import os
import subprocess
import time
from statistics import median
from typing import NamedTuple

from bench_servers import BenchError, KeptConnection

FRESH_SECONDS = 20
ROUND_TRIPS = 200
NAMESPACE = {"namespace_name": "bench", "namespace_nonce": 1}
OPERATIONS = ("key_generation", "agreement", "signature", "verification", "point_check")


class Ceremony(NamedTuple):
    members: int
    threshold: int
    runs: int

    @property
    def name(self):
        return f"{self.threshold}of{self.members}"


# The last one leaves the pair provisioned for what is measured after it.
CEREMONIES = (Ceremony(255, 100, 10), Ceremony(7, 7, 30), Ceremony(3, 2, 30))


def genesis_operations(ceremony):
    """Operations of one genesis whose two sets have the same members, and that has no recovery key.

    Keys: two points each of the quorum key and of the setup key, and an ephemeral one for each sealed share and for
    the sealed test message. Agreements: one for each of those envelopes. Signatures: the commitments, the test
    message. Points: two of each member in each set, two of the quorum key in its manifest.
    """
    envelopes = ceremony.members + 1
    return {"key_generation": 4 + envelopes, "agreement": envelopes, "signature": 2, "verification": 0,
            "point_check": 2 * (2 * ceremony.members + 1)}


def injection_operations(ceremony, sealed):
    """Operations of one call that brings as many shares as are needed.

    Keys: two points of the rebuilt key. For each sealed share: its approval, the envelope's point, an agreement.
    """
    shares = ceremony.threshold if sealed else 0
    return {"key_generation": 2, "agreement": shares, "signature": 0, "verification": shares, "point_check": shares}


class Members:
    """Members with keys of their own, each command a run of the shipped tool."""

    def __init__(self, tool, folder):
        self._tool = tool
        self._folder = folder
        self._keys = []

    def _run(self, *arguments):
        environment = {**os.environ, "XDG_STATE_HOME": str(self._folder)}
        ran = subprocess.run([str(self._tool), *map(str, arguments)], capture_output=True, text=True, check=False,
                             env=environment, stdin=subprocess.DEVNULL)
        if ran.returncode != 0:
            raise BenchError(f"renclave {' '.join(arguments[:2])} failed: {ran.stderr.strip()}")
        return json.loads(ran.stdout)

    @staticmethod
    def alias(index):
        return f"member{index + 1}"

    def _secret(self, index):
        return self._folder / f"{self.alias(index)}.secret"

    def records(self, count):
        """The first so many members, as a genesis request has them."""
        while len(self._keys) < count:
            made = self._run("key", "generate", self.alias(len(self._keys)), "--directory", self._folder, "--json")
            self._keys.append(list(bytes.fromhex(made["public_key"])))
        return [{"alias": self.alias(index), "pub_key": key} for index, key in enumerate(self._keys[:count])]

    def plain_shares(self, ceremony, genesis):
        """What the members who are needed bring, decrypted."""
        return [{"member_alias": self.alias(index),
                 "decrypted_share": self._run("share", "decrypt", "--key", self._secret(index), "--genesis", genesis,
                                              "--alias", self.alias(index), "--json")}
                for index in range(ceremony.threshold)]

    def sealed_shares(self, ceremony, genesis, boot):
        """The same, sealed to the enclave whose answer to a boot is in a file, and approved."""
        return [self._run("share", "seal", "--key", self._secret(index), "--alias", self.alias(index), "--manifest",
                          genesis, "--genesis", genesis, "--answer", boot, "--insecure-development", "--json")
                for index in range(ceremony.threshold)]


class CeremonyBench:
    """Runs ceremonies against one pair, whose enclave is started anew for each of them."""

    def __init__(self, server, bin_dir, folder):
        self._server = server
        self._floor_tool = bin_dir / "curve-floor"
        self._folder = folder / "ceremony"
        self._folder.mkdir()
        self._members = Members(bin_dir / "renclave", self._folder)

    def measure(self, ceremony):
        """The three steps of one ceremony, each a dictionary of what was measured."""
        floor = self._floor()
        genesis, answer = self._genesis(ceremony)
        file = self._folder / f"genesis-{ceremony.name}.json"
        file.write_bytes(answer)
        plain = self._members.plain_shares(ceremony, file)
        return [
            self._step("genesis", ceremony, genesis, genesis_operations(ceremony), floor),
            self._step("inject_sealed", ceremony, self._injection(
                ceremony, answer, lambda boot: self._members.sealed_shares(ceremony, file, boot)),
                injection_operations(ceremony, sealed=True), floor),
            self._step("inject", ceremony, self._injection(ceremony, answer, lambda _: plain),
                       injection_operations(ceremony, sealed=False), floor),
        ]

    def round_trip_ms(self):
        """What one exchange with the enclave costs where there is next to nothing to do: a seed phrase."""
        with KeptConnection(self._server.port) as connection:
            request = connection.request("POST", "/generate-seed", b'{"strength":256}')
            return median(self._demand(connection, request)[0] * 1000 for _ in range(ROUND_TRIPS))

    def _floor(self):
        ran = subprocess.run([str(self._floor_tool)], capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise BenchError(f"curve-floor failed: {ran.stderr.strip()}")
        return json.loads(ran.stdout)

    @staticmethod
    def _step(name, ceremony, seconds, operations, floor):
        each = {operation: operations[operation] * floor[operation]["median_us"] / 1000 for operation in OPERATIONS}
        milliseconds = sorted(taken * 1000 for taken in seconds)
        p50 = median(milliseconds)
        total = sum(each.values())
        return {"step": name, "ceremony": ceremony.name, "runs": len(milliseconds), "p50_ms": p50,
                "p99_ms": milliseconds[math.ceil(0.99 * len(milliseconds)) - 1], "floor_ms": total,
                "ratio": p50 / total, "operations": operations, "floor_ms_each": each, "floor_us": floor,
                "ms_each": milliseconds}

    def _post(self, path, body):
        """Seconds and answer of one call on a connection that reaches the enclave already: each of the gateway's event
        loops has a link of its own."""
        with KeptConnection(self._server.port) as connection:
            request = connection.request("POST", path, json.dumps(body).encode())
            ready = connection.request("GET", "/readyz")
            deadline = time.perf_counter() + FRESH_SECONDS
            while connection.exchange(ready)[1] != 200:
                if time.perf_counter() > deadline:
                    raise BenchError(f"no fresh enclave within {FRESH_SECONDS} s\n{self._server.log_tail()}")
                time.sleep(0.001)
            return self._demand(connection, request)

    @staticmethod
    def _demand(connection, request):
        """Seconds and answer of an exchange that must succeed."""
        seconds, status, body = connection.exchange(request)
        if status != 200:
            path = request.split(None, 2)[1].decode()
            raise BenchError(f"{path} answered {status}: {body[:500].decode(errors='replace')}")
        return seconds, body

    def _genesis(self, ceremony):
        """Seconds of each run, and the last answer."""
        members = self._members.records(ceremony.members)
        body = {**NAMESPACE, "manifest_members": members, "manifest_threshold": ceremony.threshold,
                "share_members": members, "share_threshold": ceremony.threshold}
        seconds, answer = [], b""
        for _ in range(ceremony.runs):
            self._server.restart("enclave")
            taken, answer = self._post("/enclave/genesis-boot", body)
            seconds.append(taken)
        return seconds, answer

    def _injection(self, ceremony, answer, shares):
        """Seconds of each run; `shares` makes them for the boot whose answer is in a file."""
        genesis = json.loads(answer)
        manifest = {name: genesis[name] for name in ("manifest_envelope", "share_commitments")}
        file = self._folder / "boot.json"
        seconds = []
        for _ in range(ceremony.runs):
            self._server.restart("enclave")
            file.write_bytes(self._post("/enclave/boot-standard", manifest)[1])
            taken, injected = self._post("/enclave/inject-shares", {**NAMESPACE, "shares": shares(file)})
            if not json.loads(injected)["success"]:
                raise BenchError(f"the shares of {ceremony.name} gave no key")
            seconds.append(taken)
        return seconds


def measure(server, bin_dir, folder):
    """All steps of all ceremonies and the plain round trip; the pair is provisioned afterwards."""
    for tool in ("curve-floor", "renclave"):
        if not (bin_dir / tool).exists():
            raise BenchError(f"{bin_dir / tool} is not there: `make bench` builds it")
    bench = CeremonyBench(server, bin_dir, folder)
    steps = []
    for ceremony in CEREMONIES:
        for step in bench.measure(ceremony):
            steps.append(step)
            print(f"{step['step']:13} {step['ceremony']:8} {step['runs']:3} runs  {step['p50_ms']:8.2f} ms",
                  flush=True)
    return steps, bench.round_trip_ms()


def figures(steps, round_trip):
    """What was measured under stable names, such as `genesis_7of7_ms`."""
    named = {"round_trip_ms": round_trip}
    for step in steps:
        name = f"{step['step']}_{step['ceremony']}"
        named |= {f"{name}_ms": step["p50_ms"], f"{name}_p99_ms": step["p99_ms"],
                  f"{name}_floor_ms": step["floor_ms"], f"{name}_ratio": step["ratio"]}
    return named


def print_table(steps, round_trip):
    """Each step with its floor, and what the floor is made of: count × microseconds."""
    print(f"\n{'step':13} {'ceremony':8} {'runs':>4} {'p50 ms':>8} {'p99 ms':>8} {'curve ms':>9} {'ratio':>6}"
          f" {'keys':>5} {'agree':>5} {'sign':>5} {'verify':>6} {'points':>6}")
    for step in steps:
        counts = [step["operations"][operation] for operation in OPERATIONS]
        print(f"{step['step']:13} {step['ceremony']:8} {step['runs']:4} {step['p50_ms']:8.2f} {step['p99_ms']:8.2f}"
              f" {step['floor_ms']:9.2f} {step['ratio']:6.2f} {counts[0]:5} {counts[1]:5} {counts[2]:5}"
              f" {counts[3]:6} {counts[4]:6}")
    floor = steps[-1]["floor_us"]
    print("one operation alone, µs: "
          + ", ".join(f"{operation} {floor[operation]['median_us']:.1f}" for operation in floor))
    print(f"one exchange with the enclave with next to nothing to do: {round_trip:.3f} ms")
