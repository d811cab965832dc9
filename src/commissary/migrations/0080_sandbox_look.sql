-- Where purchases in sandboxes move on, of all malls in one look, so that malls in which nothing happens cost nothing. It only
-- says where: whoever hears of it asks again inside that mall and decides there. Closed malls are left out. It runs before any
-- mall is known, hence security definer, and tells homes and when.

-- When the first purchase of each sandbox moves on: nothing there is real, and its clock may jump past it before the next look.
create function sandbox.homes_due() returns table (home_id bigint, due_at timestamptz)
language sql stable security definer set search_path = '' as $$
  with recursive h (home, at) as (
    (select p.home_id, p.due_at from sandbox.purchase p where p.due_at is not null order by p.home_id, p.due_at limit 1)
    union all
    select n.home_id, n.due_at from h cross join lateral (
      select p.home_id, p.due_at from sandbox.purchase p
      where p.due_at is not null and p.home_id > h.home order by p.home_id, p.due_at limit 1) n
  )
  select h.home, h.at from h join tenancy.mall m on m.id = h.home >> 10 and m.status <> 'closed'
$$;

revoke all on function sandbox.homes_due() from public;
grant execute on function sandbox.homes_due() to commissary_app;
