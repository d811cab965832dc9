"""The load generator: one process, one thread, epoll over keep-alive sockets, requests prepared beforehand.

It shares the machine with what it measures, so it does as little as it can while the clock runs: write prepared
bytes, find the end of the answer, note two times, keep the body. Bodies are read after the clock has stopped.

    closed loop   N connections, each sends its next request when its answer has come      → peak rate
    open loop     requests fall due by a schedule, whatever the answers do                 → latency at a given load

The schedule has exponential gaps (independent buyers), and latency counts from the instant a request was due, so a
stalled server is charged for everything that had to wait (no coordinated omission). `late_ms_p99` tells how late
requests left, because the generator was slow or no connection was free: far below p99 it cannot explain p99.
"""

import random
import resource
import select
import socket
import subprocess
import sys
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bench import asks

CHECKOUT = Path(__file__).resolve().parent.parent
DRAIN_S = 15.0
ANSWER_END = b"\r\n\r\n"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement. `rate_per_s` set means open loop; a closed loop ends after `seconds` or its last request."""

    base_url: str
    ask: asks.Ask
    connections: int
    seconds: float
    rate_per_s: float | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. `orders_per_s` counts accepted orders answered inside the window of `wall_s`.

    `unfinished` requests had no answer when the drain ended; they are in the latencies with the time waited so far.
    `broken` ones lost their connection. `accepted` and `codes` include answers that came during the drain.
    """

    wall_s: float
    cpu_s: float
    sent: int
    answered: int
    accepted: int
    orders_per_s: float
    codes: int
    codes_duplicated: int
    unfinished: int
    broken: int
    statuses: dict[str, int]
    refusals: dict[str, int]
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    late_ms_p99: float


