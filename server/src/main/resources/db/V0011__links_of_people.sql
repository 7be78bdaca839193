-- A change of the address is announced to the old one, with a link that stops it.
alter table links drop constraint links_kind_check;
alter table links add constraint links_kind_check
  check (kind in ('sign_up', 'invitation', 'verification', 'password_reset', 'email_change',
    'email_change_stop'));
-- A change of the password ends all open links of its person.
create index links_of_person on links (person_id) where used_at is null;
