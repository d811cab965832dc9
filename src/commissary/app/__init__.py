"""The composition root: settings → database → domains → doors to the world. The only place that wires.

ground        the database of these settings and its keys
environment   what verbs need: database, ids, keys
offered       every domain's refusals and routes
platform      a serving process: which door a request goes through
working       the work beside requests, in a process of its own or in one that serves
wiring        `platform()`: a serving process put together
"""

from commissary.app.environment import environment
from commissary.app.ground import Ground, ground, ground_of
from commissary.app.offered import OFFERED, REFUSALS, ROUTES
from commissary.app.platform import App, Platform
from commissary.app.wiring import platform
from commissary.app.working import Working, working

__all__ = [
    "App",
    "Ground",
    "OFFERED",
    "Platform",
    "REFUSALS",
    "ROUTES",
    "Working",
    "environment",
    "ground",
    "ground_of",
    "platform",
    "working",
]
