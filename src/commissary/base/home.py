"""A home is the unit of sharding, batching and tenancy: `home_id = mall_id << 10 | shelf_no`.

The shift is written here and nowhere else in Python. A home never changes its mall; a mall begins with shelf 0.
"""

SHELF_BITS = 10
MAX_MALL = 2**31 - 1


def home(mall_id: int, shelf_no: int = 0) -> int:
    if not 0 < mall_id <= MAX_MALL or not 0 <= shelf_no < 1 << SHELF_BITS:
        raise ValueError(f"no such home: mall {mall_id}, shelf {shelf_no}")
    return mall_id << SHELF_BITS | shelf_no


def mall_of(home_id: int) -> int:
    return home_id >> SHELF_BITS
