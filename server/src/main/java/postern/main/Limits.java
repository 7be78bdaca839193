package postern.main;

import java.time.InstantSource;
import postern.config.Config;
import postern.config.LimitSettings;
import postern.core.ApiException;
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

  Limits(Config config, Database database, ChangeLog changes, InstantSource clock) {
    ofAccounts = new AccountLimits(database, changes);
    rates = RateLimits.open(config, ofAccounts, clock);
    isOff = config.get(LimitSettings.MODE).equals("off");
  }

  RateLimiter limiter() {
    return isOff ? RateLimiter.NONE : rates;
  }

  /** Reads the limits of accounts anew, on a thread of its own; a job tries again what fails. */
  void reloadSoon() {
    Thread.ofVirtual()
        .name("limits")
        .start(
            () -> {
              try {
                ofAccounts.reload();
              } catch (ApiException e) {
                LOG.log(System.Logger.Level.DEBUG, "limits are read later: {0}", e.code());
              }
            });
  }

  @Override
  public void close() {
    rates.close();
  }
}
