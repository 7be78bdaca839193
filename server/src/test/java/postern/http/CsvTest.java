package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that a spreadsheet could take for formulas. */
class CsvTest {
  private static String row(String... cells) {
    StringWriter out = new StringWriter();
    Csv.writeRow(out, List.of(cells));
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1+1",
        "-1+1",
        "-a",
        "@SUM(A1)",
        "|cmd",
        "%0A=1",
        "\t=1",
        "\t1",
        "\r=1",
        "\n=1",
        " =1+1",
        "   @a",
        "\u00a0=1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff=1",
        "'=1",
        "\"=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
        "\u22121+1",
        "-1.2.3",
        "+1"
      })
  void startWithAnApostrophe(String text) {
    assertThat(row(text).replaceFirst("^\"", "")).startsWith("'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;=1+1", "a;;=1+1", "a; =1+1", "a;\"=1+1", "a\t=1+1", "a|@b", "a\n=1+1"})
  void areMarkedBehindEverySignThatMaySeparateColumns(String text) {
    String row = row("first", text, "last");
    assertThat(row).startsWith("first,\"").endsWith("\",last\r\n");
    assertThat(row).containsPattern("[;\t|\n]'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1.50000", "12", "a-b", "a = b", "me@example.com", "100%", "Ä b"})
  void stayAsTheyAreWhereTheyAreNone(String text) {
    assertThat(row(text)).isEqualTo(text + "\r\n");
  }
}
