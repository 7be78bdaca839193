-- How many mails callers have caused in an hour: by a digest of the recipient, and of who asked.
create table mail_counts (
  digest bytea primary key check (octet_length(digest) = 32),
  mails bigint not null,
  mails_max bigint not null,
  since timestamptz not null
);

create index mail_counts_by_age on mail_counts (since);

-- Wrong secrets are counted by who guesses as well. All counts of one secret share a subject, and end
-- together when there is a new secret.
alter table guesses add column subject bytea;
create index guesses_of_subject on guesses (subject);
