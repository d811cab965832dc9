"""The home rules, read from the catalogue: what makes a schema shardable by home and closed between malls.

Relies on `base.table_class(table_name text primary key, class text)`, where every table is declared once as
`distributed`, `reference` or `local` under its full name (`stock.lot`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

QUERY = Path(__file__).with_name("home_lint.sql").read_text("utf-8")

MEND = {
    "undeclared": "add it to base.table_class as distributed, reference or local",
    "class_disagrees": "distributed tables have home_id, the others have not",
    "declared_but_missing": "base.table_class names a table that does not exist",
    "home_not_first": "make home_id the first column",
    "home_nullable": "home_id bigint not null",
    "home_not_bigint": "home_id bigint not null",
    "second_tenant_column": "the mall is home_id >> 10; drop the second column",
    "mall_nullable": "mall_id bigint not null",
    "mall_not_bigint": "mall_id bigint not null",
    "identity_or_sequence": "ids come from the application (base.ids)",
    "clock_or_chance": "times and ids are passed in by the application",
    "no_primary_key": "primary key (home_id, …)",
    "primary_key_home_not_first": "primary key (home_id, …)",
    "unique_without_home": "a unique index of a distributed table contains home_id",
    "index_home_not_first": "an index of a distributed table begins with home_id",
    "exclusion_without_home": "exclude using … (home_id with =, …)",
    "foreign_key_without_home": "foreign key (home_id, …) references … (home_id, …)",
    "foreign_key_into_a_home": "a table without home_id cannot point into homes",
    "foreign_key_to_a_local_table": "a distributed table may point to distributed and reference tables only",
    "trigger": "do it in the statement or publish an event; distributed tables have no triggers",
    "row_security_off": "alter table … enable row level security",
    "row_security_not_forced": "alter table … force row level security",
    "no_mall_policy": "create policy mall on …: the range on home_id, or equality on mall_id",
    "policy_differs": "policy mall: for all, to public, the one expression of the house",
    "second_permissive_policy": "permissive policies add up: make it restrictive or drop it",
    "view_of_its_owner": "create view … with (security_invoker = true); a materialized view has no row security",
    "definer_search_path": "security definer functions set their search_path",
}


@dataclass(frozen=True)
class Finding:
    rule: str
    table: str
    object: str

    def __str__(self) -> str:
        return f"{self.table} {self.object}: {self.rule} ({MEND[self.rule]})"


def findings(conn: psycopg.Connection[Any], schemas: Sequence[str] | None = None) -> list[Finding]:
    """Every break of the home rules in those schemas (all, if not said). An empty list is a pass."""
    with conn.cursor() as cursor:
        cursor.execute(QUERY, {"schemas": list(schemas) if schemas is not None else None})  # type: ignore[arg-type]
        return [Finding(*row) for row in cursor.fetchall()]
