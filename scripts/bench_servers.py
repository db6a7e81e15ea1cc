# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
"""Starting, watching and stopping the servers that bench.py measures."""

import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time
from statistics import median

READY_SECONDS = 20
STOP_SECONDS = 15
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something that makes the figures worthless, in a sentence."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One or more processes that serve one loopback port together; a context in which they run."""

    def __init__(self, name, commands, port, environment, folder, ready=("POST", "/generate-seed")):
        self.name = name
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.start_seconds = None
        self._commands = commands
        self._environment = {**os.environ, **environment}
        self._log = pathlib.Path(folder) / f"{name}-{port}.log"
        self._ready = ready
        self._processes = {}

    def __enter__(self):
        for command in self._commands.values():
            if not pathlib.Path(command[0]).exists():
                raise BenchError(f"{command[0]} is not there: `make bench` builds it")
        began = time.perf_counter()
        for label in self._commands:
            self._start(label)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.perf_counter() - began
        return self

    def __exit__(self, *_):
        self.stop()

    def _start(self, label):
        with open(self._log, "ab") as log:
            self._processes[label] = subprocess.Popen(
                [str(part) for part in self._commands[label]], env=self._environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT)

    def restart(self, label):
        """Ends one process and starts it anew, while the others stay; does not wait until it is ready."""
        if not self._end(self._processes.pop(label)):
            raise BenchError(f"{label} did not end within {STOP_SECONDS} s of SIGTERM")
        self._start(label)

    def _wait_until_ready(self):
        """Asks each millisecond over a raw socket, so that what is timed is the server and not a client library."""
        body = '{"strength":256}' if self._ready[0] == "POST" else ""
        head = [f"{self._ready[0]} {self._ready[1]} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        if body:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = ("\r\n".join(head) + "\r\n\r\n" + body).encode()
        deadline = time.perf_counter() + READY_SECONDS
        while self._ask(request) != b"200":
            for label, process in self._processes.items():
                if process.poll() is not None:
                    raise BenchError(f"{label} ended with code {process.returncode}\n{self.log_tail()}")
            if time.perf_counter() > deadline:
                raise BenchError(f"{self.name} was not ready within {READY_SECONDS} s\n{self.log_tail()}")
            time.sleep(0.001)

    def _ask(self, request):
        """The status of the answer as text, or None where nobody answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(request)
                words = connection.recv(64).split()
                return words[1] if len(words) > 1 else None
        except OSError:
            return None

    def stop(self):
        """Ends the processes in reverse order of their start; one that has to be killed is an error."""
        stuck = [label for label, process in reversed(self._processes.items()) if not self._end(process)]
        self._processes = {}
        if stuck:
            raise BenchError(f"{', '.join(stuck)} did not end within {STOP_SECONDS} s of SIGTERM")

    @staticmethod
    def _end(process):
        """Whether the process ended when it was told to; one that did not has been killed."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False

    def log_tail(self):
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:])

    def cpu_seconds(self):
        """User and system time of each process so far."""
        return {label: self._cpu_seconds(process.pid) for label, process in self._processes.items()}

    def _cpu_seconds(self, pid):
        # proc(5): utime and stime are fields 14 and 15; field 2 is in parentheses and may hold spaces.
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError as gone:
            raise BenchError(f"{self.name} ended during the runs\n{self.log_tail()}") from gone
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def memory(self):
        """Resident megabytes (10^6 bytes) and locked kB of each process now."""
        found = {}
        for label, process in self._processes.items():
            rows = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
            status = dict(row.split(":", 1) for row in rows.splitlines() if ":" in row)
            resident_kb, locked_kb = (int(status[key].split()[0]) for key in ("VmRSS", "VmLck"))
            found[label] = {"rss_mb": resident_kb * 1024 / 1e6, "locked_kb": locked_kb}
        return found


class KeptConnection:
    """One kept-alive connection, timed from the first byte of a request to the last of its answer; nothing is decoded
    meanwhile."""

    READ_SECONDS = 30

    def __init__(self, port):
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=self.READ_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(4 << 20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def request(self, method, path, body=b""):
        """The bytes of a request, to be made before the clock runs."""
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        if body:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    def exchange(self, request):
        """Seconds, status and body of one exchange."""
        view = memoryview(self._buffer)
        count, body, end = 0, 0, None
        try:
            began = time.perf_counter()
            self._socket.sendall(request)
            while end is None or count < end:
                read = self._socket.recv_into(view[count:])
                if read == 0:
                    raise BenchError("the gateway closed a connection that was to be kept")
                count += read
                if end is None:
                    body, end = self._extent(count)
            seconds = time.perf_counter() - began
        except OSError as failure:
            raise BenchError(f"no whole answer on a kept connection: {failure}") from failure
        return seconds, int(self._buffer[:body].split(None, 2)[1]), bytes(view[body:end])

    def _extent(self, count):
        """Where the body begins and ends; nothing yet for a head that is not whole."""
        head = self._buffer.find(b"\r\n\r\n", 0, count)
        if head < 0:
            return 0, None
        name = b"content-length:"
        rows = bytes(self._buffer[:head]).lower().split(b"\r\n")
        length = next((int(row[len(name):]) for row in rows if row.startswith(name)), None)
        if length is None or head + 4 + length > len(self._buffer):
            raise BenchError("an answer without a length, or with too large a one")
        return head + 4, head + 4 + length


def status_of(server, method, path, body=None):
    """One request through the standard client: the status and the body's text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException) as failure:
        raise BenchError(f"{server.name} did not answer {path}: {failure}\n{server.log_tail()}") from failure
    finally:
        connection.close()


def typical_answer_bytes(server):
    """The median size in bytes of a 24-word answer."""
    return int(median(len(status_of(server, "POST", "/generate-seed", '{"strength":256}')[1].encode())
                      for _ in range(51)))
