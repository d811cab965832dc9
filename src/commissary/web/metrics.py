"""Prometheus metrics of this process at /metrics."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from commissary.base.http import Send


class Metrics:
    """What an operator watches: batches, their size and time, what waits. Per batch, not per order: it costs nothing."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.orders = Counter(
            "commissary_orders_placed", "Orders that went through a lane", registry=self.registry
        )
        self.batch_size = Histogram(
            "commissary_batch_orders",
            "Orders per batch",
            buckets=(1, 4, 16, 64, 128, 256, 512),
            registry=self.registry,
        )
        self.batch_seconds = Histogram(
            "commissary_batch_seconds",
            "From taking a batch to its commit",
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
            registry=self.registry,
        )
        self.waiting = Gauge("commissary_orders_waiting", "Orders queued for a lane", registry=self.registry)

    def batch(self, orders: int, seconds: float) -> None:
        self.orders.inc(orders)
        self.batch_size.observe(orders)
        self.batch_seconds.observe(seconds)

    def watch_queue(self, count: Callable[[], int]) -> None:
        self.waiting.set_function(count)

    async def serve(self, send: Send) -> None:
        payload = generate_latest(self.registry)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
                    (b"content-length", str(len(payload)).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": payload})
