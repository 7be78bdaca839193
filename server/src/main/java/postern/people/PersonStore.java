package postern.people;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.PersonId;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/**
 * The SQL of {@code people} and {@code members}. A person is of no family: it is found by its own
 * address or id, and what it may do in a family stands in {@code members}.
 */
final class PersonStore {
  /** A person and what its password is checked against. */
  record WithHash(Person person, Optional<String> hash) {}

  private static final String COLUMNS =
      " p.id, p.email, p.name, p.verified_at, p.password_hash, p.totp_enabled_at ";

  private PersonStore() {}

  static void insert(Tx tx, Person person, @Nullable String hash) {
    tx.execute(
        """
        insert into people
          (id, email, email_key, name, password_hash, verified_at, created_at, updated_at)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        person.id().uuid(),
        person.email(),
        EmailKey.of(person.email()),
        person.name(),
        hash,
        person.isVerified() ? tx.now() : null,
        tx.now(),
        tx.now());
  }

  static void join(Tx tx, PersonId person, UserId root, Role role) {
    tx.execute(
        "insert into members (root_id, person_id, role, created_at) values (?, ?, ?, ?)",
        root.uuid(),
        person.uuid(),
        role.wireName(),
        tx.now());
  }

  /** The person who logs in with an address. */
  static Optional<WithHash> findByEmail(Tx tx, String email) {
    return tx.one(
        "select"
            + COLUMNS
            + """
            from log_in_addresses a
            join people p on p.id = a.person_id
            where a.email_key = ?
            """,
        PersonStore::withHash,
        EmailKey.of(email));
  }

  /** Returns whether a person logs in with an address. */
  static boolean logsInWith(Tx tx, PersonId person, String email) {
    return tx.one(
            "select 1 from log_in_addresses where email_key = ? and person_id = ?",
            row -> true,
            EmailKey.of(email),
            person.uuid())
        .isPresent();
  }

  /**
   * The person who would log in with an address once it is proved: the one who does, or else the
   * first who was given it and has no proved address.
   */
  static Optional<WithHash> claimant(Tx tx, String email) {
    return findByEmail(tx, email)
        .or(
            () ->
                tx.one(
                    "select"
                        + COLUMNS
                        + """
                        from people p
                        where p.email_key = ?
                          and not exists (
                            select 1 from log_in_addresses a where a.person_id = p.id)
                        order by p.created_at, p.id
                        limit 1
                        """,
                    PersonStore::withHash,
                    EmailKey.of(email)));
  }

  static Optional<WithHash> find(Tx tx, PersonId id) {
    return tx.one(
        "select" + COLUMNS + "from people p where p.id = ?", PersonStore::withHash, id.uuid());
  }

  /** Locks the person that a link was sent to; empty if the person has another address by now. */
  static Optional<Person> lockOfLink(Tx tx, Link link) {
    return Optional.ofNullable(link.person())
        .flatMap(id -> lock(tx, id))
        .map(WithHash::person)
        .filter(person -> EmailKey.of(person.email()).equals(EmailKey.of(link.email())));
  }

  /** The same, kept as it is until the transaction ends. */
  static Optional<WithHash> lock(Tx tx, PersonId id) {
    return tx.one(
        "select" + COLUMNS + "from people p where p.id = ? for update",
        PersonStore::withHash,
        id.uuid());
  }

  static Optional<WithHash> owner(Tx tx, UserId root) {
    return tx.one(
        "select"
            + COLUMNS
            + """
            from members m
            join people p on p.id = m.person_id
            where m.root_id = ? and m.role = 'owner'
            """,
        PersonStore::withHash,
        root.uuid());
  }

  /** The same, kept as it is until the transaction ends. */
  static Optional<WithHash> lockOwner(Tx tx, UserId root) {
    return owner(tx, root).flatMap(owner -> lock(tx, owner.person().id()));
  }

  /** The account that a person logs in to: the one that it was in first. */
  static Optional<UserId> accountOf(Tx tx, PersonId person) {
    return tx.one(
        """
        select root_id
        from members
        where person_id = ?
        order by created_at, root_id
        limit 1
        """,
        row -> new UserId(row.uuid("root_id")),
        person.uuid());
  }

  /** The same by the address; one look, be there such a person or not. */
  static Optional<UserId> accountOf(Tx tx, String email) {
    return tx.one(
        """
        select m.root_id
        from log_in_addresses a
        join members m on m.person_id = a.person_id
        where a.email_key = ?
        order by m.created_at, m.root_id
        limit 1
        """,
        row -> new UserId(row.uuid("root_id")),
        EmailKey.of(email));
  }

  static Optional<UserId> ownedBy(Tx tx, PersonId person) {
    return tx.one(
        """
        select root_id
        from members
        where person_id = ? and role = 'owner'
        order by created_at, root_id
        limit 1
        """,
        row -> new UserId(row.uuid("root_id")),
        person.uuid());
  }

  static void setPassword(Tx tx, PersonId person, String hash) {
    tx.execute(
        "update people set password_hash = ?, updated_at = ? where id = ?",
        hash,
        tx.now(),
        person.uuid());
  }

  /** Replaces a hash unless another one was set meanwhile; returns whether it stood. */
  static boolean replaceHash(Tx tx, PersonId person, String known, String better) {
    return tx.execute(
            "update people set password_hash = ? where id = ? and password_hash = ?",
            better,
            person.uuid(),
            known)
        > 0;
  }

  static void setEmail(Tx tx, PersonId person, String email, boolean isVerified) {
    tx.execute(
        "update people set email = ?, email_key = ?, verified_at = ?, updated_at = ? where id = ?",
        email,
        EmailKey.of(email),
        isVerified ? tx.now() : null,
        tx.now(),
        person.uuid());
  }

  /** Notes that mail to a person's address arrives: from now on the person logs in with it. */
  static void setVerified(Tx tx, Person person) {
    AddressStore.claim(tx, person.id(), person.email(), "email");
    tx.execute(
        "update people set verified_at = coalesce(verified_at, ?) where id = ?",
        tx.now(),
        person.id().uuid());
  }

  static void setName(Tx tx, PersonId person, String name) {
    tx.execute(
        "update people set name = ?, updated_at = ? where id = ?", name, tx.now(), person.uuid());
  }

  private static WithHash withHash(Row row) {
    Optional<String> hash = row.textIfAny("password_hash");
    Person person =
        new Person(
            new PersonId(row.uuid("id")),
            row.text("email"),
            row.text("name"),
            row.timeIfAny("verified_at").isPresent(),
            hash.isPresent(),
            row.timeIfAny("totp_enabled_at").isPresent());
    return new WithHash(person, hash);
  }
}
