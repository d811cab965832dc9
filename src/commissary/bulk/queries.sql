-- name: add_upload
insert into bulk.upload (mall_id, id, kind, file_name, sha256, size, dialect, layout, options, made_by, organisation_id, made_at, expires_at)
values (%(mall)s, %(id)s, %(kind)s, %(file_name)s, %(sha256)s, %(size)s, %(dialect)s, %(layout)s, %(options)s, %(by)s, %(organisation)s, %(at)s,
  %(expires)s)

-- name: uploads
-- One whose job was called off, or failed for good, before it could say so here has ended with it.
select u.id, u.kind, case when u.state = 'committing' and j.state in ('cancelled', 'failed') then j.state else u.state end, u.has_source,
  u.file_name, u.sha256, u.size, u.dialect, u.layout, u.options, u.version, u.report, u.report_version, u.how, u.result, u.job_id,
  u.made_by, u.organisation_id, u.made_at, u.expires_at, coalesce(u.ended_at, j.ended_at), u.undone_at, u.approval_id
from bulk.upload u left join jobs.job j on j.mall_id = u.mall_id and j.id = u.job_id
where u.mall_id = %(mall)s and (%(id)s::bigint is null or u.id = %(id)s) and u.id < %(before)s
  and (%(kind)s::text is null or u.kind = %(kind)s)
order by u.id desc limit %(size)s

-- name: hold_upload
select state from bulk.upload where mall_id = %(mall)s and id = %(id)s for update

-- name: same_bytes
select id, state, file_name, made_at from bulk.upload
where mall_id = %(mall)s and kind = %(kind)s and sha256 = %(sha256)s and id <> %(id)s and state in ('waiting', 'committing', 'done')
order by id desc limit 1

-- name: set_layout
update bulk.upload set layout = %(layout)s, options = %(options)s, version = version + 1
where mall_id = %(mall)s and id = %(id)s and state = 'open'

-- name: raise_version
update bulk.upload set version = version + 1 where mall_id = %(mall)s and id = %(id)s and state = 'open'

-- name: set_report
update bulk.upload set report = %(report)s, report_version = %(version)s
where mall_id = %(mall)s and id = %(id)s and state = 'open' and version = %(version)s

-- name: begin_commit
update bulk.upload set state = 'committing', how = %(how)s, job_id = %(job)s where mall_id = %(mall)s and id = %(id)s and state = 'open'

-- name: begin_waiting
update bulk.upload set state = 'waiting', how = %(how)s, approval_id = %(approval)s
where mall_id = %(mall)s and id = %(id)s and state in ('open', 'waiting')

-- name: end_waiting
-- Of that request; another may have been asked since. Its bytes stay for another day.
update bulk.upload set state = 'open', how = null, approval_id = null, expires_at = greatest(expires_at, %(expires)s)
where mall_id = %(mall)s and id = %(id)s and state = 'waiting' and approval_id = %(approval)s

-- name: end_upload
update bulk.upload set state = %(state)s, result = coalesce(%(result)s, result), ended_at = %(at)s
where mall_id = %(mall)s and id = %(id)s and ended_at is null

-- name: set_undone
update bulk.upload set undone_at = %(at)s where mall_id = %(mall)s and id = %(id)s and undone_at is null

-- name: forget_source
update bulk.upload set has_source = false where mall_id = %(mall)s and id = %(id)s

-- name: sources_due
select id, state from bulk.upload where mall_id = %(mall)s and has_source and expires_at <= %(at)s order by id limit 200

-- name: drop_parts
delete from bulk.part where mall_id = %(mall)s and file_id = %(file)s

-- name: drop_repairs
delete from bulk.repair where mall_id = %(mall)s and upload_id = %(id)s

-- name: add_part
insert into bulk.part (mall_id, file_id, n, sealed) values (%(mall)s, %(file)s, %(n)s, %(sealed)s)

-- name: parts
select n, sealed from bulk.part where mall_id = %(mall)s and file_id = %(file)s order by n

-- name: repairs
select line, cells from bulk.repair where mall_id = %(mall)s and upload_id = %(id)s order by line

-- name: put_repair
insert into bulk.repair (mall_id, upload_id, line, cells) values (%(mall)s, %(id)s, %(line)s, %(cells)s)
on conflict (mall_id, upload_id, line) do update set cells = excluded.cells

-- name: add_rows
insert into bulk.upload_row (mall_id, upload_id, line, outcome, subject_id, reason, detail, before, version)
select %(mall)s, %(id)s, r.line, r.outcome, r.subject_id, r.reason, r.detail, r.before, r.version
from jsonb_to_recordset(%(rows)s) as r (line integer, outcome text, subject_id bigint, reason text, detail text, before jsonb, version integer)

