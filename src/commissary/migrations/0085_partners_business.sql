-- What a buyer does with what he buys: it orders his people's console and sets its defaults, and is asked in no decision.
-- `version`: two editors of one buyer do not overwrite each other.

alter table partners.buyer
  add column business text not null default 'general'
    check (business in ('general', 'group_leader', 'online_seller', 'gift_company', 'topup_dealer')),
  add column version int not null default 1;
