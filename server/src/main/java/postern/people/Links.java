package postern.people;

import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.sql.Row;
import postern.sql.Tx;

/** Makes links that are sent by mail, and takes them when they are opened. */
public final class Links {
  private final RandomGenerator random;

  public Links(RandomGenerator random) {
    this.random = random;
  }

  /** Makes one. Those of its kind that were made before it cannot be opened any more. */
  public Token create(Tx tx, Link link) {
    if (link.kind() != Link.Kind.EMAIL_CHANGE_STOP) {
      endOlder(tx, link);
    }
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

  private static void endOlder(Tx tx, Link link) {
    if (link.person() != null) {
      endAll(tx, link.person(), link.kind());
      return;
    }
    // Of the same browser only: a stranger who signs up with an address must not end the link of
    // its owner.
    tx.execute(
        """
        update links
        set used_at = ?
        where email_key = ? and kind = ? and used_at is null
          and browser_digest is not distinct from ?
        """,
        tx.now(),
        EmailKey.of(link.email()),
        link.kind().wireName(),
        link.browserDigest());
  }

  /** Ends all links of a kind that were made for a person. */
  static void endAll(Tx tx, PersonId person, Link.Kind kind) {
    tx.execute(
        "update links set used_at = ? where person_id = ? and kind = ? and used_at is null",
        tx.now(),
        person.uuid(),
        kind.wireName());
  }

  /** Ends all links that were made for a person, or sent to its address. */
  static void endAll(Tx tx, Person person) {
    tx.execute(
        """
        update links
        set used_at = ?
        where used_at is null and (person_id = ? or (email_key = ? and person_id is null))
        """,
        tx.now(),
        person.id().uuid(),
        EmailKey.of(person.email()));
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
   * Opens one, and ends every other of its kind for the same person or address.
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
    if (link.person() != null) {
      endAll(tx, link.person(), kind);
    } else {
      tx.execute(
          """
          update links
          set used_at = ?
          where email_key = ? and person_id is null and kind = ? and used_at is null
          """,
          tx.now(),
          EmailKey.of(link.email()),
          kind.wireName());
    }
    return link;
  }

  /**
   * Opens a link that was sent to a person, and locks the person first, as all that changes a
   * person does: two orders would be a deadlock.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it cannot be opened any more, or the
   *     person has another address by now
   */
  public Person usedBy(Tx tx, Link.Kind kind, Token token) {
    Person person =
        find(tx, kind, token)
            .flatMap(link -> PersonStore.lockOfLink(tx, link))
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    use(tx, kind, token);
    return person;
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
