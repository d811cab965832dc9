-- Where statements are to be asked for, of all malls in one look, so that malls in which nothing happens cost nothing. It only
-- says where: whoever hears of it asks again inside that mall and decides there. Closed malls are left out. It runs before any
-- mall is known, hence security definer, and tells malls and nothing else.
-- `p_malls` have clocks of their own, which stand at `p_nows`; everybody else's stands at `p_now`.

-- Days that are over and have no row yet, as settlement's plan finds them, and days whose statement is due.
create function settlement.malls_to_pull(p_now timestamptz, p_malls bigint[], p_nows timestamptz[])
returns table (mall_id bigint)
language sql stable security definer set search_path = '' as $$
  select d.mall_id from (
    select s.mall_id from settlement.source s join tenancy.mall m on m.id = s.mall_id
    cross join lateral (select coalesce(p_nows[array_position(p_malls, s.mall_id)], p_now) as now) n
    where s.pulled_to < least((n.now at time zone m.zone)::date - 1,
      ((n.now at time zone coalesce(s.zone, m.zone)) - make_interval(hours => s.hour))::date - 1)
    union
    select p.home_id >> 10 from settlement.pull p
    cross join lateral (select coalesce(p_nows[array_position(p_malls, p.home_id >> 10)], p_now) as now) n
    where p.state = 'waiting' and p.due_at <= n.now and (p.leased_until is null or p.leased_until < n.now)
  ) d join tenancy.mall m on m.id = d.mall_id and m.status <> 'closed'
$$;

revoke all on function settlement.malls_to_pull(timestamptz, bigint[], timestamptz[]) from public;
grant execute on function settlement.malls_to_pull(timestamptz, bigint[], timestamptz[]) to commissary_app;
