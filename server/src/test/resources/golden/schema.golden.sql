-- Written by GoldenSchemaTest. Do not edit.

account_limits
  root_id uuid not null
  name text not null
  rate text not null
  updated_at timestamp with time zone not null
  constraint account_limits_pkey PRIMARY KEY (root_id, name)
  CREATE UNIQUE INDEX account_limits_pkey ON public.account_limits USING btree (root_id, name)

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
  name text
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
  constraint audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['key'::text, 'person'::text, 'operator'::text, 'system'::text, 'nobody'::text])))
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

daily_spend
  root_id uuid not null
  user_id uuid not null
  day date not null
  spent_micros bigint not null
  constraint daily_spend_pkey PRIMARY KEY (root_id, user_id, day)
  constraint daily_spend_spent_micros_check CHECK ((spent_micros >= 0))
  CREATE UNIQUE INDEX daily_spend_pkey ON public.daily_spend USING btree (root_id, user_id, day)

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

event_feed
  root_id uuid not null
  event_id uuid not null
  user_id uuid not null
  mode text not null
  written bigint not null
  position bigint
  CREATE UNIQUE INDEX event_feed_by_position ON public.event_feed USING btree ("position") WHERE ("position" IS NOT NULL)
  CREATE INDEX event_feed_of_family ON public.event_feed USING btree (root_id, mode, "position") WHERE ("position" IS NOT NULL)
  CREATE INDEX event_feed_of_user ON public.event_feed USING btree (root_id, user_id, mode, "position") WHERE ("position" IS NOT NULL)
  CREATE INDEX event_feed_to_number ON public.event_feed USING btree (written) WHERE ("position" IS NULL)

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
  constraint events_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'production'::text])))
  constraint events_pkey PRIMARY KEY (root_id, id)
  CREATE INDEX events_of_family ON public.events USING btree (root_id, mode, id)
  CREATE INDEX events_of_user ON public.events USING btree (root_id, user_id, mode, id)
  CREATE UNIQUE INDEX events_pkey ON public.events USING btree (root_id, id)

gateway_customers
  id text not null
  root_id uuid not null
  constraint gateway_customers_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX gateway_customers_pkey ON public.gateway_customers USING btree (id)

guesses
  digest bytea not null
  failures integer not null
  since timestamp with time zone not null
  subject bytea
  constraint guesses_digest_check CHECK ((octet_length(digest) = 32))
  constraint guesses_pkey PRIMARY KEY (digest)
  CREATE INDEX guesses_by_age ON public.guesses USING btree (since)
  CREATE INDEX guesses_of_subject ON public.guesses USING btree (subject)
  CREATE UNIQUE INDEX guesses_pkey ON public.guesses USING btree (digest)

idempotency_keys
  root_id uuid not null
  digest bytea not null
  request_digest bytea not null
  claim uuid not null
  claimed_until timestamp with time zone not null
  progress text
  status integer
  sealed_answer bytea
  created_at timestamp with time zone not null
  constraint idempotency_keys_digest_check CHECK ((octet_length(digest) = 32))
  constraint idempotency_keys_pkey PRIMARY KEY (root_id, digest)
  constraint idempotency_keys_request_digest_check CHECK ((octet_length(request_digest) = 32))
  CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at)
  CREATE UNIQUE INDEX idempotency_keys_pkey ON public.idempotency_keys USING btree (root_id, digest)

ledger_entries
  root_id uuid not null
  seq bigint not null
  id uuid not null
  kind text not null
  user_id uuid not null
  debit_account text not null
  credit_account text not null
  amount_micros bigint not null
  balance_micros bigint not null
  payment_id uuid
  description text
  reference text
  created_at timestamp with time zone not null
  constraint ledger_entries_amount_micros_check CHECK ((amount_micros > 0))
  constraint ledger_entries_balance_micros_check CHECK ((balance_micros >= 0))
  constraint ledger_entries_check CHECK (((debit_account = 'wallet'::text) <> (credit_account = 'wallet'::text)))
  constraint ledger_entries_kind_check CHECK ((kind = ANY (ARRAY['charge'::text, 'payment'::text, 'card_fee'::text, 'refund'::text, 'refund_reversal'::text])))
  constraint ledger_entries_pkey PRIMARY KEY (root_id, seq)
  CREATE INDEX ledger_entries_by_time ON public.ledger_entries USING btree (root_id, created_at, seq)
  CREATE UNIQUE INDEX ledger_entries_pkey ON public.ledger_entries USING btree (root_id, seq)
  CREATE UNIQUE INDEX ledger_entries_references ON public.ledger_entries USING btree (root_id, user_id, reference) WHERE (reference IS NOT NULL)

