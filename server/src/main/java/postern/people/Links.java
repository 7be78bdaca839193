package postern.people;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.sql.Row;
import postern.sql.Tx;

/** Makes links that are sent by mail, and takes them when they are opened. */
public final class Links {
  /** So that nobody's mailbox is filled by others. */
  private static final int PER_ADDRESS_MAX = 5;

  private static final Duration PER_ADDRESS_WINDOW = Duration.ofHours(1);

  private final RandomGenerator random;

  public Links(RandomGenerator random) {
    this.random = random;
  }

  /** Whether an address has been sent as many links lately as it may be sent. */
  public boolean isBusy(Tx tx, String email) {
    return tx.one(
                """
            select count(*)::int as links
            from (
              select from links where email_key = ? and created_at > ? limit ?
            ) as recent
            """,
                row -> row.integer("links"),
                EmailKey.of(email),
                tx.now().minus(PER_ADDRESS_WINDOW),
                PER_ADDRESS_MAX)
            .orElse(0)
        >= PER_ADDRESS_MAX;
  }

  /** Makes one. */
  public Token create(Tx tx, Link link) {
    Token token = Token.next(random);
    tx.execute(
        """
        insert into links (digest, kind, email, email_key, person_id, name, password_hash,
          browser_digest, created_at, expires_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        token.digest(),
        link.kind().wireName(),
        link.email(),
        EmailKey.of(link.email()),
        link.person() == null ? null : link.person().uuid(),
        link.name(),
        link.passwordHash(),
        link.browserDigest(),
        tx.now(),
        tx.now().plus(link.kind().validFor()));
    return token;
  }

  /** One that can still be opened. */
  public Optional<Link> find(Tx tx, Link.Kind kind, Token token) {
    return tx.one(
        """
        select kind, email, person_id, name, password_hash, browser_digest
        from links
        where digest = ? and kind = ? and used_at is null and expires_at > ?
        """,
        Links::read,
        token.digest(),
        kind.wireName(),
        tx.now());
  }

  /**
   * Opens one, and every other of its kind for the same address with it.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it was opened before, or is too old
   */
  public Link use(Tx tx, Link.Kind kind, Token token) {
    Link link =
        tx.one(
                """
                update links
                set used_at = ?
                where digest = ? and kind = ? and used_at is null and expires_at > ?
                returning kind, email, person_id, name, password_hash, browser_digest
                """,
                Links::read,
                tx.now(),
                token.digest(),
                kind.wireName(),
                tx.now())
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    tx.execute(
        "update links set used_at = ? where email_key = ? and kind = ? and used_at is null",
        tx.now(),
        EmailKey.of(link.email()),
        kind.wireName());
    return link;
  }

  /** Forgets those that are too old; how many those were. Across people, because a job asks. */
  public int purge(Tx tx) {
    return tx.execute("delete from links where expires_at < ?", tx.now());
  }

  private static Link read(Row row) {
    return new Link(
        Link.Kind.valueOf(row.text("kind").toUpperCase(java.util.Locale.ROOT)),
        row.text("email"),
        row.uuidIfAny("person_id").map(PersonId::new).orElse(null),
        row.textIfAny("name").orElse(null),
        row.textIfAny("password_hash").orElse(null),
        row.bytesIfAny("browser_digest").orElse(null));
  }
}
