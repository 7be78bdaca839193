-- What the first node on this database made with its keys: a node whose keys did not make it would
-- write what the others cannot read, so it does not start.
create table node_keys (
  id integer primary key check (id = 1),
  sealed bytea not null,
  signature bytea not null
);
