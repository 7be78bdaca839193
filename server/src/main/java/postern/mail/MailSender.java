package postern.mail;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mail.MailStore.State;
import postern.sql.Database;
import postern.sql.Signal;

/**
 * Sends what is in the outbox, one mail after the other. Several servers share the work; what one
 * of them left halfway is taken up by another when its lease is over, so that a mail may come twice
 * and is never lost. Safe for many threads.
 */
public final class MailSender implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MailSender.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(5);
  private static final Duration RETRY_LONGEST = Duration.ofMinutes(30);
  // The links in it are too old by then.
  private static final Duration TRIED_FOR = Duration.ofHours(24);
  private static final int LEASE_TIMEOUTS = 4;

  private final Database database;
  private final Signal wake = new Signal();
  private volatile boolean closed;
  private @Nullable Thread thread;

  public MailSender(Database database) {
    this.database = database;
  }

  /** Begins to send. */
  public void start(Outbox from, Smtp by) {
    thread = Thread.ofVirtual().name("mail").start(() -> loop(from, by));
  }

  /** Has it look now. */
  public void wake() {
    wake.raise();
  }

  private void loop(Outbox from, Smtp by) {
    while (!closed) {
      long seen = wake.count();
      boolean isAny = false;
      try {
        List<Mail> due =
            database.write(
                tx -> from.store().claim(tx, 1, by.timeout().multipliedBy(LEASE_TIMEOUTS)));
        due.forEach(mail -> send(by, mail));
        isAny = !due.isEmpty();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "mail waits: " + e.getMessage());
      }
      if (!isAny) {
        wake.await(seen, PAUSE);
      }
    }
  }

  private void send(Smtp by, Mail mail) {
    switch (by.send(mail)) {
      case Smtp.Outcome.Sent() -> end(mail, State.SENT, "");
      case Smtp.Outcome.Refused(String reason) -> fail(mail, reason);
      case Smtp.Outcome.Unavailable(String reason) -> {
        boolean isOver = mail.createdAt().plus(TRIED_FOR).isBefore(database.now());
        if (isOver) {
          fail(mail, reason);
        } else {
          LOG.log(Level.WARNING, "mail " + mail.id() + " waits: " + reason);
          database.write(
              tx -> {
                MailStore.later(tx, mail.id(), tx.now().plus(pauseAfter(mail.attempts())), reason);
                return mail;
              });
        }
      }
    }
  }

  private void fail(Mail mail, String reason) {
    LOG.log(Level.WARNING, "mail " + mail.id() + " was not sent: " + reason);
    end(mail, State.FAILED, reason);
  }

  private void end(Mail mail, State state, String failure) {
    database.write(
        tx -> {
          MailStore.end(tx, mail.id(), state, failure);
          return mail;
        });
  }

  private static Duration pauseAfter(int attempts) {
    Duration pause = RETRY_FIRST.multipliedBy(1L << Math.min(Math.max(0, attempts - 1), 20));
    return pause.compareTo(RETRY_LONGEST) > 0 ? RETRY_LONGEST : pause;
  }

  /** Sends no more, and lets the mail that is being sent end, five seconds at the most. */
  @Override
  public void close() {
    closed = true;
    wake.raise();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
