package postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import postern.core.ApiException;

/** What bad input may come to. */
public final class Refusals {
  private Refusals() {}

  /** Reads parameters, or has them refused as the caller's mistake. */
  public static void only(Supplier<?> read) {
    try {
      assertThat(read.get()).isNotNull();
    } catch (ApiException refused) {
      assertThat(refused.code().status()).isBetween(400, 499);
    }
  }
}
