-- The audit log by what was done to a thing, and by who did it: it only grows, and is asked for a few rows of it.

-- squawk-ignore require-concurrent-index-creation
create index audit_subject on tenancy.audit (mall_id, subject, id);
-- squawk-ignore require-concurrent-index-creation
create index audit_actor on tenancy.audit (mall_id, actor_id, id);
