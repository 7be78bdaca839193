-- What a tenant writes into an address or a number reserves nothing for the whole server: it belongs
-- to one user of its family. What people log in with does, and only once it was proved.

alter table user_contacts drop constraint user_contacts_pkey;
-- Of a deleted child: others of the family may take it meanwhile, and a restore wants it back.
alter table user_contacts add column released boolean not null default false;
update user_contacts c
set released = true
from users u
where u.root_id = c.root_id and u.id = c.user_id and u.deleted_at is not null;
drop index user_contacts_of_user;
alter table user_contacts add constraint user_contacts_pkey primary key (root_id, user_id, kind);
create unique index user_contacts_taken on user_contacts (root_id, value, kind) where not released;
-- An operator names an account by its address.
create index user_contacts_of_accounts on user_contacts (value)
  where user_id = root_id and kind = 'email';

-- The addresses that people log in with, each of one person of the server: those that a person has
-- proved, and those that an operator has given to the owner of a new account.
create table log_in_addresses (
  -- In the form in which all spellings are equal.
  email_key text primary key,
  person_id uuid not null unique
);

insert into log_in_addresses (email_key, person_id)
select email_key, id
from people
where verified_at is not null or password_hash is not null;

alter table people drop constraint people_email_key_key;
create index people_by_email_key on people (email_key, created_at, id);