links
  digest bytea not null
  kind text not null
  email text not null
  email_key text not null
  person_id uuid
  name text
  password_hash text
  browser_digest bytea
  created_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
  constraint links_digest_check CHECK ((octet_length(digest) = 32))
  constraint links_kind_check CHECK ((kind = ANY (ARRAY['sign_up'::text, 'invitation'::text, 'verification'::text, 'password_reset'::text, 'email_change'::text, 'email_change_stop'::text])))
  constraint links_pkey PRIMARY KEY (digest)
  CREATE INDEX links_by_age ON public.links USING btree (expires_at)
  CREATE INDEX links_of_address ON public.links USING btree (email_key, created_at)
  CREATE INDEX links_of_person ON public.links USING btree (person_id) WHERE (used_at IS NULL)
  CREATE UNIQUE INDEX links_pkey ON public.links USING btree (digest)

log_in_addresses
  email_key text not null
  person_id uuid not null
  constraint log_in_addresses_person_id_key UNIQUE (person_id)
  constraint log_in_addresses_pkey PRIMARY KEY (email_key)
  CREATE UNIQUE INDEX log_in_addresses_person_id_key ON public.log_in_addresses USING btree (person_id)
  CREATE UNIQUE INDEX log_in_addresses_pkey ON public.log_in_addresses USING btree (email_key)

mail_counts
  digest bytea not null
  mails bigint not null
  mails_max bigint not null
  since timestamp with time zone not null
  constraint mail_counts_digest_check CHECK ((octet_length(digest) = 32))
  constraint mail_counts_pkey PRIMARY KEY (digest)
  CREATE INDEX mail_counts_by_age ON public.mail_counts USING btree (since)
  CREATE UNIQUE INDEX mail_counts_pkey ON public.mail_counts USING btree (digest)

mails
  id uuid not null
  recipient text not null
  subject text not null
  sealed_text bytea
  state text not null
  attempts integer not null default 0
  failure text
  due_at timestamp with time zone not null
  created_at timestamp with time zone not null
  constraint mails_pkey PRIMARY KEY (id)
  constraint mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'captured'::text, 'failed'::text])))
  CREATE INDEX mails_by_age ON public.mails USING btree (created_at)
  CREATE INDEX mails_due ON public.mails USING btree (due_at) WHERE (state = 'waiting'::text)
  CREATE UNIQUE INDEX mails_pkey ON public.mails USING btree (id)

members
  root_id uuid not null
  person_id uuid not null
  role text not null
  created_at timestamp with time zone not null
  constraint members_pkey PRIMARY KEY (root_id, person_id)
  constraint members_role_check CHECK ((role = 'owner'::text))
  CREATE INDEX members_of_person ON public.members USING btree (person_id, created_at)
  CREATE UNIQUE INDEX members_owner ON public.members USING btree (root_id) WHERE (role = 'owner'::text)
  CREATE UNIQUE INDEX members_pkey ON public.members USING btree (root_id, person_id)

node_keys
  id integer not null
  sealed bytea not null
  signature bytea not null
  constraint node_keys_id_check CHECK ((id = 1))
  constraint node_keys_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX node_keys_pkey ON public.node_keys USING btree (id)

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
  CREATE INDEX payloads_of_webhook ON public.payloads USING btree (root_id, webhook_id, id)
  CREATE UNIQUE INDEX payloads_pkey ON public.payloads USING btree (root_id, event_id, id)

payment_methods
  root_id uuid not null
  id uuid not null
  kind text not null
  priority text not null
  gateway_method text not null
  gateway_customer text not null
  name text
  last4 text not null
  brand text
  exp_month integer
  exp_year integer
  bank_name text
  country text
  created_at timestamp with time zone not null
  deleted_at timestamp with time zone
  constraint payment_methods_kind_check CHECK ((kind = ANY (ARRAY['credit_card'::text, 'bank_account'::text])))
  constraint payment_methods_pkey PRIMARY KEY (root_id, id)
  constraint payment_methods_priority_check CHECK ((priority = ANY (ARRAY['primary'::text, 'secondary'::text])))
  CREATE UNIQUE INDEX payment_methods_in_place ON public.payment_methods USING btree (root_id, priority) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX payment_methods_pkey ON public.payment_methods USING btree (root_id, id)

