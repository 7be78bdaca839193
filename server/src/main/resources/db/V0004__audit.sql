-- Who did what. Rows are added and never changed, but for their place in the chain.

create table audit_log (
  root_id uuid not null,
  id uuid not null,
  created_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('key', 'operator', 'system', 'nobody')),
  actor_id text not null,
  actor_user text not null,
  actor_name text not null,
  action text not null,
  object_id text not null,
  object_user text not null,
  object_name text not null,
  before text not null,
  after text not null,
  address text not null,
  client text not null,
  request_id text not null,
  outcome text not null check (outcome in ('ok', 'refused')),
  error_code text not null,
  -- The order in which rows were written.
  written bigint generated always as identity,
  -- The place in the family's chain, given after the commit; null until then.
  seq bigint,
  hash bytea,
  primary key (root_id, id),
  unique (root_id, seq)
);

create index audit_log_to_chain on audit_log (written) where seq is null;

-- The end of each family's chain.
create table audit_heads (
  root_id uuid primary key,
  seq bigint not null,
  hash bytea not null
);

-- What the end was at a moment, signed by a key that is not in the database.
create table audit_checkpoints (
  root_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  created_at timestamptz not null,
  signature bytea not null,
  primary key (root_id, seq)
);
