package postern.main;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import postern.config.Config;
import postern.config.LimitSettings;
import postern.http.RateLimiter;
import postern.journal.ChangeLog;
import postern.limits.AccountLimits;
import postern.limits.RateLimits;
import postern.sql.Database;

/** How much may be asked, and who has been given more. */
final class Limits implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Limits.class.getName());

  final AccountLimits ofAccounts;
  final RateLimits rates;
  private final boolean isOff;
  private final AtomicInteger reloads = new AtomicInteger();

  Limits(Config config, Database database, ChangeLog changes, InstantSource clock) {
    ofAccounts = new AccountLimits(database, changes);
    rates = RateLimits.open(config, ofAccounts, clock);
    isOff = config.get(LimitSettings.MODE).equals("off");
  }

  RateLimiter limiter() {
    return isOff ? RateLimiter.NONE : rates;
  }

  /**
   * Reads the limits of accounts anew, on a thread of its own; a job tries again what fails. Calls
   * during a read lead to one more read, however many they are.
   */
  void reloadSoon() {
    if (reloads.getAndIncrement() == 0) {
      Thread.ofVirtual().name("limits").start(this::reloadUntilSettled);
    }
  }

  private void reloadUntilSettled() {
    int answered;
    do {
      answered = reloads.get();
      try {
        ofAccounts.reload();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "limits of accounts are read later: {0}", e.toString());
      }
    } while (reloads.addAndGet(-answered) > 0);
  }

  @Override
  public void close() {
    rates.close();
  }
}
