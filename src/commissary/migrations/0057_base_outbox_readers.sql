-- Where several readers of the outbox stand, of every home in which one of them has something to read, in one look.

-- Runs before any mall is known, hence security definer.
create function base.homes_to_read(p_consumers text[])
returns table (home_id bigint, consumer text, seq bigint)
language sql stable security definer set search_path = '' as $$
  select h.home_id, c.name, coalesce(p.seq, 0)
  from base.outbox_head h
  cross join unnest(p_consumers) as c (name)
  left join base.outbox_position p on p.home_id = h.home_id and p.consumer = c.name
  where h.last_seq > coalesce(p.seq, 0)
$$;
revoke all on function base.homes_to_read(text[]) from public;
grant execute on function base.homes_to_read(text[]) to commissary_app;
