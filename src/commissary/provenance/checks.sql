-- The log's own invariants. Each query returns the rows that break one.

-- name: i9_events_are_in_the_log
-- en: A custody event has no place in the log, and the sequencer has passed it
-- zh: 流转事件未进入日志，且序列器已越过
-- What the sequencer has not reached yet is no breach: its position in the outbox tells.
select e.home_id, e.subject_id, e.n, e.kind, e.at
from provenance.event e
join provenance.head h on h.home_id = e.home_id and h.swept_to is null
join base.outbox_head o on o.home_id = e.home_id
join base.outbox_position p on p.home_id = e.home_id and p.consumer = 'transparency' and p.seq >= o.last_seq
left join provenance.leaf l on l.home_id = e.home_id and l.subject_id = e.subject_id and l.n = e.n
where l.position is null

-- name: i9_places_have_events
-- en: A place in the log has no event
-- zh: 日志中的位置没有对应的流转事件
select l.home_id, l.position, l.subject_id, l.n
from provenance.leaf l
left join provenance.event e on e.home_id = l.home_id and e.subject_id = l.subject_id and e.n = l.n
where e.home_id is null

-- name: i9_places_have_no_gap
-- en: Places in the log are missing, or are more than its size
-- zh: 日志位置存在缺口，或与日志大小不符
select coalesce(h.home_id, l.home_id) as home_id, h.size, l.places, l.last
from provenance.head h
full join (
  select home_id, count(*) as places, max(position) as last from provenance.leaf group by home_id
) l on l.home_id = h.home_id
where (h.size, h.size - 1) is distinct from (coalesce(l.places, 0), coalesce(l.last, -1))

-- name: i9_tiles_are_of_their_leaves
-- en: A tile of the log does not hold the hashes of its events
-- zh: 日志分片与其流转事件的哈希不符
with made as (
  select l.home_id, l.position >> 8 as number,
    string_agg(sha256('\x00'::bytea || e.leaf), ''::bytea order by l.position) as hashes
  from provenance.leaf l
  join provenance.event e on e.home_id = l.home_id and e.subject_id = l.subject_id and e.n = l.n
  group by l.home_id, l.position >> 8
)
select coalesce(m.home_id, t.home_id) as home_id, coalesce(m.number, t.number) as number
from made m
full join (select home_id, number, hashes from provenance.tile where level = 0) t
  on t.home_id = m.home_id and t.number = m.number
where m.hashes is distinct from t.hashes

-- name: i9_tiles_are_of_tiles_below
-- en: A tile of the log does not hold the roots of the full tiles below it
-- zh: 日志上层分片与其下层分片的根不符
select b.home_id, b.level, b.number
from provenance.tile b
left join provenance.tile a on a.home_id = b.home_id and a.level = b.level + 1 and a.number = b.number >> 8
where length(b.hashes) = 8192 and b.level < 7
  and substring(a.hashes from ((b.number & 255) * 32 + 1)::integer for 32)
    is distinct from (provenance.peaks(b.hashes))[1]

-- name: i9_checkpoints_have_their_root
-- en: A checkpoint's root is not that of its entries
-- zh: 检查点的根与日志内容不符
-- The newest hundred of each home; those before them are covered by the tiles they share.
select c.home_id, c.size, encode(c.root, 'hex') as root
from (
  select *, row_number() over (partition by home_id order by size desc) as place from provenance.checkpoint
) c
where c.place <= 100 and (
  c.root is distinct from provenance.root_at(c.home_id, c.size)
  or split_part(c.note, E'\n', 2) <> c.size::text
  or split_part(c.note, E'\n', 3) <> encode(c.root, 'base64'))

-- name: i9_checkpoints_are_of_the_head
-- en: The log's head does not know its newest checkpoint
-- zh: 日志头与最新检查点不一致
select h.home_id, h.signed, c.size
from provenance.head h
left join (select home_id, max(size) as size from provenance.checkpoint group by home_id) c on c.home_id = h.home_id
where h.signed <> coalesce(c.size, 0)
