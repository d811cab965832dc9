"""base: words without business.

Owns: money, ids, homes, errors, settings, the database connection, named SQL, outgoing HTTP, batches, the outbox,
encryption, logging. Promises: nothing here knows a mall's business. Publishes: nothing. Relies on: nothing above it.
Every module is public: `from commissary.base import money, ids, db`.
"""
