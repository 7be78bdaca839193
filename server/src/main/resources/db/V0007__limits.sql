-- Limits that an account has of its own, and answers that are given again.

create table account_limits (
  root_id uuid not null,
  name text not null,
  -- Such as 5/s burst 50.
  rate text not null,
  updated_at timestamptz not null,
  primary key (root_id, name)
);

-- One request that may be sent again: what was asked, and what came of it.
create table idempotency_keys (
  root_id uuid not null,
  -- SHA-256 of the user, the mode, the method, the path and the caller's key.
  digest bytea not null check (octet_length(digest) = 32),
  -- SHA-256 of the caller's key and all that was sent: another request under the same key differs.
  request_digest bytea not null check (octet_length(request_digest) = 32),
  -- Who works on it. What one writes that has been overtaken by another is undone.
  claim uuid not null,
  -- Until when nobody else may begin. Moved on while the work goes on.
  claimed_until timestamptz not null,
  -- What has been begun and must not be begun again, such as a payment.
  progress text,
  -- Null until there is an answer.
  status integer,
  sealed_answer bytea,
  created_at timestamptz not null,
  primary key (root_id, digest)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);
