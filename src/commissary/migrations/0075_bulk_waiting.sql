-- A sheet of prices waits for a second person: nothing of it is changed meanwhile, and its bytes stay. Older rows are in other states.
alter table bulk.upload add column approval_id bigint;
-- squawk-ignore ban-drop-constraint
alter table bulk.upload drop constraint upload_state_check;
alter table bulk.upload add constraint upload_state_check
  check (state in ('open', 'waiting', 'committing', 'done', 'failed', 'cancelled', 'discarded', 'expired')) not valid;
-- squawk-ignore ban-drop-constraint
alter table bulk.upload drop constraint upload_check;
alter table bulk.upload add constraint upload_ended check ((state in ('open', 'waiting', 'committing')) = (ended_at is null)) not valid;
alter table bulk.upload add constraint upload_waits check (state <> 'waiting' or (approval_id is not null and how is not null)) not valid;