payments
  root_id uuid not null
  id uuid not null
  user_id uuid not null
  kind text not null
  state text not null
  method_id uuid not null
  refund_of uuid
  amount_micros bigint not null
  fee_micros bigint not null
  refunded_micros bigint not null default 0
  shortfall_micros bigint not null default 0
  gateway_reference text
  failure text
  attempts integer not null default 0
  due_at timestamp with time zone not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint payments_amount_micros_check CHECK ((amount_micros > 0))
  constraint payments_check CHECK (((refunded_micros >= 0) AND (refunded_micros <= amount_micros)))
  constraint payments_check1 CHECK (((kind = 'refund'::text) = (refund_of IS NOT NULL)))
  constraint payments_fee_micros_check CHECK ((fee_micros >= 0))
  constraint payments_kind_check CHECK ((kind = ANY (ARRAY['recharge'::text, 'fund'::text, 'refund'::text])))
  constraint payments_pkey PRIMARY KEY (root_id, id)
  constraint payments_state_check CHECK ((state = ANY (ARRAY['staged'::text, 'sent'::text, 'settled'::text, 'failed'::text])))
  CREATE INDEX payments_due ON public.payments USING btree (due_at) WHERE (state = ANY (ARRAY['staged'::text, 'sent'::text]))
  CREATE UNIQUE INDEX payments_one_recharge ON public.payments USING btree (root_id) WHERE ((kind = 'recharge'::text) AND (state = ANY (ARRAY['staged'::text, 'sent'::text])))
  CREATE UNIQUE INDEX payments_pkey ON public.payments USING btree (root_id, id)
  CREATE INDEX payments_refundable ON public.payments USING btree (root_id, created_at, id) WHERE ((state = 'settled'::text) AND (kind <> 'refund'::text))

people
  id uuid not null
  email text not null
  email_key text not null
  name text not null
  password_hash text
  verified_at timestamp with time zone
  sealed_totp_secret bytea
  totp_enabled_at timestamp with time zone
  totp_step bigint not null default 0
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint people_pkey PRIMARY KEY (id)
  CREATE INDEX people_by_email_key ON public.people USING btree (email_key, created_at, id)
  CREATE UNIQUE INDEX people_pkey ON public.people USING btree (id)

recovery_codes
  person_id uuid not null
  digest bytea not null
  used_at timestamp with time zone
  constraint recovery_codes_digest_check CHECK ((octet_length(digest) = 32))
  constraint recovery_codes_pkey PRIMARY KEY (person_id, digest)
  CREATE UNIQUE INDEX recovery_codes_pkey ON public.recovery_codes USING btree (person_id, digest)

refusals
  root_id uuid not null
  id uuid not null
  created_at timestamp with time zone not null
  actor_kind text not null
  actor_id text not null
  actor_user text not null
  actor_name text not null
  action text not null
  address text not null
  client text not null
  request_id text not null
  error_code text not null
  more bigint not null
  constraint refusals_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['key'::text, 'person'::text, 'nobody'::text])))
  constraint refusals_pkey PRIMARY KEY (root_id, id)
  CREATE INDEX refusals_by_age ON public.refusals USING btree (created_at)
  CREATE UNIQUE INDEX refusals_pkey ON public.refusals USING btree (root_id, id)

replays
  root_id uuid not null
  subject uuid not null
  count bigint not null
  since timestamp with time zone not null
  constraint replays_pkey PRIMARY KEY (root_id, subject)
  CREATE INDEX replays_by_age ON public.replays USING btree (since)
  CREATE UNIQUE INDEX replays_pkey ON public.replays USING btree (root_id, subject)

sandbox_intents
  id text not null
  idempotency_key text not null
  kind text not null
  customer text not null
  method text not null
  amount_cents bigint not null
  status text not null
  failure text
  confirmations integer not null default 0
  created_at timestamp with time zone not null
  constraint sandbox_intents_amount_cents_check CHECK ((amount_cents > 0))
  constraint sandbox_intents_idempotency_key_key UNIQUE (idempotency_key)
  constraint sandbox_intents_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text])))
  constraint sandbox_intents_pkey PRIMARY KEY (id)
  constraint sandbox_intents_status_check CHECK ((status = ANY (ARRAY['created'::text, 'succeeded'::text, 'failed'::text])))
  CREATE UNIQUE INDEX sandbox_intents_idempotency_key_key ON public.sandbox_intents USING btree (idempotency_key)
  CREATE UNIQUE INDEX sandbox_intents_pkey ON public.sandbox_intents USING btree (id)

