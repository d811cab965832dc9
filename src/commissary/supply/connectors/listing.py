"""Articles of a supplier who has no question for one."""

from collections.abc import Callable

from commissary.supply.types import Conversation, Fault, Good, Page, Unreadable

MOST_PAGES = 100


def search(goods: Callable[[int, str], Conversation[Page]], at_ms: int, good_id: str) -> Conversation[Good]:
    """Page after page of his list. Raises Fault when it is on none."""
    cursor = ""
    for _ in range(MOST_PAGES):
        page = yield from goods(at_ms, cursor)
        for good in page.goods:
            if good.id == good_id:
                return good
        if not (cursor := page.next):
            raise Fault("not_listed", good_id)
    raise Unreadable("a list without an end")
