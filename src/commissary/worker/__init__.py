"""worker: what happens beside requests: reactions to events, periodic work, jobs, webhooks.

Owns: the tables `reactions.REACTIONS` and `schedule.SCHEDULE`; nothing in the database. Promises: each event reaches
each of its handlers at least once and in order per home, in the transaction that moves the handler's position; a
handler that fails holds up itself alone; periodic work is done by one process at a time. Relies on: every domain's
door; `jobs` for turns and jobs; `notify` for webhooks.
"""

from commissary.worker.reactions import REACTIONS, Reaction
from commissary.worker.relay import Relay
from commissary.worker.run import Worker
from commissary.worker.schedule import SCHEDULE, Clockwork, Periodic

__all__ = ["REACTIONS", "SCHEDULE", "Clockwork", "Periodic", "Reaction", "Relay", "Worker"]
