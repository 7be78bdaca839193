package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import postern.config.Setting;
import postern.config.Settings;
import postern.limits.Limit;

/** With {@code -Dpostern.write-docs=true} it writes the table instead of comparing it. */
class OperationsDocTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final String BEGIN = "<!-- settings: written by OperationsDocTest, begin -->\n";
  private static final String LIMITS_BEGIN =
      "<!-- limits: written by OperationsDocTest, begin -->\n";
  private static final String LIMITS_END = "<!-- limits: end -->";
  private static final String END = "<!-- settings: end -->";

  @Test
  void holdsTheTableOfTheSettingsThatThereAre() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    assertThat(to).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("postern.write-docs")) {
      Files.writeString(PAGE, page.substring(0, from) + table() + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(table());
    }
  }

  private static String table() {
    return Settings.all().stream()
        .map(OperationsDocTest::row)
        .collect(
            Collectors.joining(
                "", "| key | environment | default | what it does |\n|---|---|---|---|\n", ""));
  }

  @Test
  void holdsTheTableOfTheLimitsThatThereAre() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(LIMITS_BEGIN) + LIMITS_BEGIN.length();
    int to = page.indexOf(LIMITS_END);
    assertThat(to).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("postern.write-docs")) {
      Files.writeString(PAGE, page.substring(0, from) + limits() + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(limits());
    }
  }

  private static String limits() {
    return Arrays.stream(Limit.values())
        .map(
            limit ->
                String.format(
                    "| `%s` | %s, by %s | %d | %d in %d s | %s |\n",
                    limit.wireName(),
                    limit.description(),
                    limit.counted().words(),
                    limit.setting().defaultValue().burst(),
                    limit.setting().defaultValue().permits(),
                    limit.setting().defaultValue().period().toSeconds(),
                    limit.outage() == Limit.Outage.OPEN ? "open" : "closed"))
        .collect(
            Collectors.joining(
                "",
                "| name | counts | size | refill | without Redis fails |\n|---|---|---|---|---|\n",
                ""));
  }

  private static String row(Setting<?> setting) {
    String byDefault = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    return String.format(
        "| `%s` | `%s` | %s | %s%s |\n",
        setting.key(),
        setting.environmentName(),
        byDefault,
        setting.description(),
        setting.secret() ? " Shown as stars." : "");
  }
}
