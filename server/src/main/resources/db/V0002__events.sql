-- What happened: written in the transaction that made it happen.

create table events (
  root_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  mode text not null check (mode in ('test', 'production')),
  description text not null,
  -- The exact JSON that is delivered.
  result text not null,
  previous_attributes text not null,
  created_at timestamptz not null,
  -- The order in which rows were written. A lower one can be committed later.
  written bigint generated always as identity,
  -- The order in which readers of the feed see them: given after the commit, one batch at a time, so
  -- that no lower one can appear any more. Null until then.
  position bigint,
  primary key (root_id, id)
);

create sequence event_positions;

create index events_to_number on events (written) where position is null;
-- An id begins with its time, so that lists need no other order.
create index events_of_family on events (root_id, mode, id);
create index events_of_user on events (root_id, user_id, mode, id);
create index events_feed_of_family on events (root_id, mode, position)
  where position is not null;
create index events_feed_of_user on events (root_id, user_id, mode, position)
  where position is not null;
create index events_by_age on events (created_at);

-- The highest position that was purged: a reader that stands before it has missed something.
create table event_horizon (
  only_row boolean primary key default true check (only_row),
  position bigint not null
);

insert into event_horizon (position) values (0);
