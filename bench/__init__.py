"""The yardsticks: how fast Commissary is, against what, on which machine.

Owns: the load generator (`asks`, `load`), three other ways to do the same work (`naive`, `handwritten`, `copy`),
the facts about the machine (`machine`), the interleaved run that compares them (`place`), and the product to be
measured: a throw-away installation (`product`) with a full mall (`mall`).
Promises: both sides get the same orders from the same generator; sides alternate in random order; work is prepared
before the clock starts; a round with a stalled disk is thrown away and counted.
Relies on: the public contract of the order endpoints alone. Only `product` and `mall` import the product, to stock
and audit it; what asks, counts and compares does not, so that a fault of the product cannot flatter its own figures. Linux only (epoll, /proc).
Run from a checkout with the `bench` extra installed. Method and figures: docs/benchmarks.md.
"""
