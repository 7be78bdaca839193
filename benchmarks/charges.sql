-- One charge by a parent, statement for statement as the server writes it (Books, AuditTrail), on a
-- wallet of the families that benchmarks/charges has made.
\set n random(1, :wallets)
begin;
select w.root_id, w.has_billing_method, w.cc_fee_rate, w.balance_micros as balance, w.entries,
  w.last_entry_at, w.recharge_id, w.recharge_failures, w.recharge_paused_until,
  u.recharge_amount_micros, u.secondary_recharge_amount_micros, u.recharge_threshold_micros
from wallets w join users u on u.root_id = w.root_id and u.id = w.root_id
where w.root_id = any(array[('00000000-0000-7000-8000-' || lpad((:n)::text, 12, '0'))::uuid])
order by w.root_id
for no key update of w
\gset
insert into ledger_entries (root_id, seq, id, kind, user_id, debit_account, credit_account,
  amount_micros, balance_micros, payment_id, description, reference, created_at)
select * from unnest(array[:root_id]::uuid[], array[(:entries)::int8 + 1]::int8[],
  array[gen_random_uuid()]::uuid[], array['charge']::text[], array[:root_id]::uuid[],
  array['wallet']::text[], array['revenue']::text[], array[10000]::int8[],
  array[(:balance)::int8 - 10000]::int8[], array[null]::uuid[], array[null]::text[], array[null]::text[],
  array[now()]::timestamptz[]);
insert into daily_spend as d (root_id, user_id, day, spent_micros)
select * from unnest(array[:root_id]::uuid[], array[:root_id]::uuid[],
  array[current_date::text]::text[]::date[], array[10000]::int8[])
on conflict (root_id, user_id, day)
  do update set spent_micros = d.spent_micros + excluded.spent_micros;
update wallets w
set balance_micros = n.balance, entries = n.entries, last_entry_at = n.at,
  recharge_id = n.recharge, recharge_failures = n.failures, recharge_paused_until = n.pause
from unnest(array[:root_id]::uuid[], array[(:balance)::int8 - 10000]::int8[],
  array[(:entries)::int8 + 1]::int8[], array[now()]::timestamptz[], array[null]::uuid[], array[0]::int8[],
  array[null]::timestamptz[]) as n (root_id, balance, entries, at, recharge, failures, pause)
where w.root_id = n.root_id;
insert into audit_log (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name,
  action, object_id, object_user, object_name, before, after, address, client, request_id,
  outcome, error_code)
select n.root_id, n.id, n.created_at, n.actor_kind, n.actor_id, n.actor_user,
  coalesce((select name from users u where u.root_id = n.root_id and u.id = n.user_id), ''),
  n.action, n.object_id, n.object_user, n.object_name, n.before, n.after, n.address,
  n.client, n.request_id, case when n.error_code = '' then 'ok' else 'refused' end,
  n.error_code
from unnest(array[:root_id]::uuid[], array[gen_random_uuid()]::uuid[],
  array[now()]::timestamptz[], array['key']::text[],
  array['ak_019ab1d3f0a37e01a1b2c3d4e5f60718']::text[],
  array['user_019ab1d2c3e47a0f8b6d5e4c3b2a1908']::text[], array[:root_id]::uuid[],
  array['charge.created']::text[], array['txn_019ab1d8e4f57182c08394a5b6c7d8e9']::text[],
  array['user_019ab1d2c3e47a0f8b6d5e4c3b2a1908']::text[], array['']::text[], array['{}']::text[],
  array['{"id":"txn_019ab1d8e4f57182c08394a5b6c7d8e9","object":"Charge","amount":"0.01000","description": null,"reference": null,"balance":"9999.98000"}']::text[],
  array['127.0.0.1']::text[], array['bench']::text[],
  array['0e64c40b6b03de358939be6a12b86692']::text[], array['']::text[]) with ordinality
  as n (root_id, id, created_at, actor_kind, actor_id, actor_user, user_id, action,
    object_id, object_user, object_name, before, after, address, client, request_id,
    error_code, place)
order by n.place;
commit;
