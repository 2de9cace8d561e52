"""Measuring two servers turn by turn, so that both meet the same noise of the machine."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from bench.servers import Server

ROUNDS, A_ROUND = 12, 15


@dataclass(frozen=True)
class Cost:
    """What one request costs: milliseconds until the whole answer is here, and of the server's CPU."""

    p50: float
    p95: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """A page beside the bare one: both costs, and the ratios of the medians."""

    page: str
    ours: Cost
    bare: Cost
    latency_ratio: float
    cpu_ratio: float

    def row(self) -> dict[str, object]:
        return asdict(self)


def beside(page: str, ours: Server, work: Callable[[], None], bare: Server) -> Measured:
    """Do `work` on our server and get the bare page, in rounds that take turns."""
    for _ in range(3):
        work()
        bare.get("/")
    times: tuple[list[float], list[float]] = ([], [])
    cpu: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for side, (server, act) in enumerate(((ours, work), (bare, lambda: _expect_200(bare)))):
            before = server.cpu_seconds()
            for _ in range(A_ROUND):
                started = time.perf_counter()
                act()
                times[side].append((time.perf_counter() - started) * 1000)
            cpu[side].append((server.cpu_seconds() - before) * 1000 / A_ROUND)
    costs = [
        Cost(round(median(t), 2), round(quantiles(t, n=20)[18], 2), round(sum(c) / len(c), 2))
        for t, c in zip(times, cpu, strict=True)
    ]
    return Measured(
        page, costs[0], costs[1], round(costs[0].p50 / costs[1].p50, 1), round(costs[0].cpu / costs[1].cpu, 1)
    )


def _expect_200(server: Server) -> None:
    status, _ = server.get("/")
    assert status == 200
