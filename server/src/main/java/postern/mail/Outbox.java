package postern.mail;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import postern.core.Ids;
import postern.core.MailId;
import postern.core.Origin;
import postern.crypto.Sealer;
import postern.mail.MailStore.State;
import postern.sql.Database;
import postern.sql.Tx;

/** Where mail is put, in the transaction that has a reason for it. Safe for many threads. */
public final class Outbox {
  /** What becomes of mail. */
  public enum Delivery {
    /** It is sent. */
    SMTP,
    /** It is kept, to be read on a page: for development. */
    CAPTURE,
    /** There is no way: what needs mail is not offered. */
    NONE
  }

  private static final Duration KEPT_FOR = Duration.ofDays(30);
  private static final int SHOWN_MAX = 100;

  private final Database database;
  private final MailStore store;
  private final Ids ids;
  private final Delivery delivery;
  private final Runnable wake;

  /**
   * Makes it.
   *
   * @param wake has the sender look
   */
  public Outbox(Database database, Sealer sealer, Ids ids, Delivery delivery, Runnable wake) {
    this.database = database;
    this.store = new MailStore(sealer);
    this.ids = ids;
    this.delivery = delivery;
    this.wake = wake;
  }

  /** Whether mail reaches anybody. */
  public boolean isOpen() {
    return delivery != Delivery.NONE;
  }

  /** Whether mail is kept to be read on a page. */
  public boolean isCapturing() {
    return delivery == Delivery.CAPTURE;
  }

  /**
   * Counts a mail that the caller of this request asks for, whether or not it will be written: at
   * most 5 an hour for a recipient, 10 for a person who asks, 20 for a family, 100 for a network.
   * An operator is not limited.
   *
   * @param recipient the address in the form in which all its spellings are equal
   * @return whether it may be written
   */
  public boolean mayAsk(Tx tx, String recipient) {
    return Origin.current().operator().isPresent() || MailCounts.takeAsked(tx, recipient);
  }

  /**
   * Counts a mail that tells a person of a change: at most 20 an hour for a recipient.
   *
   * @param recipient the address in the form in which all its spellings are equal
   * @return whether it may be written
   */
  public boolean mayTell(Tx tx, String recipient) {
    return MailCounts.takeNotice(tx, recipient);
  }

  /** Puts a mail in; it leaves after the commit. Does nothing where there is no way. */
  public void put(Tx tx, String recipient, Letter letter) {
    if (!isOpen()) {
      return;
    }
    store.insert(
        tx,
        new Mail(ids.mail(tx.now()), recipient, letter, 0, tx.now()),
        isCapturing() ? State.CAPTURED : State.WAITING);
    tx.afterCommit(wake);
  }

  /** The captured mails, the newest first, a hundred at the most. */
  public List<Mail> captured() {
    return isCapturing() ? database.read(tx -> store.captured(tx, SHOWN_MAX)) : List.of();
  }

  /** A captured mail. */
  public Optional<Mail> captured(MailId id) {
    return isCapturing() ? database.read(tx -> store.findCaptured(tx, id)) : Optional.empty();
  }

  /** Forgets what is a month old; how many mails that were. */
  public int purge() {
    return database.write(
        tx -> {
          MailCounts.purge(tx);
          return MailStore.purge(tx, tx.now().minus(KEPT_FOR));
        });
  }

  MailStore store() {
    return store;
  }
}
