-- The feed apart from its events: a place that is given is a small row written again, and not a whole event in
-- all of its indexes.

create table event_feed (
  root_id uuid not null,
  event_id uuid not null,
  user_id uuid not null,
  mode text not null,
  -- The order in which rows were written. A lower one can be committed later.
  written bigint generated always as identity,
  -- The order in which readers of the feed see them: given after the commit, one batch at a time, so
  -- that no lower one can appear any more. Null until then.
  position bigint
);

insert into event_feed (root_id, event_id, user_id, mode, position)
select root_id, id, user_id, mode, position from events order by position nulls last, written;

create index event_feed_to_number on event_feed (written) where position is null;
create index event_feed_of_family on event_feed (root_id, mode, position)
  where position is not null;
create index event_feed_of_user on event_feed (root_id, user_id, mode, position)
  where position is not null;
-- The oldest are purged first.
create unique index event_feed_by_position on event_feed (position) where position is not null;

drop index events_by_age;
-- Their indexes go with them.
alter table events drop column written, drop column position;
