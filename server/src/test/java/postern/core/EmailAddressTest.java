package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.RouteTest;
import postern.main.TestClient;

/** What is an e-mail address, at every door. */
class EmailAddressTest extends RouteTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u200bb@example.com",
        "a\u00adb@example.com",
        "a\u202eb@example.com",
        "a\u2066b@example.com",
        "a\u2060b@example.com",
        "a\ufeffb@example.com",
        "a\u3164b@example.com",
        "a\u034fb@example.com",
        "a\ufe0fb@example.com",
        "a\udb40\udd00b@example.com",
        "a\udb40\udc41b@example.com",
        "a\u0378b@example.com",
        "a\ue000b@example.com",
        "a\u0085b@example.com",
        "a\u2028b@example.com",
        "a@exam\u200bple.com",
        "a@exam\u00adple.com",
        "a@example\u3002com",
        "a\uff20example.com",
        "<a@b>",
        "A <a@example.com>",
        "a@example.com.",
        "a@.example.com",
        "a@example..com",
        "a@-example.com",
        "a@example-.com",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "\"a b\"@example.com",
        "a(b)@example.com",
        "a,b@example.com",
        "a;b@example.com",
        "a:b@example.com",
        "a\\b@example.com",
        "a b@example.com",
        "a@b@example.com",
        "@example.com",
        "a@",
        "a",
        "a@example.com\nBcc: b@example.com",
        "a@xn--\u0080.com"
      })
  void isNot(String text) {
    assertThat(EmailAddress.parse(text)).isEmpty();
    TestClient client = as(server().account());
    String body = "{\"user\":{\"name\":\"Child\",\"email\":" + quoted(text) + "}}";
    assertThat(client.post("/v2/users", body).status()).isEqualTo(422);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars().forEach(c -> json.append("\\u%04x".formatted(c)));
    return json.append('"').toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@example.com",
        "Kid-A+b.c@Example.com",
        "o'brien@example.co.uk",
        "a@localhost",
        "_a{b}!#$%&*/=?^`|~@my_host.example",
        "m\u00fcller@b\u00fccher.example",
        "\u7528\u6237@\u4f8b\u5b50.\u516c\u53f8",
        "\u0928\u092e\u0938\u094d\u0924\u0947@example.com",
        "a@xn--bcher-kva.example",
        "1@1.example"
      })
  void is(String text) {
    assertThat(EmailAddress.parse(text)).contains(text);
  }

  @Test
  void isKeptComposed() {
    assertThat(EmailAddress.parse("mu\u0308ller@example.com")).contains("m\u00fcller@example.com");
  }

  @Test
  void hasLimits() {
    assertThat(EmailAddress.parse("a".repeat(64) + "@example.com")).isPresent();
    assertThat(EmailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
    assertThat(EmailAddress.parse("\u00fc".repeat(33) + "@example.com")).isEmpty();
    assertThat(EmailAddress.parse("a@" + "b".repeat(64) + ".com")).isEmpty();
    assertThat(EmailAddress.parse("a@" + "\u00fc".repeat(60) + ".com")).isEmpty();
    assertThat(EmailAddress.parse("a@" + "b.".repeat(130) + "com")).isEmpty();
  }
}