def measure(job: Job, around: Callable[[], float] | None = None) -> tuple[Report, float]:
    """Runs the job in a process of its own; `around` is read just before the first and after the last request.

    Returns the report and the growth of `around`, e.g. the server's CPU seconds.
    """
    meter = around or (lambda: 0.0)
    with subprocess.Popen(
        [sys.executable, "-m", "bench.load"], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(msgspec.json.encode(job) + b"\n")
        child.stdin.flush()
        if child.stdout.readline() != b"ready\n":
            raise RuntimeError("the load generator did not start")
        before = meter()
        child.stdin.write(b"go\n")
        child.stdin.flush()
        if child.stdout.readline() != b"done\n":
            raise RuntimeError("the load generator failed")
        used = meter() - before
        report = msgspec.json.decode(child.stdout.readline(), type=Report)
    return report, used


def main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    requests = asks.prepare(job.ask)
    drive = Drive(job, requests)
    say(b"ready\n")
    sys.stdin.buffer.readline()
    drive.run()
    say(b"done\n")
    say(msgspec.json.encode(drive.report()) + b"\n")


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


class Connection:
    __slots__ = ("due_at", "kept", "missing", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = connect(address)
        self.due_at = 0.0
        self.kept = b""
        self.missing = 0


class Drive:
    """The state of one run: connections, the next request to send, and what was observed."""

    def __init__(self, job: Job, requests: Sequence[bytes]) -> None:
        url = urlsplit(job.base_url)
        self.job = job
        self.requests = requests
        self.address = (url.hostname or "127.0.0.1", url.port or 80)
        self.poll = select.epoll()
        # One read should hold a whole answer, but every read allocates this much.
        self.receive_bytes = 1 << (14 if job.ask.orders_per_request == 1 else 18)
        self.by_fd: dict[int, Connection] = {}
        for _ in range(job.connections):
            self.open()
        self.sent = 0
        self.broken = 0
        self.latencies = array("d")
        self.lateness = array("d")
        self.statuses: Counter[str] = Counter()
        self.bodies: list[bytes] = []
        self.bodies_in_window = 0
        self.unfinished = 0
        self.wall_s = 0.0
        self.cpu_s = 0.0

    def run(self) -> None:
        cpu = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        if self.job.rate_per_s is None:
            self.closed_loop(start)
        else:
            self.open_loop(start, schedule(self.job.rate_per_s, len(self.requests), self.job.ask.seed))
        after = resource.getrusage(resource.RUSAGE_SELF)
        self.cpu_s = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
        for connection in self.by_fd.values():
            connection.sock.close()
        self.poll.close()

    def closed_loop(self, start: float) -> None:
        end = start + self.job.seconds
        busy = 0
        for connection in list(self.by_fd.values())[: len(self.requests)]:
            self.send(connection, time.perf_counter())
            busy += 1
        while busy and (now := time.perf_counter()) < end:
            for fd, _ in self.poll.poll(end - now):
                connection = self.by_fd[fd]
                if self.receive(connection):
                    connection = self.by_fd.get(fd) or self.open()
                    if self.sent < len(self.requests):
                        self.send(connection, time.perf_counter())
                    else:
                        busy -= 1
        self.close_window(time.perf_counter() - start)
        self.drain(busy)

    def open_loop(self, start: float, offsets: "array[float]") -> None:
        idle = deque(self.by_fd.values())
        busy = 0
        # Python's epoll sleeps whole milliseconds; select on the epoll descriptor sleeps microseconds.
        watch = [self.poll.fileno()]
        last = len(offsets)
        answers_until = start + self.job.seconds
        while self.sent < last:
            now = time.perf_counter()
            while self.sent < last and idle and (due := start + offsets[self.sent]) <= now:
                self.lateness.append(now - due)
                connection = idle.popleft()
                self.send(connection if connection.sock.fileno() >= 0 else self.open(), due)
                busy += 1
                now = time.perf_counter()
            if self.sent == last:
                break
            due = start + offsets[self.sent]
            if not idle and due <= now:
                select.select(watch, [], [], DRAIN_S)
            elif due > now:
                select.select(watch, [], [], due - now)
            if now - start > self.job.seconds + DRAIN_S:
                break
            for fd, _ in self.poll.poll(0):
                if self.receive(self.by_fd[fd]):
                    idle.append(self.by_fd.get(fd) or self.open())
                    busy -= 1
        while busy and (now := time.perf_counter()) < answers_until:
            for fd, _ in self.poll.poll(answers_until - now):
                busy -= self.receive(self.by_fd[fd])
        self.close_window(time.perf_counter() - start)
        self.drain(busy)
        now = time.perf_counter()
        never_sent = offsets[self.sent :]
        self.latencies.extend(now - start - offset for offset in never_sent)
        self.unfinished += len(never_sent)

    def drain(self, busy: int) -> None:
        """Waits for the answers still under way, so that the next side starts on a quiet server."""
        give_up_at = time.perf_counter() + DRAIN_S
        while busy and (now := time.perf_counter()) < give_up_at:
            for fd, _ in self.poll.poll(give_up_at - now):
                busy -= self.receive(self.by_fd[fd])
        now = time.perf_counter()
        waiting = [connection for connection in self.by_fd.values() if connection.due_at]
        self.unfinished += len(waiting)
        self.latencies.extend(now - connection.due_at for connection in waiting)

    def close_window(self, wall_s: float) -> None:
        self.wall_s = wall_s
        self.bodies_in_window = len(self.bodies)

    def open(self) -> Connection:
        connection = Connection(self.address)
        self.by_fd[connection.sock.fileno()] = connection
        self.poll.register(connection.sock.fileno(), select.EPOLLIN)
        return connection

    def send(self, connection: Connection, due_at: float) -> None:
        data = self.requests[self.sent]
        self.sent += 1
        connection.due_at = due_at
        try:
            done = connection.sock.send(data)
            if done < len(data):  # larger than the send buffer: rare enough to block for
                connection.sock.setblocking(True)
                connection.sock.sendall(data[done:])
                connection.sock.setblocking(False)
        except OSError:
            pass  # the read side reports the broken connection

    def receive(self, connection: Connection) -> bool:
        """Takes what has arrived; true when the request has ended, answered or broken."""
        try:
            data = connection.sock.recv(self.receive_bytes)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            return self.lost(connection)
        if connection.kept:
            data = connection.kept + data
            connection.kept = b""
        if len(data) < connection.missing:
            connection.kept = data
            return False
        head = data.find(ANSWER_END)
        size = -1 if head < 0 else answer_size(data, head)
        if size < 0 or len(data) < size:
            connection.kept = data
            connection.missing = max(size, 0)
            return False
        self.latencies.append(time.perf_counter() - connection.due_at)
        self.statuses[data[9:12].decode("ascii")] += 1
        self.bodies.append(data[head + 4 : size])
        connection.missing = 0
        connection.due_at = 0.0
        return True

    def lost(self, connection: Connection) -> bool:
        """Drops a connection that the server closed; true when a request was under way on it."""
        fd = connection.sock.fileno()
        self.poll.unregister(fd)
        del self.by_fd[fd]
        connection.sock.close()
        if not connection.due_at:
            return False
        self.broken += 1
        self.latencies.append(time.perf_counter() - connection.due_at)
        return True

    def report(self) -> Report:
        inside = tally(self.bodies[: self.bodies_in_window])
        after = tally(self.bodies[self.bodies_in_window :])
        codes = inside.codes | after.codes
        code_count = inside.code_count + after.code_count
        latencies = sorted(self.latencies)
        return Report(
            wall_s=self.wall_s,
            cpu_s=self.cpu_s,
            sent=self.sent,
            answered=len(self.bodies),
            accepted=inside.accepted + after.accepted,
            orders_per_s=inside.accepted / self.wall_s,
            codes=code_count,
            codes_duplicated=code_count - len(codes),
            unfinished=self.unfinished,
            broken=self.broken,
            statuses=dict(self.statuses),
            refusals=dict(inside.refusals + after.refusals),
            p50_ms=percentile(latencies, 50) * 1000,
            p95_ms=percentile(latencies, 95) * 1000,
            p99_ms=percentile(latencies, 99) * 1000,
            max_ms=percentile(latencies, 100) * 1000,
            late_ms_p99=percentile(sorted(self.lateness), 99) * 1000,
        )


def connect(address: tuple[str, int]) -> socket.socket:
    sock = socket.create_connection(address, timeout=10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    sock.setblocking(False)
    return sock


def answer_size(data: bytes, head: int) -> int:
    """Bytes of head and body; -1 while a chunked body has not ended. One answer is under way per connection."""
    at = data.find(b"content-length: ", 0, head)
    if at < 0:
        at = data[:head].lower().find(b"content-length: ")
    if at >= 0:
        return head + 4 + int(data[at + 16 : data.find(b"\r", at)])
    if data.endswith(b"\r\n0\r\n\r\n"):
        return len(data)
    return -1


def schedule(rate_per_s: float, count: int, seed: int) -> "array[float]":
    """Due instants in seconds from the start, with exponential gaps."""
    rng = random.Random(seed)
    at = 0.0
    offsets = array("d")
    for _ in range(count):
        at += rng.expovariate(rate_per_s)
        offsets.append(at)
    return offsets


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of the values do not exceed; 0 of nothing."""
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


class Line(msgspec.Struct):
    codes: list[msgspec.Raw] | None = None


class Answer(msgspec.Struct):
    """An order, a refusal (it has a `code`), or the answer to a batch; other members are skipped."""

    code: str | None = None
    lines: list[Line] = []
    results: "list[Answer] | None" = None
    order: "Answer | None" = None
    error: "Answer | None" = None


class Tally(msgspec.Struct):
    accepted: int = 0
    code_count: int = 0
    codes: set[bytes] = msgspec.field(default_factory=set)
    refusals: Counter[str] = msgspec.field(default_factory=Counter)


def tally(bodies: Sequence[bytes]) -> Tally:
    """Counts accepted orders, delivered codes and refusals by code."""
    decoder = msgspec.json.Decoder(Answer)
    total = Tally()
    for body in bodies:
        try:
            answer = decoder.decode(body)
        except msgspec.DecodeError:
            total.refusals["unreadable"] += 1
            continue
        for result in [answer] if answer.results is None else answer.results:
            refusal = result.code or (result.error and (result.error.code or "error"))
            if refusal:
                total.refusals[refusal] += 1
                continue
            total.accepted += 1
            for line in (result.order or result).lines:
                codes = line.codes or []
                total.code_count += len(codes)
                total.codes.update(map(bytes, codes))
    return total


if __name__ == "__main__":
    main()
