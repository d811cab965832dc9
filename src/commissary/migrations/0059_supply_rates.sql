-- Every purchase has its rate whole or not at all; those from before currencies have none.
alter table supply.attempt validate constraint attempt_rate;
