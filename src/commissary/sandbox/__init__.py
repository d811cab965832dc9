"""sandbox: a mall that a developer can break: the live mall's goods under the same ids, play money, and a supplier who fails on demand.

Owns: schema `sandbox` (what the supplier inside sells, and what was bought from him); the table of magic goods (`magic.py`); who
mirrors what from a live mall. Promises: a sandbox is a mall of its own (`tenancy.found_shadow`), so row-level security keeps
it apart as any two; no key or session of it opens the live mall; nothing of it calls anybody but the supplier inside and simulators
on this machine; no stock, supplier, endpoint, secret or code of the live mall is in it; each magic good comes out as the table says,
through the same machinery as every other. Publishes: nothing of its own. Relies on: `tenancy`, `catalog`, `pricing`, `partners`,
`ledger`, `risk`, `supply`, `fulfilment` (callbacks), `simulators`. Sources: decision 0023.

    Sandbox     what is done with one: sync, enter, top up, reset
    Replayer    a call of the log again, one per process
    Inside      the supplier inside the process, one per process
    TABLE       the magic goods
"""

from commissary.sandbox.inside import Inside
from commissary.sandbox.keep import Sandbox
from commissary.sandbox.magic import TABLE
from commissary.sandbox.papers import authorise, open_supplier
from commissary.sandbox.replay import Replayer

__all__ = ["Inside", "Replayer", "Sandbox", "TABLE", "authorise", "open_supplier"]
