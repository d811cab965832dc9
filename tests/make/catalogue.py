"""Everything PostgreSQL knows about a database but its rows: two databases with equal catalogues behave alike."""

from typing import Any

import psycopg

# Name → query giving (what, how) of every object of ours; `how` says all that matters and no oid.
_OURS = (
    "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%'"
)
_ACL = "(select string_agg(a::text, ' ' order by a::text) from unnest({}) a)"
_QUERIES = {
    "database": f"""
        select 'this one', concat_ws(' | ', {_ACL.format("datacl")}, pg_encoding_to_char(encoding), datcollate, datctype)
        from pg_database where datname = current_database()""",
    "role": """
        select r.rolname, concat_ws(' ', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
          r.rolbypassrls, r.rolconnlimit, r.rolconfig::text, 'in:', (select string_agg(m.roleid::regrole || m.admin_option::text, ' '
          order by m.roleid::regrole::text) from pg_auth_members m where m.member = r.oid))
        from pg_roles r where r.rolname like 'commissary\\_%'""",
    "setting": """
        select coalesce(d.datname, '') || ' ' || coalesce(s.setrole::regrole::text, ''), s.setconfig::text
        from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
        where s.setdatabase = 0 or d.datname = current_database()""",
    "schema": f"select nspname, concat_ws(' | ', nspowner::regrole, {_ACL.format('nspacl')}) from pg_namespace n where {_OURS}",
    "default privilege": f"""
        select concat_ws(' ', defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype), {_ACL.format("defaclacl")}
        from pg_default_acl""",
    "extension": "select extname, concat_ws(' ', extversion, extnamespace::regnamespace) from pg_extension",
    "relation": f"""
        select c.oid::regclass::text, concat_ws(' | ', c.relkind, c.relpersistence, c.relowner::regrole, {_ACL.format("c.relacl")},
          c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloptions::text, c.relispartition,
          pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid), c.reltablespace, c.relam,
          case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end, obj_description(c.oid, 'pg_class'))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where {_OURS} and c.relkind <> 'i' and c.relkind <> 'I'""",
    "inheritance": f"""
        select i.inhrelid::regclass::text, i.inhparent::regclass || ' ' || i.inhseqno
        from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace where {_OURS}""",
    "column": f"""
        select c.oid::regclass || '.' || a.attname, concat_ws(' | ', row_number() over (partition by c.oid order by a.attnum),
          format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
          a.attstorage, a.attcompression, a.attstattarget, a.attoptions::text, a.attcollation::regcollation, {_ACL.format("a.attacl")},
          col_description(c.oid, a.attnum))
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        where {_OURS} and a.attnum > 0 and not a.attisdropped and c.relkind not in ('i', 'I')""",
    "index": f"""
        select c.oid::regclass::text, concat_ws(' | ', pg_get_indexdef(c.oid), c.relowner::regrole, c.reloptions::text, i.indisprimary,
          i.indisunique, i.indisvalid, i.indisready, i.indisreplident, i.indisclustered)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where {_OURS}""",
    "constraint": f"""
        select concat_ws(' ', o.conrelid::regclass, o.contypid::regtype, o.conname), concat_ws(' | ', pg_get_constraintdef(o.oid),
          o.convalidated, o.condeferrable, o.condeferred, o.coninhcount, o.conislocal)
        from pg_constraint o join pg_namespace n on n.oid = o.connamespace where {_OURS}""",
    "policy": """
        select p.polrelid::regclass || ' ' || p.polname, concat_ws(' | ', p.polcmd, p.polpermissive,
          (select string_agg(r::regrole::text, ' ' order by r::regrole::text) from unnest(p.polroles) r),
          pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        from pg_policy p""",
    "function": f"""
        select p.oid::regprocedure::text, concat_ws(' | ', p.proowner::regrole, {_ACL.format("p.proacl")}, p.procost, p.prorows,
          case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end, obj_description(p.oid, 'pg_proc'))
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {_OURS}""",
    "trigger": """
        select t.tgrelid::regclass || ' ' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text from pg_trigger t where not t.tgisinternal""",
    "rule": f"""
        select r.ev_class::regclass || ' ' || r.rulename, pg_get_ruledef(r.oid)
        from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where {_OURS}""",
    "type": f"""
        select t.oid::regtype::text, concat_ws(' | ', t.typtype, t.typowner::regrole, {_ACL.format("t.typacl")}, t.typnotnull,
          t.typdefault, format_type(t.typbasetype, t.typtypmod),
          (select string_agg(e.enumlabel, ' ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
        from pg_type t join pg_namespace n on n.oid = t.typnamespace where {_OURS}""",
    "sequence": """
        select s.seqrelid::regclass::text, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
          s.seqcycle)
        from pg_sequence s""",
    "statistics": f"""
        select e.oid::regclass::text, pg_get_statisticsobjdef(e.oid)
        from pg_statistic_ext e join pg_namespace n on n.oid = e.stxnamespace where {_OURS}""",
    "event trigger": "select evtname, concat_ws(' ', evtevent, evtenabled, evtfoid::regprocedure) from pg_event_trigger",
    "publication": "select pubname, concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate) from pg_publication",
    "migration": "select name, sha256 from public.commissary_migration",
}


def of(dsn: str, on: psycopg.Connection[tuple[Any, ...]] | None = None) -> dict[str, str]:
    """`kind what` → how. `on` sees what its own transaction changed."""
    if on is None:
        with psycopg.connect(dsn) as connection:
            return of(dsn, connection)
    found: dict[str, str] = {}
    on.execute("set local search_path = ''")  # names come with their schemas
    for kind, query in _QUERIES.items():
        for what, how in on.execute(query.encode()).fetchall():
            assert f"{kind} {what}" not in found, f"{kind} {what}"
            found[f"{kind} {what}"] = str(how)
    return found


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    return {
        what: (one.get(what), other.get(what))
        for what in sorted(one.keys() | other.keys())
        if one.get(what) != other.get(what)
    }
