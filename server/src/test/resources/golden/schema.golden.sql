-- Written by GoldenSchemaTest. Do not edit.

api_keys
  user_id uuid not null
  root_id uuid not null
  id uuid not null
  mode text not null
  digest bytea not null
  sealed bytea not null
  active boolean not null default true
  owner_deleted boolean not null default false
  created_at timestamp with time zone not null
  last_used_at timestamp with time zone
  constraint api_keys_digest_check CHECK ((octet_length(digest) = 32))
  constraint api_keys_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'production'::text])))
  constraint api_keys_pkey PRIMARY KEY (user_id, id)
  constraint api_keys_user_id_digest_key UNIQUE (user_id, digest)
  CREATE INDEX api_keys_by_id ON public.api_keys USING btree (id, root_id)
  CREATE UNIQUE INDEX api_keys_pkey ON public.api_keys USING btree (user_id, id)
  CREATE UNIQUE INDEX api_keys_user_id_digest_key ON public.api_keys USING btree (user_id, digest)

audit_checkpoints
  root_id uuid not null
  seq bigint not null
  hash bytea not null
  created_at timestamp with time zone not null
  signature bytea not null
  constraint audit_checkpoints_pkey PRIMARY KEY (root_id, seq)
  CREATE UNIQUE INDEX audit_checkpoints_pkey ON public.audit_checkpoints USING btree (root_id, seq)

audit_heads
  root_id uuid not null
  seq bigint not null
  hash bytea not null
  constraint audit_heads_pkey PRIMARY KEY (root_id)
  CREATE UNIQUE INDEX audit_heads_pkey ON public.audit_heads USING btree (root_id)

audit_log
  root_id uuid not null
  id uuid not null
  created_at timestamp with time zone not null
  actor_kind text not null
  actor_id text not null
  actor_user text not null
  actor_name text not null
  action text not null
  object_id text not null
  object_user text not null
  object_name text not null
  before text not null
  after text not null
  address text not null
  client text not null
  request_id text not null
  outcome text not null
  error_code text not null
  written bigint not null
  seq bigint
  hash bytea
  constraint audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['key'::text, 'operator'::text, 'system'::text, 'nobody'::text])))
  constraint audit_log_outcome_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'refused'::text])))
  constraint audit_log_pkey PRIMARY KEY (root_id, id)
  constraint audit_log_root_id_seq_key UNIQUE (root_id, seq)
  CREATE UNIQUE INDEX audit_log_pkey ON public.audit_log USING btree (root_id, id)
  CREATE UNIQUE INDEX audit_log_root_id_seq_key ON public.audit_log USING btree (root_id, seq)
  CREATE INDEX audit_log_to_chain ON public.audit_log USING btree (written) WHERE (seq IS NULL)

brands
  root_id uuid not null
  user_id uuid not null
  ad text
  ad_href text
  background_color text
  color text
  logo text
  logo_href text
  name text
  theme text
  updated_at timestamp with time zone not null
  constraint brands_pkey PRIMARY KEY (root_id, user_id)
  CREATE UNIQUE INDEX brands_pkey ON public.brands USING btree (root_id, user_id)

deliveries
  root_id uuid not null
  event_id uuid not null
  webhook_id uuid not null
  state text not null
  attempts integer not null default 0
  next_attempt_at timestamp with time zone not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint deliveries_pkey PRIMARY KEY (root_id, event_id, webhook_id)
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX deliveries_by_age ON public.deliveries USING btree (created_at)
  CREATE UNIQUE INDEX deliveries_pkey ON public.deliveries USING btree (root_id, event_id, webhook_id)
  CREATE INDEX deliveries_waiting ON public.deliveries USING btree (webhook_id, next_attempt_at) WHERE (state = 'pending'::text)

event_horizon
  only_row boolean not null default true
  position bigint not null
  constraint event_horizon_only_row_check CHECK (only_row)
  constraint event_horizon_pkey PRIMARY KEY (only_row)
  CREATE UNIQUE INDEX event_horizon_pkey ON public.event_horizon USING btree (only_row)

