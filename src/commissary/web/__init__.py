"""web: what a person's browser sees of the product, without business.

Owns: the public API documentation at `/docs`, the console's page at `/console`, the page behind a card's QR code at `/verify`, and
how HTTP is spoken (`short`). Promises: nothing is fetched from elsewhere, no inline script or style
(a strict Content-Security-Policy fits; the console's styles carry a nonce), every text in 中文 and English, text of the specification is never trusted as
HTML; pages are rendered once, at start. Publishes: nothing. Relies on: `base.errors` for the catalogue, `insight` for what a QR code's page tells.

    pages = web.docs_pages(spec, web.catalogue({"orders": OrderRefusal}), "https://mall.example")
    door = web.docs_door(pages)          # an ASGI application for /docs and everything below it
"""

from .api import application
from .changes import REGISTRY
from .changes import ROUTES as CHANGE_ROUTES
from .coded import Document, serve
from .console import ConsoleDoor, Demo, DemoPerson
from .docs.pages import docs_door, docs_pages
from .docs.types import ErrorEntry, Recipe, catalogue
from .enums import ROUTES as META_ROUTES
from .genuine.door import GenuineDoor
from .metrics import Metrics
from .openapi import CONSOLE, document
from .short import Protocol as OrderProtocol

__all__ = [
    "CHANGE_ROUTES",
    "CONSOLE",
    "REGISTRY",
    "ConsoleDoor",
    "Demo",
    "DemoPerson",
    "Document",
    "ErrorEntry",
    "GenuineDoor",
    "META_ROUTES",
    "Metrics",
    "OrderProtocol",
    "Recipe",
    "application",
    "catalogue",
    "docs_door",
    "docs_pages",
    "document",
    "serve",
]
