package postern.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import postern.core.Ids;
import postern.core.Mode;

/** The short way to a key must never see another one than the long way, which reads every form. */
class BasicKeyTest {
  private static final Random RANDOM = new Random(25);
  private static final KeyText KEY =
      KeyText.next(Mode.PRODUCTION, new Ids(RANDOM).user(Instant.EPOCH), RANDOM);
  private static final String USUAL = header(KEY.reveal() + ":");

  private static String header(String pair) {
    return "Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Optional<String> shortWay(String header) {
    return Optional.ofNullable(BasicKey.read(header)).map(KeyText::of).map(KeyText::reveal);
  }

  private static Optional<String> longWay(String header) {
    return KeyText.parse(KeyFilter.keyIn(header)).map(KeyText::reveal);
  }

  @Test
  void readsWhatClientsSend() {
    assertThat(shortWay(USUAL)).contains(KEY.reveal());
    assertThat(longWay(USUAL)).contains(KEY.reveal());
  }

  @Test
  void leavesEveryOtherFormToTheLongWay() {
    for (String other :
        List.of(
            "Bearer " + KEY.reveal(),
            USUAL.replace("Basic", "basic"),
            USUAL + " ",
            USUAL.substring(0, USUAL.length() - 1),
            header(KEY.reveal()),
            header(KEY.reveal() + ":p"),
            header(KEY.reveal() + ":password"))) {
      assertThat(BasicKey.read(other)).as(other).isNull();
      assertThat(longWay(other)).as(other).contains(KEY.reveal());
    }
  }

  @Test
  void seesNoKeyWhereTheLongWaySeesNone() {
    int same = 0;
    for (int at = 0; at < USUAL.length(); at++) {
      for (char c = 0; c < 260; c++) {
        String changed = USUAL.substring(0, at) + c + USUAL.substring(at + 1);
        Optional<String> read = shortWay(changed);
        if (read.isPresent()) {
          same++;
          assertThat(longWay(changed)).as(changed).isEqualTo(read);
        }
      }
    }
    // The header itself at each of its places, and the bits that fill up its last character.
    assertThat(same).isBetween(USUAL.length(), USUAL.length() + 3);
  }
}
