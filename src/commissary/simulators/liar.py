"""Purchases that go wrong as they do in the trade: done and not said, said and not done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from commissary.simulators.shop import Article
from commissary.simulators.types import Asked, Said, Supplier


class Lie(StrEnum):
    """What befalls one purchase. `none` is the truth."""

    none = "none"
    silent_before = "silent_before"
    silent_after = "silent_after"
    error_after = "error_after"
    page_before = "page_before"
    page_after = "page_after"
    truncated_after = "truncated_after"
    price_jump = "price_jump"


_PAGE = Said(502, b"<html><body>502 Bad Gateway</body></html>", {"content-type": "text/html"})
_ERROR = Said(500, b'{"code":500}')


@dataclass
class Liar:
    """Takes its lies in turn, one per purchase; when they are used up it is honest."""

    supplier: Supplier
    lies: Iterable[Lie] = ()
    purchases: int = 0
    _left: list[Lie] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(self.lies)

    def answer(self, asked: Asked) -> Said | None:
        """None: silence."""
        if not self.supplier.buys(asked):
            return self.supplier.answer(asked)
        self.purchases += 1
        lie = self._left.pop(0) if self._left else Lie.none
        if lie is Lie.silent_before:
            return None
        if lie is Lie.page_before:
            return _PAGE
        if lie is Lie.price_jump:
            for article in self.supplier.shop.articles.values():
                _dearer(article)
        said = self.supplier.answer(asked)
        if lie is Lie.silent_after:
            return None
        if lie is Lie.error_after:
            return _ERROR
        if lie is Lie.page_after:
            return _PAGE
        if lie is Lie.truncated_after:
            return Said(said.status, said.body[: len(said.body) // 2], said.headers)
        return said


def _dearer(article: Article) -> None:
    article.price_e4 += article.price_e4 // 2 + 1
