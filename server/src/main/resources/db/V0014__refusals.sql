-- Refused requests, beside the audit log and outside its chain: they are kept for a time, and a
-- caller can cause only some of them in a minute.

create table refusals (
  root_id uuid not null,
  id uuid not null,
  created_at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_user text not null,
  actor_name text not null,
  action text not null,
  address text not null,
  client text not null,
  request_id text not null,
  error_code text not null,
  -- How many further requests the row stands for; 0 in a row of one request.
  more bigint not null,
  primary key (root_id, id),
  constraint refusals_actor_kind_check check (actor_kind in ('key', 'person', 'nobody'))
);

create index refusals_by_age on refusals (created_at);
