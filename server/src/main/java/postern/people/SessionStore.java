package postern.people;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import postern.core.Credential;
import postern.core.Mode;
import postern.core.Origin;
import postern.core.PersonId;
import postern.core.Principal;
import postern.core.SessionId;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code sessions}. A session belongs to a person, by whom each statement finds it. */
final class SessionStore {
  /** A session that opens something, and when it was last seen. */
  record Live(Principal caller, Instant lastSeenAt) {}

  /** A session that waits for the second factor. */
  record Waiting(SessionId id, PersonId person, UserId root) {}

  private SessionStore() {}

  static void insert(
      Tx tx, Token token, SessionId id, PersonId person, UserId root, boolean awaitsCode) {
    Origin origin = Origin.current();
    tx.execute(
        """
        insert into sessions (digest, id, person_id, root_id, awaits_code, created_at,
          last_seen_at, confirmed_at, address, client)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        token.digest(),
        id.uuid(),
        person.uuid(),
        root.uuid(),
        awaitsCode,
        tx.now(),
        tx.now(),
        tx.now(),
        origin.address(),
        origin.client());
  }

  static Optional<Live> find(Tx tx, Token token, Instant seenAfter, Instant createdAfter) {
    return tx.one(
        """
        select s.id, s.person_id, s.root_id, s.last_seen_at, s.confirmed_at, p.name, p.email
        from sessions s
        join people p on p.id = s.person_id
        join members m on m.root_id = s.root_id and m.person_id = s.person_id
        where s.digest = ? and not s.awaits_code and s.last_seen_at > ? and s.created_at > ?
        """,
        SessionStore::live,
        token.digest(),
        seenAfter,
        createdAfter);
  }

  static Optional<Waiting> findWaiting(Tx tx, Token token, Instant createdAfter) {
    return tx.one(
        """
        select id, person_id, root_id
        from sessions
        where digest = ? and awaits_code and created_at > ?
        """,
        row ->
            new Waiting(
                new SessionId(row.uuid("id")),
                new PersonId(row.uuid("person_id")),
                new UserId(row.uuid("root_id"))),
        token.digest(),
        createdAfter);
  }

  /** Returns whether a session was not ended; the caller holds the lock of its person. */
  static boolean stands(Tx tx, PersonId person, SessionId id) {
    return tx.one(
            "select id from sessions where person_id = ? and id = ? and not awaits_code",
            row -> true,
            person.uuid(),
            id.uuid())
        .isPresent();
  }

  static void seen(Tx tx, Token token) {
    tx.execute(
        "update sessions set last_seen_at = ? where digest = ? and last_seen_at < ?",
        tx.now(),
        token.digest(),
        tx.now());
  }

  static void confirmed(Tx tx, PersonId person, SessionId id) {
    tx.execute(
        "update sessions set confirmed_at = ? where person_id = ? and id = ?",
        tx.now(),
        person.uuid(),
        id.uuid());
  }

  /** Those of a person that open something, the newest first. */
  static List<Session> list(Tx tx, PersonId person, Instant seenAfter, Instant createdAfter) {
    return tx.list(
        """
        select id, created_at, last_seen_at, address, client
        from sessions
        where person_id = ? and not awaits_code and last_seen_at > ? and created_at > ?
        order by created_at desc
        """,
        row ->
            new Session(
                new SessionId(row.uuid("id")),
                row.time("created_at"),
                row.time("last_seen_at"),
                row.text("address"),
                row.text("client")),
        person.uuid(),
        seenAfter,
        createdAfter);
  }

  static int delete(Tx tx, PersonId person, SessionId id) {
    return tx.execute(
        "delete from sessions where person_id = ? and id = ?", person.uuid(), id.uuid());
  }

  static void delete(Tx tx, Token token) {
    tx.execute("delete from sessions where digest = ?", token.digest());
  }

  /** All of a person but one; how many those were. */
  static int deleteOthers(Tx tx, PersonId person, Optional<SessionId> kept) {
    return tx.execute(
        "delete from sessions where person_id = ? and id is distinct from ?::uuid",
        person.uuid(),
        kept.map(SessionId::uuid).orElse(null));
  }

  /** Those that are over; across people, because a job asks. */
  static int purge(Tx tx, Instant seenBefore, Instant createdBefore) {
    return tx.execute(
        "delete from sessions where last_seen_at <= ? or created_at <= ?",
        seenBefore,
        createdBefore);
  }

  /** How long an unfinished log-in can go on. */
  static Instant waitingSince(Tx tx) {
    return tx.now().minus(Duration.ofMinutes(10));
  }

  private static Live live(Row row) {
    UserId root = new UserId(row.uuid("root_id"));
    Credential credential =
        new Credential.Session(
            new SessionId(row.uuid("id")),
            new PersonId(row.uuid("person_id")),
            row.text("name"),
            row.text("email"),
            row.time("confirmed_at"));
    return new Live(
        new Principal(root, root, credential, Mode.PRODUCTION), row.time("last_seen_at"));
  }
}
