#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
"""Measures the pair on this machine: `POST /generate-seed` against a bare Hummingbird and a Node server, then the
ceremonies and the forwarding of the key against the operations on the curve that they need, then derived seeds against
random ones.

Servers that are compared run at once on free loopback ports and take their turns in every round, so that a ratio
compares two runs that saw the same machine. Figures are medians over the rounds; a ratio is the median of the rounds'
ratios.
Goals are reported, not enforced; the exit code is 1 only if the pair had an error (those of the
others stand in their rows).
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from statistics import median

sys.dont_write_bytecode = True  # the import below must leave nothing in the source folder
import bench_ceremony
import bench_forwarding
from bench_servers import BenchError, Server, free_port, status_of, typical_answer_bytes

ROOT = pathlib.Path(__file__).resolve().parent.parent
WRK_SCRIPT = ROOT / "Benchmarks" / "generate-seed.lua"
REPORT = ROOT / ".build" / "bench" / "latest.json"
STARTS = 5
RANDOM_SEED = '{"strength":256}'
DERIVED_SEED = '{"strength":256,"seed_type":"bench","seed_data":"wallet-1"}'
ANSWER_FIELDS = ("seed_phrase", "entropy", "strength", "word_count")


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pair-only", action="store_true", help="a quick look: the pair alone, no report file")
    parser.add_argument("--ceremony-only", action="store_true",
                        help="a quick look: ceremonies and derived seeds alone, no report file")
    parser.add_argument("--forwarding-only", action="store_true",
                        help="a quick look: key forwarding alone, no report file")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("BENCH_SECONDS", "5")), help="per run")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "3")))
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 32, 256])
    parser.add_argument("--bin-dir", type=pathlib.Path, default=ROOT / ".build" / "release")
    chosen = parser.parse_args()
    if sum([chosen.pair_only, chosen.ceremony_only, chosen.forwarding_only]) > 1:
        parser.error("of --pair-only, --ceremony-only and --forwarding-only each excludes the others")
    if min([chosen.seconds, chosen.rounds, *chosen.connections]) < 1:
        parser.error("seconds, rounds and connections are at least 1")
    return chosen


def pair(bin_dir, folder, settings=None):
    """The two processes as `make run` starts them, on a port and a socket of their own."""
    port = free_port()
    socket = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "enclave.sock"
    environment = {"HOST_PORT": str(port), "HOST_ADDRESS": "127.0.0.1", "ENCLAVE_SOCKET": str(socket),
                   **(settings or {})}
    commands = {"enclave": [bin_dir / "renclave-enclave-dev"], "gateway": [bin_dir / "renclave-host"]}
    return Server("pair", commands, port, environment, folder, ready=("GET", "/readyz"))


def bare(bin_dir, folder, body_bytes):
    port = free_port()
    environment = {"HOST_PORT": str(port), "BODY_BYTES": str(body_bytes), "LOG_LEVEL": "error"}
    return Server("bare", {"bare": [bin_dir / "bare-hummingbird"]}, port, environment, folder)


def node(folder):
    port = free_port()
    command = [shutil.which("node"), ROOT / "Benchmarks" / "node-seed.mjs"]
    return Server("node", {"node": command}, port, {"HOST_PORT": str(port)}, folder)


def load(server, connections, seconds, body=RANDOM_SEED):
    """One wrk run against one server: its counts, its latencies, and what the server's processes used."""
    environment = {**os.environ, "BENCH_BODY": body}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(WRK_SCRIPT)]
    before = server.cpu_seconds()
    ran = subprocess.run([*command, f"{server.url}/generate-seed"], capture_output=True, text=True, check=False,
                         env=environment)
    after = server.cpu_seconds()
    line = next((row for row in ran.stdout.splitlines() if row.startswith("figures ")), None)
    if ran.returncode != 0 or line is None:
        raise BenchError(f"wrk against {server.name} failed: {ran.stdout}{ran.stderr}")
    run = json.loads(line.removeprefix("figures "))
    if run["requests"] == 0:
        raise BenchError(f"{server.name} answered no request at {connections} connections\n{server.log_tail()}")
    run["errors"] = sum(run.pop(kind) for kind in ("connect", "read", "write", "timeout", "status"))
    run["per_second"] = run["requests"] / (run["duration_us"] / 1e6)
    run["cpu_us"] = {name: (after[name] - before[name]) * 1e6 / run["requests"] for name in before}
    run["cpu_us_total"] = sum(run["cpu_us"].values())
    run["p99_over_p50"] = run["p99_us"] / max(run["p50_us"], 1)
    return run