events
  root_id uuid not null
  id uuid not null
  user_id uuid not null
  mode text not null
  description text not null
  result text not null
  previous_attributes text not null
  created_at timestamp with time zone not null
  written bigint not null
  position bigint
  constraint events_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'production'::text])))
  constraint events_pkey PRIMARY KEY (root_id, id)
  CREATE INDEX events_by_age ON public.events USING btree (created_at)
  CREATE INDEX events_feed_of_family ON public.events USING btree (root_id, mode, "position") WHERE ("position" IS NOT NULL)
  CREATE INDEX events_feed_of_user ON public.events USING btree (root_id, user_id, mode, "position") WHERE ("position" IS NOT NULL)
  CREATE INDEX events_of_family ON public.events USING btree (root_id, mode, id)
  CREATE INDEX events_of_user ON public.events USING btree (root_id, user_id, mode, id)
  CREATE UNIQUE INDEX events_pkey ON public.events USING btree (root_id, id)
  CREATE INDEX events_to_number ON public.events USING btree (written) WHERE ("position" IS NULL)

payloads
  root_id uuid not null
  event_id uuid not null
  id uuid not null
  webhook_id uuid not null
  request_url text not null
  request_headers text not null
  request_body text not null
  response_code integer
  response_headers text not null
  response_body text not null
  total_time_ms integer not null
  created_at timestamp with time zone not null
  constraint payloads_pkey PRIMARY KEY (root_id, event_id, id)
  CREATE INDEX payloads_by_age ON public.payloads USING btree (created_at)
  CREATE UNIQUE INDEX payloads_pkey ON public.payloads USING btree (root_id, event_id, id)

user_contacts
  value text not null
  kind text not null
  root_id uuid not null
  user_id uuid not null
  constraint user_contacts_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'phone_number'::text])))
  constraint user_contacts_pkey PRIMARY KEY (value, kind)
  CREATE INDEX user_contacts_of_user ON public.user_contacts USING btree (root_id, user_id)
  CREATE UNIQUE INDEX user_contacts_pkey ON public.user_contacts USING btree (value, kind)

users
  root_id uuid not null
  id uuid not null
  parent_id uuid
  brand_id uuid not null
  name text
  email text
  phone_number text
  password_hash text
  password_failures integer not null default 0
  password_failures_since timestamp with time zone
  partner boolean not null default false
  recharge_amount_micros bigint
  secondary_recharge_amount_micros bigint
  recharge_threshold_micros bigint
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  deleted_at timestamp with time zone
  purged_at timestamp with time zone
  constraint users_check CHECK (((parent_id IS NULL) = (id = root_id)))
  constraint users_check1 CHECK (((name IS NOT NULL) OR (purged_at IS NOT NULL)))
  constraint users_check2 CHECK (((purged_at IS NULL) OR (deleted_at IS NOT NULL)))
  constraint users_pkey PRIMARY KEY (root_id, id)
  CREATE INDEX users_accounts ON public.users USING btree (created_at, id) WHERE (parent_id IS NULL)
  CREATE INDEX users_children ON public.users USING btree (root_id, created_at, id) WHERE ((parent_id IS NOT NULL) AND (deleted_at IS NULL))
  CREATE INDEX users_deleted ON public.users USING btree (root_id, created_at, id) WHERE ((deleted_at IS NOT NULL) AND (purged_at IS NULL))
  CREATE UNIQUE INDEX users_pkey ON public.users USING btree (root_id, id)
  CREATE INDEX users_to_purge ON public.users USING btree (deleted_at) WHERE ((deleted_at IS NOT NULL) AND (purged_at IS NULL))

wallets
  root_id uuid not null
  balance_micros bigint not null default 0
  has_billing_method boolean not null default false
  price_per_shipment_micros bigint not null
  cc_fee_rate numeric(6,4) not null
  insurance_fee_rate numeric(6,4) not null
  insurance_fee_minimum_micros bigint not null
  default_insurance_amount_micros bigint
  constraint wallets_pkey PRIMARY KEY (root_id)
  CREATE UNIQUE INDEX wallets_pkey ON public.wallets USING btree (root_id)

webhooks
  root_id uuid not null
  id uuid not null
  user_id uuid not null
  mode text not null
  url text not null
  sealed_credentials bytea
  sealed_secret bytea
  sealed_previous_secret bytea
  previous_secret_until timestamp with time zone
  custom_headers text not null
  include_children boolean not null
  created_at timestamp with time zone not null
  disabled_at timestamp with time zone
  failing_since timestamp with time zone
  constraint webhooks_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'production'::text])))
  constraint webhooks_pkey PRIMARY KEY (root_id, id)
  CREATE INDEX webhooks_of_user ON public.webhooks USING btree (root_id, user_id, mode, id)
  CREATE UNIQUE INDEX webhooks_pkey ON public.webhooks USING btree (root_id, id)
