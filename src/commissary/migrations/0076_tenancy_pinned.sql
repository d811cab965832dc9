-- A view that stands as a tab over its list; the others are in a menu. All stood there before.
alter table tenancy.saved_view add column pinned boolean not null default true;