def measure(servers, chosen):
    """All runs: {server: {connections: [one run a round]}}. Who goes first moves on with each round."""
    runs = {server.name: {count: [] for count in chosen.connections} for server in servers}
    for server in servers:
        load(server, 32, max(1, min(2, chosen.seconds)))
    for number in range(chosen.rounds):
        first = number % len(servers)
        for count in chosen.connections:
            for server in servers[first:] + servers[:first]:
                run = load(server, count, chosen.seconds)
                runs[server.name][count].append(run)
                print(f"round {number + 1}/{chosen.rounds}  {server.name:5} {count:4} connections"
                      f"  {run['per_second']:8.0f} requests/s", flush=True)
    return runs


def start_times(bin_dir, folder):
    """Milliseconds from starting both processes to the first 200 of /readyz, for each of a few starts."""
    times = []
    for _ in range(STARTS):
        with pair(bin_dir, folder) as server:
            times.append(server.start_seconds * 1000)
    return times


def derived_runs(server, chosen):
    """Derived and random seeds of one provisioned pair in turns: [(derived, random), one pair of runs a round]."""
    status, body = status_of(server, "POST", "/generate-seed", DERIVED_SEED)
    if status != 200 or not json.loads(body).get("deterministic"):
        raise BenchError(f"the provisioned pair answered {status}, not a derived seed: {body[:200]}")
    pairs = []
    for number in range(chosen.rounds):
        turns = [DERIVED_SEED, RANDOM_SEED] if number % 2 else [RANDOM_SEED, DERIVED_SEED]
        taken = {turn: load(server, 32, chosen.seconds, turn) for turn in turns}
        pairs.append((taken[DERIVED_SEED], taken[RANDOM_SEED]))
        print(f"round {number + 1}/{chosen.rounds}  derived {pairs[-1][0]['per_second']:8.0f} seeds/s"
              f"  random {pairs[-1][1]['per_second']:8.0f} seeds/s", flush=True)
    return pairs


def ceremonies(chosen, folder):
    """What the ceremonies take, and what seeds derived from their key do, on a pair of their own."""
    with pair(chosen.bin_dir, folder) as server:
        steps, round_trip = bench_ceremony.measure(server, chosen.bin_dir, folder)
        pairs = derived_runs(server, chosen)
    bench_ceremony.print_table(steps, round_trip)
    return {
        **bench_ceremony.figures(steps, round_trip),
        "derived_over_random_c32": median(derived["per_second"] / random["per_second"] for derived, random in pairs),
        "derived_per_second_c32": median(derived["per_second"] for derived, _ in pairs),
        "random_per_second_c32": median(random["per_second"] for _, random in pairs),
        "derived_errors": sum(run["errors"] for both in pairs for run in both),
        "ceremony_steps": steps,
    }


def forwarding(chosen, folder):
    """What forwarding the key takes, and how soon an instance joins by itself."""
    result = bench_forwarding.measure(lambda settings: pair(chosen.bin_dir, folder, settings), chosen.bin_dir, folder)
    bench_forwarding.print_table(result)
    return result


def check_answer(server):
    status, body = status_of(server, "POST", "/generate-seed", RANDOM_SEED)
    if status != 200 or tuple(json.loads(body)) != ANSWER_FIELDS:
        raise BenchError(f"{server.name} answered {status}, not a seed, to /generate-seed")


