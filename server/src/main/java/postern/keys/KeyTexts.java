package postern.keys;

import java.util.random.RandomGenerator;
import postern.core.Mode;
import postern.core.UserId;

/** Makes the texts of new keys out of a source of chance. As safe for many threads as that is. */
public final class KeyTexts {
  private final RandomGenerator random;

  /**
   * @param random where the 95 random bits of a key come from; outside of tests a {@code
   *     SecureRandom}
   */
  public KeyTexts(RandomGenerator random) {
    this.random = random;
  }

  KeyText next(Mode mode, UserId owner) {
    return KeyText.next(mode, owner, random);
  }
}
