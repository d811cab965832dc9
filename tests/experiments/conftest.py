from fulfilment.conftest import ground, world

__all__ = ["ground", "world"]
