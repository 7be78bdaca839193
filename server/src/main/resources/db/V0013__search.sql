-- The search for children by the beginning of a name or of an e-mail address. Compared byte by byte,
-- so that the index serves whatever the collation of the database is.
create index users_by_name on users (root_id, lower(name) text_pattern_ops)
  where parent_id is not null and deleted_at is null;

create index users_by_email on users (root_id, lower(email) text_pattern_ops)
  where parent_id is not null and deleted_at is null and email is not null;