sessions
  digest bytea not null
  id uuid not null
  person_id uuid not null
  root_id uuid not null
  awaits_code boolean not null
  created_at timestamp with time zone not null
  last_seen_at timestamp with time zone not null
  confirmed_at timestamp with time zone not null
  address text not null
  client text not null
  constraint sessions_digest_check CHECK ((octet_length(digest) = 32))
  constraint sessions_id_key UNIQUE (id)
  constraint sessions_pkey PRIMARY KEY (digest)
  CREATE INDEX sessions_by_age ON public.sessions USING btree (last_seen_at)
  CREATE UNIQUE INDEX sessions_id_key ON public.sessions USING btree (id)
  CREATE INDEX sessions_of_person ON public.sessions USING btree (person_id, created_at)
  CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (digest)

user_contacts
  value text not null
  kind text not null
  root_id uuid not null
  user_id uuid not null
  released boolean not null default false
  constraint user_contacts_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'phone_number'::text])))
  constraint user_contacts_pkey PRIMARY KEY (root_id, user_id, kind)
  CREATE INDEX user_contacts_of_accounts ON public.user_contacts USING btree (value) WHERE ((user_id = root_id) AND (kind = 'email'::text))
  CREATE UNIQUE INDEX user_contacts_pkey ON public.user_contacts USING btree (root_id, user_id, kind)
  CREATE UNIQUE INDEX user_contacts_taken ON public.user_contacts USING btree (root_id, value, kind) WHERE (NOT released)

users
  root_id uuid not null
  id uuid not null
  parent_id uuid
  brand_id uuid not null
  name text
  email text
  phone_number text
  partner boolean not null default false
  recharge_amount_micros bigint
  secondary_recharge_amount_micros bigint
  recharge_threshold_micros bigint
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  deleted_at timestamp with time zone
  purged_at timestamp with time zone
  spend_limit_micros bigint
  spend_period text
  partner_id uuid
  constraint users_check CHECK (((parent_id IS NULL) = (id = root_id)))
  constraint users_check1 CHECK (((name IS NOT NULL) OR (purged_at IS NOT NULL)))
  constraint users_check2 CHECK (((purged_at IS NULL) OR (deleted_at IS NOT NULL)))
  constraint users_check3 CHECK (((spend_limit_micros IS NULL) = (spend_period IS NULL)))
  constraint users_pkey PRIMARY KEY (root_id, id)
  constraint users_spend_limit_micros_check CHECK ((spend_limit_micros >= 0))
  constraint users_spend_period_check CHECK ((spend_period = ANY (ARRAY['day'::text, 'week'::text, 'month'::text, 'year'::text])))
  CREATE INDEX users_accounts ON public.users USING btree (created_at, id) WHERE (parent_id IS NULL)
  CREATE INDEX users_by_email ON public.users USING btree (root_id, lower(email) text_pattern_ops) WHERE ((parent_id IS NOT NULL) AND (deleted_at IS NULL) AND (email IS NOT NULL))
  CREATE INDEX users_by_name ON public.users USING btree (root_id, lower(name) text_pattern_ops) WHERE ((parent_id IS NOT NULL) AND (deleted_at IS NULL))
  CREATE INDEX users_children ON public.users USING btree (root_id, created_at, id) WHERE ((parent_id IS NOT NULL) AND (deleted_at IS NULL))
  CREATE INDEX users_deleted ON public.users USING btree (root_id, created_at, id) WHERE ((deleted_at IS NOT NULL) AND (purged_at IS NULL))
  CREATE UNIQUE INDEX users_pkey ON public.users USING btree (root_id, id)
  CREATE INDEX users_referred ON public.users USING btree (partner_id, created_at, id) WHERE (partner_id IS NOT NULL)
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
  customer_id uuid
  gateway_customer text
  entries bigint not null default 0
  last_entry_at timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone
  entries_checked bigint not null default 0
  recharge_id uuid
  recharge_failures integer not null default 0
  recharge_paused_until timestamp with time zone
  constraint wallets_balance CHECK ((balance_micros >= 0))
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
