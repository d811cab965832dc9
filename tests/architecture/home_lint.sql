-- One row per finding: rule, table, object. Plain catalogue of any PostgreSQL; no Citus needed.
-- %(schemas)s: the schemas to report on; null means all but the system's own.
--
-- A table with home_id is distributed. The exception is a directory: a reference or local table of one mall (it has
-- mall_id, and the rules of mall_id) that tells in which home something lives, as buyer -> home.
with all_tables as (
    select
        c.oid,
        n.nspname || '.' || c.relname as name,
        c.relrowsecurity as row_security,
        c.relforcerowsecurity as forced,
        home.attnum as home,
        home.attnotnull as home_not_null,
        home.atttypid as home_type,
        mall.attnum as mall,
        mall.attnotnull as mall_not_null,
        mall.atttypid as mall_type,
        (select min(a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as first,
        declared.class
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute home on home.attrelid = c.oid and home.attname = 'home_id' and not home.attisdropped
    left join pg_attribute mall on mall.attrelid = c.oid and mall.attname = 'mall_id' and not mall.attisdropped
    left join base.table_class declared on declared.table_name = n.nspname || '.' || c.relname
    where c.relkind in ('r', 'p')
      and not c.relispartition
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),
tables as (
    select *, home is not null and (mall is null or class is null or class = 'distributed') as by_home,
        (
            select a.attname
            from pg_index x
            join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
            where x.indrelid = all_tables.oid and x.indisprimary and x.indnkeyatts = 1
        ) as only_key,
        exists (select 1 from pg_policy p where p.polrelid = all_tables.oid and p.polname = 'mall') as has_policy
    from all_tables
),
distributed as (select * from tables where by_home),
indexes as (
    select t.name, t.home, i.relname as object, x.indisunique, x.indisprimary, m.amname, key.columns, key.columns[1] as first_key
    from distributed t
    join pg_index x on x.indrelid = t.oid
    join pg_class i on i.oid = x.indexrelid
    join pg_am m on m.oid = i.relam
    cross join lateral (
        -- INCLUDE columns stand behind the first indnkeyatts and do not count
        select array_agg(k.attnum order by k.place) as columns
        from unnest(x.indkey::int2[]) with ordinality as k (attnum, place)
        where k.place <= x.indnkeyatts
    ) key
),
defaults as (
    select t.name, a.attname as object, a.attidentity <> '' as identity, pg_get_expr(d.adbin, d.adrelid) as expression
    from distributed t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
),
-- the expression a policy must have, as PostgreSQL prints it; a table of malls themselves has the mall as its key
wanted as (
    select oid, name, row_security, forced, has_policy,
        replace(
            case
                when by_home then '((home_id >= (MALL << 10)) AND (home_id < ((MALL + 1) << 10)))'
                when mall is not null then '(mall_id = MALL)'
                else format('(%%I = MALL)', only_key)
            end,
            'MALL', '(NULLIF(current_setting(''app.mall''::text, true), ''''::text))::bigint'
        ) as expression
    from tables
    where by_home or mall is not null or has_policy
),
findings as (
    -- the declaration
    select 'undeclared' as rule, name, '' as object from tables where class is null
    union all
    select 'class_disagrees', name, class from tables where (class = 'distributed') <> by_home
    union all
    select 'declared_but_missing', d.table_name, d.class
    from base.table_class d
    where to_regclass(d.table_name) is null

    -- columns
    union all
    select 'home_not_first', name, 'home_id' from distributed where home <> first
    union all
    select 'home_nullable', name, 'home_id' from distributed where not home_not_null
    union all
    select 'home_not_bigint', name, format_type(home_type, null) from distributed where home_type <> 'int8'::regtype
    union all
    select 'second_tenant_column', t.name, a.attname
    from distributed t
    join pg_attribute a on a.attrelid = t.oid and a.attname in ('tenant_id', 'mall_id') and not a.attisdropped
    union all
    select 'mall_nullable', name, 'mall_id' from tables where not by_home and mall is not null and not mall_not_null
    union all
    select 'mall_not_bigint', name, format_type(mall_type, null)
    from tables
    where not by_home and mall is not null and mall_type <> 'int8'::regtype
    union all
    select 'identity_or_sequence', name, object from defaults where identity or expression ~* '\mnextval\('
    union all
    select 'clock_or_chance', name, object
    from defaults
    where expression ~* '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random\w*|gen_random_uuid|uuidv4|uuidv7)\('
       or expression ~ '\m(CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIME(STAMP)?)\M'

    -- keys and constraints
    union all
    select 'no_primary_key', t.name, ''
    from distributed t
    where not exists (select 1 from pg_index x where x.indrelid = t.oid and x.indisprimary)
    union all
    select 'primary_key_home_not_first', name, object from indexes where indisprimary and first_key <> home
    union all
    select 'unique_without_home', name, object from indexes where indisunique and home <> all (columns)
    union all
    select 'index_home_not_first', name, object
    from indexes
    where amname in ('btree', 'hash') and not indisprimary and first_key <> home
    union all
    select 'exclusion_without_home', t.name, k.conname
    from distributed t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'x' and t.home <> all (k.conkey)
    union all
    select 'foreign_key_without_home', t.name, k.conname
    from distributed t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' and k.conparentid = 0
    join distributed target on target.oid = k.confrelid
    where not exists (
        select 1 from unnest(k.conkey, k.confkey) as pair (here, there)
        where pair.here = t.home and pair.there = target.home
    )
    union all
    select 'foreign_key_into_a_home', t.name, k.conname
    from tables t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' and k.conparentid = 0
    join distributed target on target.oid = k.confrelid
    where not t.by_home
    union all
    select 'foreign_key_to_a_local_table', t.name, k.conname
    from distributed t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' and k.conparentid = 0
    join tables target on target.oid = k.confrelid and target.class = 'local'
    union all
    select 'trigger', t.name, g.tgname
    from distributed t
    join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal

    -- row-level security
    union all
    select 'row_security_off', name, '' from wanted where not row_security
    union all
    select 'row_security_not_forced', name, '' from wanted where not forced
    union all
    select 'no_mall_policy', name, '' from wanted where not has_policy
    union all
    select 'policy_differs', w.name, p.polname
    from wanted w
    join pg_policy p on p.polrelid = w.oid and p.polname = 'mall'
    where p.polcmd <> '*'
       or not p.polpermissive
       or p.polroles <> '{0}'
       or pg_get_expr(p.polqual, p.polrelid) is distinct from w.expression
       or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), w.expression) <> w.expression
    union all
    select 'second_permissive_policy', w.name, p.polname
    from wanted w
    join pg_policy p on p.polrelid = w.oid and p.polname <> 'mall' and p.polpermissive

    -- ways around it
    union all
    select 'view_of_its_owner', n.nspname || '.' || c.relname, c.relkind::text
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1}'::text[], false)
    union all
    select 'definer_search_path', n.nspname || '.' || f.proname, pg_get_function_identity_arguments(f.oid)
    from pg_proc f
    join pg_namespace n on n.oid = f.pronamespace
    where f.prosecdef
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not exists (select 1 from unnest(f.proconfig) as setting where setting like 'search_path=%%')
)
select rule, name, object
from findings
where %(schemas)s::text[] is null or split_part(name, '.', 1) = any (%(schemas)s::text[])
order by name, rule, object
