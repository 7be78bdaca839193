package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.ApiException;

final class PasswordsTest {

  // From the test suite of the Argon2 reference implementation: "password" with salt "somesalt".
  private static final String REFERENCE =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

  private final Passwords passwords = new Passwords();

  @Test
  void verifiesItsOwnHashAndNoOtherPassword() {
    String phc = passwords.hash("correct horse ä€😀");

    assertThat(phc)
        .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    assertThat(passwords.verify("correct horse ä€😀", phc)).isTrue();
    assertThat(passwords.verify("correct horse ä€😁", phc)).isFalse();
    assertThat(passwords.verify("", phc)).isFalse();
    assertThat(passwords.needsRehash(phc)).isFalse();
  }

  @Test
  void saltsEachHash() {
    assertThat(passwords.hash("same")).isNotEqualTo(passwords.hash("same"));
  }

  @Test
  void leavesTheCallersArrayAlone() {
    char[] password = "typed once".toCharArray();
    passwords.hash(password);
    assertThat(password).isEqualTo("typed once".toCharArray());
  }

  @Test
  void verifiesTheReferenceHashAndWantsItReplaced() {
    assertThat(passwords.verify("password", REFERENCE)).isTrue();
    assertThat(passwords.verify("Password", REFERENCE)).isFalse();
    assertThat(passwords.needsRehash(REFERENCE)).isTrue();
  }

  /** RFC 9106, section 5.3. */
  @Test
  void standsOnAGeneratorThatComputesTheVectorOfTheRfc() {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(filled(16, 2))
            .withSecret(filled(8, 3))
            .withAdditional(filled(12, 4))
            .build());
    byte[] tag = new byte[32];
    generator.generateBytes(filled(32, 1), tag);

    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  @Test
  void decoyIsNeverRight() {
    assertThat(passwords.verifyDecoy("")).isFalse();
    assertThat(passwords.verifyDecoy("password")).isFalse();
  }

  @Test
  void refusesAPasswordBeyondTheLimit() {
    String long4097 = "x".repeat(4_097);
    assertThatThrownBy(() -> passwords.hash(long4097)).isInstanceOf(IllegalArgumentException.class);
    assertThat(passwords.verify(long4097, REFERENCE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65537,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=19456,t=11,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=19456,t=2,p=5$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=4294967296,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=19456,t=2,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFh",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$A"
      })
  void refusesWhatIsNoHashWithinTheLimits(String phc) {
    assertThatThrownBy(() -> passwords.verify("password", phc))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("c29t");
  }

  @Nested
  class WhenBusy {

    @Test
    void refusesAtOnceWhenNobodyMayWait() {
      var full = new Passwords(0, 0, Duration.ofDays(1));
      assertThatThrownBy(() -> full.verify("password", REFERENCE))
          .isInstanceOf(ApiException.RetryLater.class);
      assertThatThrownBy(() -> full.verifyDecoy("password"))
          .isInstanceOf(ApiException.RetryLater.class);
    }

    @Test
    void refusesAfterTheLongestWaitAndThenAgain() {
      var stuck = new Passwords(0, 1, Duration.ofMillis(5));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> stuck.hash("password"))
            .isInstanceOf(ApiException.RetryLater.class);
      }
    }

    @Test
    void givesTheTurnBack() {
      var single = new Passwords(1, 0, Duration.ofMillis(5));
      assertThat(single.hash("one")).isNotEmpty();
      assertThat(single.verify("password", REFERENCE)).isTrue();
    }

    @Test
    void staysInterruptedWhenInterruptedWhileWaiting() {
      var stuck = new Passwords(0, 1, Duration.ofDays(1));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> stuck.hash("password")).isInstanceOf(ApiException.RetryLater.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
