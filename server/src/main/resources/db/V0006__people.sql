-- People, who log in, and the accounts that they log in to: two things, so that several people can
-- share an account, each in a role, and a person can have several accounts.

create table people (
  id uuid primary key,
  email text not null,
  -- The address in the form in which all its spellings are equal.
  email_key text not null unique,
  name text not null,
  password_hash text,
  -- Null until the person has shown that mail to the address arrives.
  verified_at timestamptz,
  sealed_totp_secret bytea,
  -- Null while the second factor is being set up.
  totp_enabled_at timestamptz,
  -- The last time step whose code was used: none is taken twice.
  totp_step bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table members (
  root_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('owner')),
  created_at timestamptz not null,
  primary key (root_id, person_id)
);

create index members_of_person on members (person_id, created_at);
-- Its e-mail address and password are those that the API knows of a top-level user.
create unique index members_owner on members (root_id) where role = 'owner';

create table recovery_codes (
  person_id uuid not null,
  digest bytea not null check (octet_length(digest) = 32),
  used_at timestamptz,
  primary key (person_id, digest)
);

create table sessions (
  digest bytea primary key check (octet_length(digest) = 32),
  id uuid not null unique,
  person_id uuid not null,
  root_id uuid not null,
  -- Waits for the second factor: it opens nothing yet.
  awaits_code boolean not null,
  created_at timestamptz not null,
  -- To the minute.
  last_seen_at timestamptz not null,
  -- When the password was last given.
  confirmed_at timestamptz not null,
  address text not null,
  client text not null
);

create index sessions_of_person on sessions (person_id, created_at);
create index sessions_by_age on sessions (last_seen_at);

-- How often a wrong secret was given, by a digest of what it was given for: whether there is such an
-- account or not, so that being stopped does not tell.
create table guesses (
  digest bytea primary key check (octet_length(digest) = 32),
  failures integer not null,
  since timestamptz not null
);

create index guesses_by_age on guesses (since);

-- What was sent by mail to be opened once.
create table links (
  digest bytea primary key check (octet_length(digest) = 32),
  kind text not null
    check (kind in ('sign_up', 'invitation', 'verification', 'password_reset', 'email_change')),
  email text not null,
  email_key text not null,
  -- Of a person that exists.
  person_id uuid,
  -- Of one that is to be.
  name text,
  password_hash text,
  -- The browser that asked: another one has to give the password.
  browser_digest bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index links_of_address on links (email_key, created_at);
create index links_by_age on links (expires_at);

create table mails (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  -- Holds links that open things: gone once it is sent.
  sealed_text bytea,
  state text not null check (state in ('waiting', 'sent', 'captured', 'failed')),
  attempts integer not null default 0,
  failure text,
  -- When to send it. Of one that is being sent: when another server may take it over.
  due_at timestamptz not null,
  created_at timestamptz not null
);

create index mails_due on mails (due_at) where state = 'waiting';
create index mails_by_age on mails (created_at);

-- Until now a top-level user was its own person.
insert into people (id, email, email_key, name, password_hash, created_at, updated_at)
select u.id, u.email, c.value, u.name, u.password_hash, u.created_at, u.updated_at
from users u
join user_contacts c on c.root_id = u.root_id and c.user_id = u.id and c.kind = 'email'
where u.parent_id is null;

insert into members (root_id, person_id, role, created_at)
select id, id, 'owner', created_at from people;

alter table users
  drop column password_hash,
  drop column password_failures,
  drop column password_failures_since;

-- What people call a key.
alter table api_keys add column name text;

alter table audit_log
  drop constraint audit_log_actor_kind_check,
  add constraint audit_log_actor_kind_check
    check (actor_kind in ('key', 'person', 'operator', 'system', 'nobody'));

-- A page shows the attempts of one endpoint.
create index payloads_of_webhook on payloads (root_id, webhook_id, id);