-- name: rows
select line, outcome, subject_id, reason, detail, before, version from bulk.upload_row
where mall_id = %(mall)s and upload_id = %(id)s and line > %(after)s order by line limit %(size)s

-- name: rows_done
select line from bulk.upload_row where mall_id = %(mall)s and upload_id = %(id)s

-- name: remembered
select roles from bulk.mapping where mall_id = %(mall)s and kind = %(kind)s and headers = %(headers)s

-- name: remember
insert into bulk.mapping (mall_id, kind, headers, roles, at) values (%(mall)s, %(kind)s, %(headers)s, %(roles)s, %(at)s)
on conflict (mall_id, kind, headers) do update set roles = excluded.roles, at = excluded.at

-- name: add_act
insert into bulk.act (mall_id, id, list, action, args, query, total, job_id, made_by, organisation_id, made_at)
values (%(mall)s, %(id)s, %(list)s, %(action)s, %(args)s, %(query)s, %(total)s, %(job)s, %(by)s, %(organisation)s, %(at)s)

-- name: add_items
insert into bulk.act_item (mall_id, act_id, n, subject_id, line_no)
select %(mall)s, %(id)s, i.n, i.subject, i.line
from unnest(%(subjects)s, %(lines)s) with ordinality as i (subject, line, n)

-- name: act
select a.id, a.list, a.action, a.args, a.query, a.total, a.job_id, a.made_by, a.organisation_id, a.made_at,
  (select jsonb_object_agg(c.state, c.n) from (
    select state, count(*) as n from bulk.act_item i where i.mall_id = a.mall_id and i.act_id = a.id group by state) c)
from bulk.act a where a.mall_id = %(mall)s and a.id = %(id)s

-- name: items
select n, subject_id, line_no, state, reason, detail from bulk.act_item
where mall_id = %(mall)s and act_id = %(id)s and n > %(after)s and (%(state)s::text is null or state = %(state)s)
order by n limit %(size)s

-- name: open_items
select n, subject_id, line_no, state, reason, detail from bulk.act_item
where mall_id = %(mall)s and act_id = %(id)s and state in ('open', 'begun') order by n limit %(size)s

-- name: begin_items
update bulk.act_item set state = 'begun' where mall_id = %(mall)s and act_id = %(id)s and n = any (%(ns)s) and state = 'open'

-- name: end_item
update bulk.act_item set state = %(state)s, reason = %(reason)s, detail = %(detail)s
where mall_id = %(mall)s and act_id = %(id)s and n = %(n)s and state in ('open', 'begun')

-- name: add_export
insert into bulk.export (mall_id, id, list, format, query, file_name, job_id, made_by, organisation_id, made_at, expires_at)
values (%(mall)s, %(id)s, %(list)s, %(format)s, %(query)s, %(file_name)s, %(job)s, %(by)s, %(organisation)s, %(at)s, %(expires)s)

-- name: exports
select e.id, e.list, e.format, e.query, e.file_name, e.rows, e.size, e.sha256, e.job_id, e.made_by, e.organisation_id, e.made_at, e.ready_at,
  e.expires_at, e.downloads, e.has_file
from bulk.export e
where e.mall_id = %(mall)s and (%(id)s::bigint is null or e.id = %(id)s) and e.id < %(before)s
  and (%(by)s::bigint is null or e.made_by = %(by)s)
order by e.id desc limit %(size)s

-- name: finish_export
update bulk.export set rows = %(rows)s, size = %(size)s, sha256 = %(sha256)s, ready_at = %(at)s, has_file = true, password = %(password)s
where mall_id = %(mall)s and id = %(id)s and ready_at is null

-- name: hold_export
select ready_at is not null from bulk.export where mall_id = %(mall)s and id = %(id)s for update

-- name: count_download
-- The limit is kept by whoever counts: two at once are two.
update bulk.export set downloads = downloads + 1
where mall_id = %(mall)s and id = %(id)s and has_file and downloads < %(most)s and expires_at > %(at)s
returning downloads

-- name: take_password
with held as (select id, password from bulk.export where mall_id = %(mall)s and id = %(id)s for update)
update bulk.export e set password = null from held
where e.mall_id = %(mall)s and e.id = held.id and held.password is not null
returning held.password

-- name: exports_due
select id from bulk.export where mall_id = %(mall)s and has_file and (expires_at <= %(at)s or downloads >= %(most)s) order by id limit 200

-- name: forget_export
update bulk.export set has_file = false, password = null where mall_id = %(mall)s and id = %(id)s

-- name: zone
-- Reads tenancy.mall.
select zone from tenancy.mall where id = %(mall)s
