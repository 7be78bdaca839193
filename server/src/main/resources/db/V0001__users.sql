-- Users, their keys, their brand and their family's wallet.
-- Every row names its family by root_id, the id of the top-level user: it is the boundary in every
-- statement, and the column by which the tables can be distributed over several machines.

create table users (
  root_id uuid not null,
  id uuid not null,
  parent_id uuid,
  brand_id uuid not null,
  name text,
  email text,
  phone_number text,
  password_hash text,
  password_failures integer not null default 0,
  password_failures_since timestamptz,
  partner boolean not null default false,
  recharge_amount_micros bigint,
  secondary_recharge_amount_micros bigint,
  recharge_threshold_micros bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  -- A purged row is a tombstone: only ids and times are left of it, so that cursors that point to
  -- it still hold their place.
  purged_at timestamptz,
  primary key (root_id, id),
  check ((parent_id is null) = (id = root_id)),
  check (name is not null or purged_at is not null),
  check (purged_at is null or deleted_at is not null)
);

create index users_children on users (root_id, created_at, id)
  where parent_id is not null and deleted_at is null;

create index users_deleted on users (root_id, created_at, id)
  where deleted_at is not null and purged_at is null;

create index users_to_purge on users (deleted_at)
  where deleted_at is not null and purged_at is null;

create index users_accounts on users (created_at, id)
  where parent_id is null;

-- An e-mail address or a phone number belongs to one user of the whole server, so its own text is
-- the key here, in a form in which all spellings are equal.
create table user_contacts (
  value text not null,
  kind text not null check (kind in ('email', 'phone_number')),
  root_id uuid not null,
  user_id uuid not null,
  primary key (value, kind)
);

create index user_contacts_of_user on user_contacts (root_id, user_id);

create table brands (
  root_id uuid not null,
  user_id uuid not null,
  ad text,
  ad_href text,
  background_color text,
  color text,
  logo text,
  logo_href text,
  name text,
  theme text,
  updated_at timestamptz not null,
  primary key (root_id, user_id)
);

-- The text of a key begins with its owner's id, so the owner leads the primary key: verifying a key
-- touches one place.
create table api_keys (
  user_id uuid not null,
  root_id uuid not null,
  id uuid not null,
  mode text not null check (mode in ('test', 'production')),
  digest bytea not null check (octet_length(digest) = 32),
  sealed bytea not null,
  active boolean not null default true,
  -- The owner is deleted but can still be restored: its keys are dead, and kept as they were.
  owner_deleted boolean not null default false,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (user_id, id),
  unique (user_id, digest)
);

-- The id leads: an index that begins with the family would tempt the planner, before it has
-- statistics, to read a whole family's keys for one user's.
create index api_keys_by_id on api_keys (id, root_id);

create table wallets (
  root_id uuid primary key,
  balance_micros bigint not null default 0,
  has_billing_method boolean not null default false,
  price_per_shipment_micros bigint not null,
  cc_fee_rate numeric(6, 4) not null,
  insurance_fee_rate numeric(6, 4) not null,
  insurance_fee_minimum_micros bigint not null,
  default_insurance_amount_micros bigint
);
