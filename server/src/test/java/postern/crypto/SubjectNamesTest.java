package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubjectNamesTest {

  @Test
  void hasOneFormForEachName() {
    SubjectNames names =
        SubjectNames.localAnd(
            List.of("API.Example.com", "*.example.com", "LOCALHOST", "10.0.0.7", "2001:DB8::1"));

    assertThat(names.dnsNames()).containsExactly("*.example.com", "api.example.com", "localhost");
    assertThat(names.addresses())
        .containsExactly("0:0:0:0:0:0:0:1", "10.0.0.7", "127.0.0.1", "2001:db8:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "a b",
        "example.com.",
        "-a.example.com",
        "a..example.com",
        "*",
        "*.com",
        "a.*.example.com",
        "a*.example.com",
        "*.*.example.com",
        "https://example.com",
        "example.com:8443",
        "under_score.example.com",
        "bücher.example",
        "300.1.1.1",
        "127.1",
        "1",
        "fe80::1%eth0",
        "[::1]",
        "::1::",
        "10.0.0.0/8"
      })
  void refusesABadNameInASentence(String name) {
    assertThatThrownBy(() -> SubjectNames.localAnd(List.of(name)))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessageStartingWith("A certificate cannot be made for the name \"" + name + "\": ");
  }

  @Test
  void refusesTooLongAndTooMany() {
    String longName = "a.".repeat(130) + "com";
    assertThatThrownBy(() -> SubjectNames.localAnd(List.of(longName)))
        .hasMessageEndingWith("longer than 253 characters");
    assertThatThrownBy(() -> SubjectNames.localAnd(Collections.nCopies(101, "a.test")))
        .hasMessageContaining("100 extra names at most");
  }
}
