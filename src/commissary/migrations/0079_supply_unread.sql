-- What a supplier said of a purchase that nothing here looks at: names and values, sealed together, because either may be a code.
alter table supply.attempt add column unread bytea;
grant update (unread) on supply.attempt to commissary_vault;
