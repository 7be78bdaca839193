-- How much of what was delivered before a family has asked for again, in the minute that began at
-- "since": one row for each event and webhook in requests, and one for the family in deliveries.

create table replays (
  root_id uuid not null,
  -- Of an event, a webhook or the family itself.
  subject uuid not null,
  count bigint not null,
  since timestamptz not null,
  primary key (root_id, subject)
);

create index replays_by_age on replays (since);
