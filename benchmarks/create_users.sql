-- One create of a child by its parent, statement for statement as the server writes it (UserStore,
-- KeyStore, EventStore, AuditStore), with a transaction for each. Called so:
--   pgbench -n -M prepared -D root=UUID -c CLIENTS -T SECONDS -f create_users.sql
-- where UUID is the id of a parent, as PostgreSQL writes it. Needs PostgreSQL 18: its uuidv7() makes ids that
-- lie side by side in the indexes, as the server's do. The ids that stand in texts are always the same ones:
-- only their length counts there.
begin;
insert into users (root_id, id, parent_id, brand_id, name, email, phone_number,
  recharge_amount_micros, secondary_recharge_amount_micros, recharge_threshold_micros,
  created_at, updated_at)
select root_id, id, parent_id, brand_id, name, email, phone_number,
  amount, secondary_amount, threshold, created_at, created_at
from unnest(array[:root]::uuid[], array[uuidv7()]::uuid[], array[:root]::uuid[], array[uuidv7()]::uuid[],
    array['Child']::text[], array[null]::text[], array['8005550100']::text[],
    array[null]::int8[], array[null]::int8[], array[null]::int8[], array[now()]::timestamptz[])
  as new (root_id, id, parent_id, brand_id, name, email, phone_number,
    amount, secondary_amount, threshold, created_at)
returning id as child
\gset
insert into api_keys (user_id, root_id, id, mode, name, digest, sealed, created_at)
select user_id, root_id, id, mode, name, digest, sealed, created_at
from unnest(array[:child, :child]::uuid[], array[:root, :root]::uuid[],
  array[uuidv7(), uuidv7()]::uuid[], array['test', 'production']::text[], array[null, null]::text[],
  array[decode(repeat('a1', 32), 'hex'), decode(repeat('b2', 32), 'hex')]::bytea[],
  array[decode(repeat('c3', 91), 'hex'), decode(repeat('d4', 91), 'hex')]::bytea[],
  array[now(), now()]::timestamptz[])
  as new (user_id, root_id, id, mode, name, digest, sealed, created_at);
with new as (
  select *
  from unnest(array[:root, :root, :root]::uuid[], array[uuidv7(), uuidv7(), uuidv7()]::uuid[],
  array[:child, :child, :child]::uuid[], array['production', 'production', 'production']::text[],
  array['user.created', 'api_key.created', 'api_key.created']::text[],
  array['{"id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","object":"User","parent_id":"user_019ab1d1b2d36f1e9a7c4d3b2a190817","name":"Child","email": null,"phone_number":"8005550100","recharge_amount": null,"secondary_recharge_amount": null,"recharge_threshold": null,"created_at":"2026-11-22T10.00.00Z"}',
    '{"id":"ak_019ab1d3f0a37e01a1b2c3d4e5f60718","object":"ApiKey","user_id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","mode":"test","active": true,"created_at":"2026-11-22T10.00.00Z"}',
    '{"id":"ak_019ab1d3f0a37e02b1c2d3e4f5061728","object":"ApiKey","user_id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","mode":"production","active": true,"created_at":"2026-11-22T10.00.00Z"}']::text[],
  array['{}', '{}', '{}']::text[])
    with ordinality
    as new (root_id, id, user_id, mode, description, result, previous_attributes, place)
), written as (
  insert into events (root_id, id, user_id, mode, description, result, previous_attributes,
    created_at)
  select root_id, id, user_id, mode, description, result, previous_attributes, now()
  from new
)
insert into event_feed (root_id, event_id, user_id, mode)
select root_id, id, user_id, mode from new order by place;
insert into audit_log (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name,
  action, object_id, object_user, object_name, before, after, address, client, request_id,
  outcome, error_code)
select n.root_id, n.id, n.created_at, n.actor_kind, n.actor_id, n.actor_user,
  coalesce(nullif(n.actor_name, ''),
    (select name from users u where u.root_id = n.root_id and u.id = n.user_id), ''),
  n.action, n.object_id, n.object_user, n.object_name, n.before, n.after, n.address,
  n.client, n.request_id, case when n.error_code = '' then 'ok' else 'refused' end,
  n.error_code
from (
  select *
  from unnest(array[:root, :root, :root]::uuid[], array[uuidv7(), uuidv7(), uuidv7()]::uuid[],
  array[now(), now(), now()]::timestamptz[], array['key', 'key', 'key']::text[],
  array_fill('ak_019ab1d2b0937d01a1b2c3d4e5f60718'::text, array[3]),
  array_fill('user_019ab1d1b2d36f1e9a7c4d3b2a190817'::text, array[3]), array['', '', '']::text[],
  array[:root, :root, :root]::uuid[],
  array['user.created', 'api_key.created', 'api_key.created']::text[],
  array['user_019ab1d2c3e47a0f8b6d5e4c3b2a1908', 'ak_019ab1d3f0a37e01a1b2c3d4e5f60718',
    'ak_019ab1d3f0a37e02b1c2d3e4f5061728']::text[],
  array_fill('user_019ab1d2c3e47a0f8b6d5e4c3b2a1908'::text, array[3]),
  array['Child', '', '']::text[], array['{}', '{}', '{}']::text[],
  array['{"id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","object":"User","parent_id":"user_019ab1d1b2d36f1e9a7c4d3b2a190817","name":"Child","email": null,"phone_number":"8005550100","recharge_amount": null,"secondary_recharge_amount": null,"recharge_threshold": null,"created_at":"2026-11-22T10.00.00Z"}',
    '{"id":"ak_019ab1d3f0a37e01a1b2c3d4e5f60718","object":"ApiKey","user_id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","mode":"test","active": true,"created_at":"2026-11-22T10.00.00Z"}',
    '{"id":"ak_019ab1d3f0a37e02b1c2d3e4f5061728","object":"ApiKey","user_id":"user_019ab1d2c3e47a0f8b6d5e4c3b2a1908","mode":"production","active": true,"created_at":"2026-11-22T10.00.00Z"}']::text[],
  array_fill('127.0.0.1'::text, array[3]), array_fill('bench'::text, array[3]),
  array_fill('0e64c40b6b03de358939be6a12b86692'::text, array[3]), array['', '', '']::text[])
    with ordinality
    as new (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name, user_id, action,
    object_id, object_user, object_name, before, after, address, client, request_id,
    error_code, place)
  order by place
  limit 3
) n
order by n.place;
commit;
