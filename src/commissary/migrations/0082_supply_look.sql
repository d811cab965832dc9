-- Where suppliers are to be asked something, of all malls in one look, so that malls in which nothing happens cost nothing. It
-- only says where: whoever hears of it asks again inside that mall and decides there. Closed malls are left out. It runs before
-- any mall is known, hence security definer, and tells homes or malls and nothing else.
-- A walk goes from home to home, as in notify.homes_due: the backlog of one is not read.
-- `p_malls` have clocks of their own, which stand at `p_nows`; everybody else's stands at `p_now`.

-- Purchases that are to be asked about.
create function supply.homes_to_ask(p_now timestamptz, p_malls bigint[], p_nows timestamptz[]) returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive h (home) as (
    (select a.home_id from supply.attempt a where a.next_at is not null order by a.home_id limit 1)
    union all
    select (select a.home_id from supply.attempt a
            where a.next_at is not null and a.home_id > h.home order by a.home_id limit 1)
    from h where h.home is not null
  )
  select h.home from h join tenancy.mall m on m.id = h.home >> 10 and m.status <> 'closed'
  where h.home is not null and exists (
    select from supply.attempt a
    where a.home_id = h.home and a.next_at <= coalesce(p_nows[array_position(p_malls, h.home >> 10)], p_now))
$$;

-- Connections that were paused: they are asked now and then whether they are back. A few thousand rows; the index is made in
-- a moment.
-- squawk-ignore require-concurrent-index-creation
create index connection_paused on supply.connection (mall_id) where state = 'paused';

create function supply.malls_paused() returns table (mall_id bigint)
language sql stable security definer set search_path = '' as $$
  select distinct c.mall_id from supply.connection c join tenancy.mall m on m.id = c.mall_id and m.status <> 'closed'
  where c.state = 'paused'
$$;

-- Catalogues and balances that are due, and that nobody pulls now.
create function supply.malls_to_pull(p_now timestamptz, p_malls bigint[], p_nows timestamptz[]) returns table (mall_id bigint)
language sql stable security definer set search_path = '' as $$
  select d.mall_id from (
    select distinct c.mall_id from supply.connection c
    left join supply.pull q on q.mall_id = c.mall_id and q.connection_id = c.id
    cross join lateral (select coalesce(p_nows[array_position(p_malls, c.mall_id)], p_now) as now) n
    where c.protocol <> 'people' and c.state <> 'off'
      and (q.connection_id is null or q.due_at <= n.now and (q.leased_until is null or q.leased_until <= n.now))
  ) d join tenancy.mall m on m.id = d.mall_id and m.status <> 'closed'
$$;

revoke all on function supply.homes_to_ask(timestamptz, bigint[], timestamptz[]),
  supply.malls_paused(),
  supply.malls_to_pull(timestamptz, bigint[], timestamptz[]) from public;
grant execute on function supply.homes_to_ask(timestamptz, bigint[], timestamptz[]),
  supply.malls_paused(),
  supply.malls_to_pull(timestamptz, bigint[], timestamptz[]) to commissary_app;
