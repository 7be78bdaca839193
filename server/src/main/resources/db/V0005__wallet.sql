-- Money: the ledger of each family's wallet, what may be spent, and what goes to and comes from the
-- payment gateway. Amounts are micro-dollars.

alter table users
  -- What a parent lets its child spend in each calendar period.
  add column spend_limit_micros bigint check (spend_limit_micros >= 0),
  add column spend_period text check (spend_period in ('day', 'week', 'month', 'year')),
  -- Of a referral customer: the top-level user that has brought it.
  add column partner_id uuid,
  add check ((spend_limit_micros is null) = (spend_period is null));

create index users_referred on users (partner_id, created_at, id) where partner_id is not null;

alter table wallets
  -- The family's customer at the gateway, for new methods; null until there is one.
  add column customer_id uuid,
  add column gateway_customer text,
  -- How many entries the ledger has, and when the last one was made.
  add column entries bigint not null default 0,
  add column last_entry_at timestamptz not null default 'epoch',
  -- Up to which entry the ledger was checked.
  add column entries_checked bigint not null default 0,
  -- The recharge that is in flight; there is one at the most.
  add column recharge_id uuid,
  add column recharge_failures integer not null default 0,
  add column recharge_paused_until timestamptz,
  add constraint wallets_balance check (balance_micros >= 0);

-- Every movement, from one account to another, so that the two sides cannot differ. One side is
-- always the wallet: its money is what the family has paid in and not yet spent.
create table ledger_entries (
  root_id uuid not null,
  -- 1, 2, 3 and so on without a gap, given while the wallet is locked.
  seq bigint not null,
  id uuid not null,
  kind text not null
    check (kind in ('charge', 'payment', 'card_fee', 'refund', 'refund_reversal')),
  -- Who caused it.
  user_id uuid not null,
  debit_account text not null,
  credit_account text not null,
  amount_micros bigint not null check (amount_micros > 0),
  -- What the wallet holds after it.
  balance_micros bigint not null check (balance_micros >= 0),
  payment_id uuid,
  description text,
  reference text,
  -- Never before that of the entry with the number below.
  created_at timestamptz not null,
  primary key (root_id, seq),
  check ((debit_account = 'wallet') <> (credit_account = 'wallet'))
);

create unique index ledger_entries_references on ledger_entries (root_id, user_id, reference)
  where reference is not null;
create index ledger_entries_by_time on ledger_entries (root_id, created_at, seq);

create function ledger_entries_stay() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only';
end
$$;

create trigger ledger_entries_stay before update or delete on ledger_entries
  for each row execute function ledger_entries_stay();

-- What each user has spent on each day (UTC): enough for every limit, however much was spent.
create table daily_spend (
  root_id uuid not null,
  user_id uuid not null,
  day date not null,
  spent_micros bigint not null check (spent_micros >= 0),
  primary key (root_id, user_id, day)
);

-- Whose customer at the gateway is whose: nobody can pay by another family's.
create table gateway_customers (
  id text primary key,
  root_id uuid not null
);

create table payment_methods (
  root_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('credit_card', 'bank_account')),
  priority text not null check (priority in ('primary', 'secondary')),
  -- What the gateway calls it, and the customer that has it.
  gateway_method text not null,
  gateway_customer text not null,
  name text,
  last4 text not null,
  brand text,
  exp_month integer,
  exp_year integer,
  bank_name text,
  country text,
  created_at timestamptz not null,
  deleted_at timestamptz,
  primary key (root_id, id)
);

create unique index payment_methods_in_place on payment_methods (root_id, priority)
  where deleted_at is null;

-- Money on its way from or to the gateway.
create table payments (
  root_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('recharge', 'fund', 'refund')),
  -- staged: the gateway may know of it, and has not been asked to move money. sent: it may have been
  -- asked. settled, failed: how it ended.
  state text not null check (state in ('staged', 'sent', 'settled', 'failed')),
  method_id uuid not null,
  -- Of a refund: the payment that is given back.
  refund_of uuid,
  amount_micros bigint not null check (amount_micros > 0),
  fee_micros bigint not null check (fee_micros >= 0),
  -- Of a payment: how much of it was given back, or is about to be.
  refunded_micros bigint not null default 0 check (refunded_micros between 0 and amount_micros),
  -- Of a recharge: how much is missing for the charge that began it; 0 for none.
  shortfall_micros bigint not null default 0,
  gateway_reference text,
  failure text,
  attempts integer not null default 0,
  -- When to go on with it. Of one that a server works on: when another may take it over.
  due_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (root_id, id),
  check ((kind = 'refund') = (refund_of is not null))
);

create unique index payments_one_recharge on payments (root_id)
  where kind = 'recharge' and state in ('staged', 'sent');
create index payments_due on payments (due_at) where state in ('staged', 'sent');
create index payments_refundable on payments (root_id, created_at, id)
  where state = 'settled' and kind <> 'refund';

-- What the sandbox gateway knows: it stands for a company outside, and shares no transaction.
create table sandbox_intents (
  id text primary key,
  idempotency_key text not null unique,
  kind text not null check (kind in ('payment', 'refund')),
  customer text not null,
  method text not null,
  amount_cents bigint not null check (amount_cents > 0),
  status text not null check (status in ('created', 'succeeded', 'failed')),
  failure text,
  confirmations integer not null default 0,
  created_at timestamptz not null
);
