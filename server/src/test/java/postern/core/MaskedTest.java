package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.internal/postern?user=app&password=hunter2",
        "jdbc:postgresql://db.internal/postern?password=hunter2&user=app",
        "jdbc:postgresql://db.internal/postern?PassWord=hunter2",
        "jdbc:postgresql://db.internal/postern?p%61ssword=hunter2",
        "jdbc:postgresql://db.internal/postern?sslpassword=hunter2",
        "jdbc:postgresql://app:hunter2@db.internal/postern",
        "jdbc:postgresql://app:a/hunter2@db.internal/postern",
        "jdbc:postgresql://app:a?hunter2@db.internal/postern",
        "jdbc:postgresql://app:a@hunter2@db.internal/postern",
        "redis://:hunter2@db.internal:6379/0",
        "rediss://hunter2@db.internal:6379/0",
        "smtp+starttls://ops:hunter2@db.internal:587",
        "connecting to redis://:hunter2@db.internal failed, and https://u:hunter2@db.internal too",
        "https://db.internal/x?access_token=hunter2",
        "https://db.internal/x?apikey=hunter2#end",
        "host=db.internal user=app password=hunter2",
        "host=db.internal password='hunter2'"
      })
  void credentialsAreStarsAndTheHostIsShown(String text) {
    assertThat(Masked.in(text)).doesNotContain("hunter2").contains(Masked.STARS, "db.internal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jdbc:postgresql://one:5432,two:5432/postern?user=app&targetServerType=primary",
        "jdbc:postgresql://one:5432/postern?user=app@tenant",
        "https://accounts.example.com/a@b",
        "Postern <postern@example.com>",
        "GET /v2/users/{id} status=200 ms=3",
        "jdbc:postgresql://[::1]:5432/postern"
      })
  void whatHoldsNoCredentialStaysAsItIs(String text) {
    assertThat(Masked.in(text)).isEqualTo(text);
  }

  @Test
  void aCredentialInAUrlMayHoldSpaces() {
    assertThat(Masked.url("jdbc:postgresql://h/db?password=hun ter2&user=a"))
        .isEqualTo("jdbc:postgresql://h/db?password=********&user=a");
  }

  @Test
  void theWholeUserInfoIsHidden() {
    assertThat(Masked.in("redis://app:hunter2@h:6379/0")).isEqualTo("redis://********@h:6379/0");
  }
}
