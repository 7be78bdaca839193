-- Who wants to be told of events, and what has become of telling them.

create table webhooks (
  root_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  mode text not null check (mode in ('test', 'production')),
  -- Without credentials: those are sealed beside it.
  url text not null,
  sealed_credentials bytea,
  sealed_secret bytea,
  sealed_previous_secret bytea,
  previous_secret_until timestamptz,
  custom_headers text not null,
  include_children boolean not null,
  created_at timestamptz not null,
  disabled_at timestamptz,
  -- Since when every attempt has failed.
  failing_since timestamptz,
  primary key (root_id, id)
);

create index webhooks_of_user on webhooks (root_id, user_id, mode, id);

create table deliveries (
  root_id uuid not null,
  event_id uuid not null,
  webhook_id uuid not null,
  state text not null check (state in ('pending', 'completed', 'failed')),
  attempts integer not null default 0,
  -- Of one that is being made: when another server may take it to be lost.
  next_attempt_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (root_id, event_id, webhook_id)
);

create index deliveries_waiting on deliveries (webhook_id, next_attempt_at)
  where state = 'pending';
create index deliveries_by_age on deliveries (created_at);

-- One row for each attempt.
create table payloads (
  root_id uuid not null,
  event_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  request_url text not null,
  request_headers text not null,
  request_body text not null,
  response_code integer,
  response_headers text not null,
  response_body text not null,
  total_time_ms integer not null,
  created_at timestamptz not null,
  primary key (root_id, event_id, id)
);

create index payloads_by_age on payloads (created_at);
