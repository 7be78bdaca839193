package postern.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Safe for many threads. */
public final class FakeTime implements InstantSource {
  // Begins now, so that certificates and ids look as they do in life.
  private volatile Instant now = Instant.now();

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
