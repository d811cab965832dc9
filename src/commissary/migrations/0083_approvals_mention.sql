-- Whom a comment calls upon: it stands in his inbox. Written once, with its comment.
create table approvals.mention (
  mall_id bigint not null,
  person_id bigint not null,
  comment_id bigint not null,
  request_id bigint not null,
  primary key (mall_id, person_id, comment_id),
  foreign key (mall_id, comment_id) references approvals.comment (mall_id, id),
  foreign key (mall_id, request_id) references approvals.request (mall_id, id)
);
select base.declare_mall('approvals.mention', 'local');
create index mention_comment on approvals.mention (mall_id, comment_id);
create index mention_request on approvals.mention (mall_id, request_id);
grant select on approvals.mention to commissary_app, commissary_vault, commissary_report;
grant insert on approvals.mention to commissary_app;
