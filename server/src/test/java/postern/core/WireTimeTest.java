package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "2024-02-29T09:05:07.123456789Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59.5Z",
        "+1000000000-12-31T23:59:59.999999999Z",
        "-1000000000-01-01T00:00:00Z"
      })
  void isWhatTheInstantSaysOfItsSecond(String at) {
    assertSame(Instant.parse(at));
  }

  @Test
  void isWhatTheInstantSaysOfAnySecond() {
    long seed = new Random().nextLong();
    RandomGenerator random = new Random(seed);
    long earliest = Instant.parse("-0002-01-01T00:00:00Z").getEpochSecond();
    long latest = Instant.parse("+10002-01-01T00:00:00Z").getEpochSecond();
    for (int i = 0; i < 100_000; i++) {
      assertSame(
          Instant.ofEpochSecond(random.nextLong(earliest, latest), random.nextInt(1_000_000_000)));
    }
  }

  private static void assertSame(Instant at) {
    assertThat(WireTime.seconds(at)).isEqualTo(at.truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
