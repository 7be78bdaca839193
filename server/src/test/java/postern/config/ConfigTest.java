package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir Path dataDir = Path.of("");

  @Nested
  class Value {
    @Test
    void isTheDefaultWhereNobodySetsIt() {
      assertThat(load(Map.of(), Map.of()).get(HttpSettings.HTTP_PORT)).isEqualTo(8080);
      assertThat(load(Map.of(), Map.of()).get(Settings.RESTORE_WINDOW))
          .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void comesFromTheStrongestSource() throws IOException {
      write("http.port=1001\nhttps.port=1002\nadmin.port=1003\n");
      Config config =
          load(
              Map.of("POSTERN_HTTPS_PORT", "2002", "POSTERN_ADMIN_PORT", "2003"),
              Map.of("admin.port", "3003"));
      assertThat(config.get(HttpSettings.HTTP_PORT)).isEqualTo(1001);
      assertThat(config.get(HttpSettings.HTTPS_PORT)).isEqualTo(2002);
      assertThat(config.get(HttpSettings.ADMIN_PORT)).isEqualTo(3003);
      assertThat(config.entries())
          .filteredOn(entry -> entry.source() != Config.Source.DEFAULT)
          .extracting(Config.Entry::source)
          .containsExactly(Config.Source.FILE, Config.Source.ENVIRONMENT, Config.Source.FLAG);
    }
  }

  @Nested
  class Shown {
    @Test
    void hasStarsForACredentialInAUrl() {
      Config config =
          load(
              Map.of(
                  "POSTERN_STORAGE_URL",
                  "jdbc:postgresql://db/postern?user=app&password=hunter2",
                  "POSTERN_LIMITS_REDIS_URL",
                  "redis://:hunter2@redis"),
              Map.of());
      assertThat(config.entries())
          .extracting(Config.Entry::shown)
          .contains("jdbc:postgresql://db/postern?user=app&password=********")
          .noneMatch(shown -> shown.contains("hunter2"));
    }
  }

  @Nested
  class Start {
    @Test
    void passesOverWhatKubernetesSetsBesideAService() {
      Config config =
          load(
              Map.ofEntries(
                  Map.entry("POSTERN_SERVICE_HOST", "10.0.0.1"),
                  Map.entry("POSTERN_SERVICE_PORT", "8080"),
                  Map.entry("POSTERN_SERVICE_PORT_HTTP", "8080"),
                  Map.entry("POSTERN_PORT", "tcp://10.0.0.1:8080"),
                  Map.entry("POSTERN_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
                  Map.entry("POSTERN_PORT_8080_TCP_PROTO", "tcp"),
                  Map.entry("POSTERN_PORT_8080_TCP_PORT", "8080"),
                  Map.entry("POSTERN_PORT_8080_TCP_ADDR", "10.0.0.1"),
                  Map.entry("POSTERN_HTTP_SERVICE_HOST", "10.0.0.2"),
                  Map.entry("POSTERN_HTTP_PORT", "tcp://10.0.0.2:80"),
                  Map.entry("POSTERN_DB_PORT_5432_TCP_ADDR", "10.0.0.3")),
              Map.of());
      assertThat(config.get(HttpSettings.HTTP_PORT)).isEqualTo(8080);
    }

    @Test
    void isStoppedByANameThatKubernetesDoesNotSet() {
      for (String name : List.of("POSTERN_PORT", "POSTERN_SERVICE", "POSTERN_PORT_8080")) {
        assertThatThrownBy(() -> load(Map.of(name, "8080"), Map.of()))
            .isInstanceOf(ConfigException.class);
      }
    }

    @Test
    void passesOverAByteOrderMark() throws IOException {
      write("\ufeffhttp.port=9000\n");
      assertThat(load(Map.of(), Map.of()).get(HttpSettings.HTTP_PORT)).isEqualTo(9000);
    }

    @Test
    void isStoppedByAFileThatIsNotUtf8() throws IOException {
      Files.write(dataDir.resolve("postern.properties"), new byte[] {'a', '=', (byte) 0xe4});
      assertThatThrownBy(() -> load(Map.of(), Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("is not UTF-8");
    }

    @Test
    void isStoppedByAnUnknownKeyThatNamesTheNearestOne() throws IOException {
      write("http.prot=9000\n");
      assertThatThrownBy(() -> load(Map.of(), Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("http.prot")
          .hasMessageContaining("did you mean http.port?");
    }

    @Test
    void isStoppedByAnUnknownVariable() {
      assertThatThrownBy(() -> load(Map.of("POSTERN_STORAGE_URI", "x"), Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("did you mean storage.url?");
    }

    @Test
    void isStoppedByAValueThatCannotBeUsedAndSaysWhoSetIt() {
      assertThatThrownBy(() -> load(Map.of("POSTERN_STORAGE_POOL_SIZE", "1"), Map.of()))
          .hasMessage(
              "storage.pool-size must be a whole number from 2 to 500"
                  + " (set by the variable POSTERN_STORAGE_POOL_SIZE)");
      assertThatThrownBy(() -> load(Map.of(), Map.of("storage.pool-wait", "2")))
          .hasMessageContaining("must be a time with its unit");
    }

    @Test
    void isNotStoppedByVariablesOfTheCommands() {
      assertThat(load(Map.of("POSTERN_JAVA_OPTS", "-Xmx1g"), Map.of()).entries()).isNotEmpty();
    }
  }

  @Test
  void secretsAreShownAsStars() {
    assertThat(load(Map.of("POSTERN_STORAGE_PASSWORD", "opensesame"), Map.of()).entries())
        .filteredOn(entry -> entry.setting().key().equals("storage.password"))
        .extracting(Config.Entry::shown)
        .containsExactly("********");
  }

  @Test
  void everySettingHasAKeyOfItsOwnADefaultThatCanBeUsedAndASentence() {
    List<Setting<?>> all = Settings.all();
    assertThat(new HashSet<>(all.stream().map(Setting::key).toList())).hasSameSizeAs(all);
    assertThat(new HashSet<>(all.stream().map(Setting::environmentName).toList()))
        .hasSameSizeAs(all);
    assertThat(all).allSatisfy(setting -> assertThat(setting.description()).endsWith("."));
    Config defaults = load(Map.of(), Map.of());
    assertThat(all).allSatisfy(setting -> assertThat(defaults.get(setting)).isNotNull());
  }

  @Test
  void everyConstantIsInTheTable() {
    long constants =
        java.util.stream.Stream.of(
                Settings.class, HttpSettings.class, LimitSettings.class, BillingSettings.class)
            .flatMap(of -> java.util.Arrays.stream(of.getFields()))
            .filter(field -> field.getType() == Setting.class)
            .count();
    assertThat(Settings.all()).hasSize((int) constants);
  }

  private Config load(Map<String, String> environment, Map<String, String> flags) {
    return Config.load(dataDir, environment, flags);
  }

  private void write(String text) throws IOException {
    Files.writeString(dataDir.resolve("postern.properties"), text);
  }
}
