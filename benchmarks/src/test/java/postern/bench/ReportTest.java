package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
  private static final Noise QUIET = new Noise(0.12, 0.01, 0.02);

  private static Measurement of(String workload, Optional<Goal> goal, Noise noise, Round... all) {
    return new Measurement(
        ReadsBench.PART, workload, "bare", "answers/s", goal, List.of(all), noise);
  }

  private static final Report REPORT =
      new Report(
          LocalDate.of(2026, 1, 2),
          false,
          Scale.FULL,
          Duration.ofMinutes(31),
          Map.of("processor", "One | Two"),
          List.of(
              of(
                  "reads <well> & often",
                  Optional.of(Goal.ratioAtLeast(0.6)),
                  QUIET,
                  new Round(100_000, 70_000),
                  new Round(110_000, 71_000)),
              of("slow", Optional.of(Goal.ratioAtLeast(0.6)), QUIET, new Round(100, 30)),
              of(
                  "shaken",
                  Optional.of(Goal.ratioAtLeast(0.6)),
                  new Noise(0.4, 0, 0),
                  new Round(100, 30)),
              of("statements", Optional.of(Goal.valueAtMost(0)), Noise.NONE, new Round(0, 0)),
              of("for information", Optional.empty(), QUIET, new Round(10, 5))));

  @Test
  void theSummaryCountsTheGoals() {
    assertThat(REPORT.summary())
        .isEqualTo(
            "Of 4 goals 2 were reached and 1 not; for 1 the machine was too noisy to judge.");
  }

  @Test
  void theJsonHoldsEveryRound() {
    Map<?, ?> document = Server.parse(new String(JsonReport.bytes(REPORT), StandardCharsets.UTF_8));
    List<?> measurements = (List<?>) Objects.requireNonNull(document.get("measurements"));
    assertThat(measurements).hasSize(5);
    Map<?, ?> first = (Map<?, ?>) measurements.getFirst();
    assertThat(first.get("verdict")).isEqualTo("reached");
    assertThat(String.valueOf(first.get("rounds")))
        .isEqualTo("[{yardstick=100000, postern=70000}, {yardstick=110000, postern=71000}]");
    // Nothing divided by nothing is no number.
    assertThat(((Map<?, ?>) measurements.get(3)).containsKey("ratio")).isFalse();
    assertThat(String.valueOf(document.get("machine"))).isEqualTo("{processor=One | Two}");
  }

  @Test
  void thePageSaysForEachGoalWhetherItWasReached() {
    String page = MarkdownReport.text(REPORT, "performance.svg");
    assertThat(page)
        .contains("| reads <well> & often | bare | ≥ 0.60× | 105,000 answers/s |")
        .contains("| 0.67 | reached |")
        .contains("| 0.30 | **not reached** |")
        .contains("**too noisy to judge**: the yardstick's rounds differ by 40 % (at most 30) |")
        .contains(
            "| reads <well> & often, answers/s | 100000, 110000 | 70000, 71000 | 0.70, 0.65 |")
        .contains("| processor | One \\| Two |")
        .contains("![How much of each goal was reached](performance.svg)")
        .contains("**Single reads** (2 of 4 reached)")
        .doesNotContain("quick run")
        .doesNotContain("{{")
        .doesNotContain("%s")
        .doesNotContain("NaN");
  }

  @Test
  void aQuickRunSaysSo() {
    Report quick =
        new Report(
            REPORT.date(),
            true,
            Scale.QUICK,
            Duration.ofMinutes(3),
            REPORT.machine(),
            REPORT.measurements());
    assertThat(MarkdownReport.text(quick, "performance.svg")).contains("This was a quick run");
    assertThat(SvgChart.text(quick)).contains("quick run");
  }

  @Test
  void thePictureHasABarForEachGoal() throws Exception {
    Document picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(SvgChart.text(REPORT).getBytes(StandardCharsets.UTF_8)));
    NodeList bars = picture.getElementsByTagName("rect");
    assertThat(widthOf(bars, "reached")).isGreaterThan(widthOf(bars, "missed"));
    assertThat(widthOf(bars, "noisy")).isEqualTo(widthOf(bars, "missed"));
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("reads <well> & often (≥ 0.60×)")
        .doesNotContain("for information");
  }

  private static int widthOf(NodeList bars, String style) {
    for (int i = 0; i < bars.getLength(); i++) {
      Element bar = (Element) bars.item(i);
      if (bar.getAttribute("class").equals(style)) {
        return Integer.parseInt(bar.getAttribute("width"));
      }
    }
    throw new AssertionError("no bar " + style);
  }
}
