package postern.people;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.Credential;
import postern.core.ErrorCode;
import postern.core.IpAddresses;
import postern.core.Origin;
import postern.core.PersonId;
import postern.core.Principal;
import postern.crypto.Digests;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Stops those who guess secrets of people: five wrong ones in fifteen minutes from one network, in
 * one session, with the keys of one user, or in a browser that its person has logged in with
 * before. Each of these is counted apart, so that a stranger cannot lock an owner out. Guesses from
 * all networks together are slowed down, and end at a ceiling. The count is the same whether there
 * is such a person or not, so that being stopped tells nothing. Safe for many threads.
 */
public final class Guesses {
  private static final int FAILURES_MAX = 5;
  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final Duration WINDOW_MAX = Duration.ofDays(1);

  /**
   * A secret of a person, and how often all networks together may be wrong about it.
   *
   * @param freeMax guesses that are not slowed down; after them they are spread over the window
   * @param failuresMax guesses in the window, then it is over
   */
  record Secret(String what, int freeMax, int failuresMax, Duration window) {
    static Secret password(String email) {
      return new Secret("password of " + EmailKey.of(email), 20, 100, Duration.ofHours(1));
    }

    /** Six digits, of which three are right at any moment: a lower ceiling than for passwords. */
    static Secret code(PersonId person) {
      return new Secret("code of " + person, 10, 50, WINDOW_MAX);
    }

    /** Of one that is to be: the password that was chosen with a sign-up. */
    static Secret ofLink(Token link) {
      return new Secret("password of link " + link.reveal(), 10, 20, WINDOW_MAX);
    }

    /** When the guess of a number may be made at the earliest. */
    private Instant earliest(Standing standing) {
      if (standing.failures > failuresMax) {
        return standing.since.plus(window);
      }
      int slowed = Math.max(0, standing.failures - freeMax);
      return standing.since.plus(window.dividedBy(failuresMax).multipliedBy(slowed));
    }
  }

  private record Standing(int failures, Instant since) {}

  private final Database database;

  public Guesses(Database database) {
    this.database = database;
  }

  /**
   * Counts one guess as a failure before it is checked, so that guesses made at the same time are
   * all counted.
   *
   * @param browser the name of a browser that the person has logged in with before
   * @throws ApiException.RetryLater if there were too many
   */
  void begin(Secret secret, Optional<String> browser) {
    database.write(
        tx -> {
          byte[] subject = Digests.sha256(secret.what());
          Standing own = count(tx, Digests.sha256(own(secret, browser)), subject, WINDOW);
          if (own.failures > FAILURES_MAX) {
            // Thrown inside the transaction: a guess that is not even looked at is not counted.
            throw later(tx, own.since.plus(WINDOW));
          }
          if (isStranger(browser)) {
            Instant earliest = secret.earliest(count(tx, subject, subject, secret.window()));
            if (earliest.isAfter(tx.now())) {
              throw later(tx, earliest);
            }
          }
          return own;
        });
  }

  private static ApiException later(Tx tx, Instant at) {
    return new ApiException.RetryLater(ErrorCode.RATE_LIMITED, Duration.between(tx.now(), at));
  }

  private static boolean isStranger(Optional<String> browser) {
    return browser.isEmpty() && Origin.current().caller().isEmpty();
  }

  /** What is counted by itself: the secret, and who guesses it. */
  private static String own(Secret secret, Optional<String> browser) {
    String who =
        Origin.current()
            .caller()
            .map(Guesses::named)
            .or(() -> browser.map(name -> "browser " + name))
            .orElseGet(() -> "network " + IpAddresses.network(Origin.current().address()));
    return secret.what() + " by " + who;
  }

  private static String named(Principal caller) {
    return switch (caller.credential()) {
      case Credential.Session session -> "session " + session.id();
      case Credential.Key key -> "keys of " + caller.user();
    };
  }

  private static Standing count(Tx tx, byte[] digest, byte[] subject, Duration window) {
    Instant windowStart = tx.now().minus(window);
    return tx.one(
            """
            insert into guesses as known (digest, subject, failures, since)
            values (?, ?, 1, ?)
            on conflict (digest) do update
            set failures = case when known.since > ? then known.failures + 1 else 1 end,
                since = case when known.since > ? then known.since else excluded.since end
            returning failures, since
            """,
            row -> new Standing(row.integer("failures"), row.time("since")),
            digest,
            subject,
            tx.now(),
            windowStart,
            windowStart)
        .orElseThrow();
  }

  /** Forgets the failures of one that was right; those of other networks stay. */
  void succeeded(Tx tx, Secret secret, Optional<String> browser) {
    tx.execute("delete from guesses where digest = ?", Digests.sha256(own(secret, browser)));
    if (isStranger(browser)) {
      tx.execute(
          "update guesses set failures = failures - 1 where digest = ? and failures > 0",
          Digests.sha256(secret.what()));
    }
  }

  /** Forgets all failures: there is another secret now. */
  void clear(Tx tx, Secret secret) {
    tx.execute("delete from guesses where subject = ?", Digests.sha256(secret.what()));
  }

  /** Forgets those whose time is over; how many those were. */
  public int purge() {
    return database.write(
        tx -> tx.execute("delete from guesses where since < ?", tx.now().minus(WINDOW_MAX)));
  }
}