def middle(runs, key):
    return median(run[key] for run in runs) if runs else None


def ratio(runs, key, over, connections):
    """The median over the rounds of pair / other, or None where one of the two was not measured."""
    mine, other = runs.get("pair", {}).get(connections), runs.get(over, {}).get(connections)
    return median(a[key] / b[key] for a, b in zip(mine, other) if b[key] > 0) if mine and other else None


def figures(runs, memory, starts, chosen):
    """Everything measured, as it is written to the report file."""
    pair_32 = runs["pair"].get(32, [])
    totals = {
        "ratio_bare_c32": ratio(runs, "per_second", "bare", 32),
        "cpu_ratio_bare_c32": ratio(runs, "cpu_us_total", "bare", 32),
        **{f"ratio_node_c{count}": ratio(runs, "per_second", "node", count) for count in (1, 32, 256)},
        "p99_over_p50_c32": middle(pair_32, "p99_over_p50"),
        "rss_mb_total": sum(process["rss_mb"] for process in memory["pair"].values()),
        "startup_ms": median(starts) if starts else None,
        "errors": sum(run["errors"] for each in runs["pair"].values() for run in each),
    }
    return {
        **totals,
        "startup_ms_each": starts,
        "memory": memory,
        "runs": runs,
        "seconds": chosen.seconds,
        "rounds": chosen.rounds,
        "machine": {"cores": os.cpu_count(), "kernel": platform.release(), "architecture": platform.machine()},
        "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def print_table(runs, memory):
    print(f"\n{'server':6} {'conns':>5} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}"
          f" {'CPU µs/request':>15} {'errors':>6}")
    for name, counts in runs.items():
        for count, each in counts.items():
            parts = [f"{key} {median(run['cpu_us'][key] for run in each):.1f}" for key in each[0]["cpu_us"]]
            detail = f"  ({', '.join(parts)})" if len(parts) > 1 else ""
            p50, p99, longest = (middle(each, key) / 1000 for key in ("p50_us", "p99_us", "max_us"))
            print(f"{name:6} {count:5} {middle(each, 'per_second'):10.0f} {p50:8.2f} {p99:8.2f} {longest:8.2f}"
                  f" {middle(each, 'cpu_us_total'):15.1f} {sum(run['errors'] for run in each):6}{detail}")
    print("\nmemory after the runs (1 MB = 1,000,000 bytes)")
    for name, processes in memory.items():
        for label, process in processes.items():
            print(f"{name:6} {label:8} {process['rss_mb']:7.1f} MB resident, {process['locked_kb']} kB locked")


def ceremony_goals(result):
    """The goals that ceremonies and derived seeds have."""
    for step, words in (("genesis", "genesis"), ("inject_sealed", "sealed shares"), ("inject", "plain shares")):
        for ceremony in ("2of3", "7of7", "100of255"):
            yield (f"{words} {ceremony.replace('of', ' of ')} over its curve operations, p50", "≤ 2",
                   result[f"{step}_{ceremony}_ratio"], lambda x: x <= 2)
    yield "genesis 7 of 7, p50, ms", "< 10", result["genesis_7of7_ms"], lambda x: x < 10
    yield ("derived over random seeds, 32 connections", "≥ 0.9", result["derived_over_random_c32"],
           lambda x: x >= 0.9)
    yield "errors of derived and random seeds in turns", "0", result["derived_errors"], lambda x: x == 0


def forwarding_goals(result):
    """The goals that key forwarding has."""
    return [
        ("export and injection over their operations on the curves, p50", "≤ 2", result["forwarding_both_ratio"],
         lambda x: x <= 2),
        ("export, p50, ms", "reported", result["forwarding_export_p50_ms"], None),
        ("injection, p50, ms", "reported", result["forwarding_injection_p50_ms"], None),
        ("attestation documents verified in a second, one thread", "reported", result["documents_per_second"], None),
        ("ready with the key after an empty start, ms", "< 1000", result["join_ms"], lambda x: x < 1000),
    ]


def seed_goals(result):
    """The goals that `POST /generate-seed` beside other servers has."""
    return [
        ("throughput over bare Hummingbird, 32 connections", "≥ 0.75", result["ratio_bare_c32"], lambda x: x >= 0.75),
        ("CPU per request over bare, 32 connections", "≤ 1.35", result["cpu_ratio_bare_c32"], lambda x: x <= 1.35),
        ("throughput over node, 1 connection", "reported", result["ratio_node_c1"], None),
        ("throughput over node, 32 connections", "> 1", result["ratio_node_c32"], lambda x: x > 1),
        ("throughput over node, 256 connections", "> 1", result["ratio_node_c256"], lambda x: x > 1),
        ("p99 over p50, 32 connections", "≤ 4", result["p99_over_p50_c32"], lambda x: x <= 4),
        ("both processes resident after the runs, MB", "< 42", result["rss_mb_total"], lambda x: x < 42),
        ("ready after start, ms", "≤ 100", result["startup_ms"], lambda x: x <= 100),
        ("errors of the pair: socket errors, time-outs, no 2xx", "0", result["errors"], lambda x: x == 0),
    ]


def print_goals(goals):
    """Each goal with what was measured; a figure that was not measured says so."""
    print(f"\n{'goal':60} {'wanted':>8} {'measured':>9}")
    for name, wanted, measured, met in goals:
        shown = "–" if measured is None else f"{measured:.2f}" if isinstance(measured, float) else str(measured)
        verdict = "not measured" if measured is None else "" if met is None else "met" if met(measured) else "NOT MET"
        print(f"{name:60} {wanted:>8} {shown:>9}  {verdict}".rstrip())


def rivals(chosen, folder, mine):
    """The servers to compare with, not started yet; none for a quick look."""
    if chosen.pair_only:
        return []
    others = [bare(chosen.bin_dir, folder, typical_answer_bytes(mine))]
    if shutil.which("node"):
        others.append(node(folder))
    else:
        print("node is not installed: the comparison with it is skipped")
    return others


def seeds(chosen, folder):
    """`POST /generate-seed` of all servers, and how the pair starts."""
    starts = start_times(chosen.bin_dir, folder)
    with pair(chosen.bin_dir, folder) as mine:
        servers = [mine]
        try:
            for other in rivals(chosen, folder, mine):
                servers.append(other.__enter__())
            for server in servers:
                check_answer(server)
            runs = measure(servers, chosen)
            memory = {server.name: server.memory() for server in servers}
        finally:
            for other in servers[1:]:
                other.stop()
    print_table(runs, memory)
    return figures(runs, memory, starts, chosen)


def bench(chosen, folder):
    """Everything that was asked for, printed, and written where it is all; gives back the number of errors."""
    result, goals = {}, []
    is_all = not (chosen.pair_only or chosen.ceremony_only or chosen.forwarding_only)
    for is_wanted, part, part_goals in (
            (is_all or chosen.pair_only, seeds, seed_goals),
            (is_all or chosen.ceremony_only, ceremonies, ceremony_goals),
            (is_all or chosen.forwarding_only, forwarding, forwarding_goals)):
        if is_wanted:
            result |= part(chosen, folder)
            goals += part_goals(result)
    print_goals(goals)
    if is_all:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        print(f"\nwritten: {REPORT.relative_to(ROOT)}")
    return result.get("errors", 0) + result.get("derived_errors", 0)


def main():
    chosen = options()
    if not shutil.which("wrk"):
        raise BenchError("wrk is not installed: scripts/setup.sh --bench installs it")
    with tempfile.TemporaryDirectory(prefix="renclave-bench-") as folder:
        return 1 if bench(chosen, pathlib.Path(folder)) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
