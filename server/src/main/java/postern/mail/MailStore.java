package postern.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import postern.core.MailId;
import postern.crypto.Sealer;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code mails}; across families, because mail goes to people. */
final class MailStore {
  /** What has become of a mail. */
  enum State {
    WAITING,
    SENT,
    /** Kept to be read on a page. */
    CAPTURED,
    FAILED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String COLUMNS =
      " id, recipient, subject, sealed_text, attempts, created_at ";

  private final Sealer sealer;

  MailStore(Sealer sealer) {
    this.sealer = sealer;
  }

  void insert(Tx tx, Mail mail, State state) {
    tx.execute(
        """
        insert into mails (id, recipient, subject, sealed_text, state, due_at, created_at)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        mail.id().uuid(),
        mail.recipient(),
        mail.letter().subject(),
        sealer.seal(mail.letter().text().getBytes(StandardCharsets.UTF_8), boundTo(mail.id())),
        state.wireName(),
        tx.now(),
        tx.now());
  }

  /** Takes what is due, so that no other server does until the lease is over. */
  List<Mail> claim(Tx tx, int limit, Duration lease) {
    return tx.list(
        """
        update mails
        set due_at = ?, attempts = attempts + 1
        where id in (
          select id
          from mails
          where state = 'waiting' and due_at <= ?
          order by due_at
          limit ?
          for update skip locked
        )
        returning
        """
            + COLUMNS,
        this::read,
        tx.now().plus(lease),
        tx.now(),
        limit);
  }

  /** Notes how it ended, and forgets what stood in it. */
  static void end(Tx tx, MailId id, State state, String failure) {
    tx.execute(
        "update mails set state = ?, failure = ?, sealed_text = null where id = ?",
        state.wireName(),
        failure.isEmpty() ? null : failure,
        id.uuid());
  }

  static void later(Tx tx, MailId id, Instant at, String failure) {
    tx.execute(
        "update mails set due_at = ?, failure = ? where id = ? and state = 'waiting'",
        at,
        failure,
        id.uuid());
  }

  /** The captured ones, the newest first. */
  List<Mail> captured(Tx tx, int limit) {
    return tx.list(
        "select"
            + COLUMNS
            + "from mails where state = 'captured' order by created_at desc, id desc limit ?",
        this::read,
        limit);
  }

  Optional<Mail> findCaptured(Tx tx, MailId id) {
    return tx.one(
        "select" + COLUMNS + "from mails where id = ? and state = 'captured'",
        this::read,
        id.uuid());
  }

  static int purge(Tx tx, Instant createdBefore) {
    return tx.execute("delete from mails where created_at < ?", createdBefore);
  }

  private Mail read(Row row) {
    MailId id = new MailId(row.uuid("id"));
    String text =
        new String(sealer.open(row.bytes("sealed_text"), boundTo(id)), StandardCharsets.UTF_8);
    return new Mail(
        id,
        row.text("recipient"),
        new Letter(row.text("subject"), text),
        row.integer("attempts"),
        row.time("created_at"));
  }

  /** A sealed text opens in its own row only. */
  private static byte[] boundTo(MailId id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.uuid().getMostSignificantBits())
        .putLong(id.uuid().getLeastSignificantBits())
        .array();
  }
}
