package postern.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run for people: {@code docs/performance.md}. Its words are in the template of the same name.
 */
final class MarkdownReport {
  private static final String TEMPLATE = "performance.md";
  private static final Pattern REACHED = Pattern.compile("\\{\\{reached: ([^}]+)}}");

  private MarkdownReport() {}

  /**
   * The page.
   *
   * @param picture the path of the picture, from the page
   */
  static String text(Report report, String picture) {
    String text = REACHED.matcher(template()).replaceAll(match -> reached(report, match.group(1)));
    for (Map.Entry<String, String> each : values(report, picture).entrySet()) {
      text = text.replace("{{" + each.getKey() + "}}", each.getValue());
    }
    return text;
  }

  /** How many goals of a part were reached. */
  private static String reached(Report report, String part) {
    List<Verdict> verdicts =
        report.withGoals().stream()
            .filter(each -> each.part().equals(part))
            .map(Measurement::verdict)
            .toList();
    long reached = verdicts.stream().filter(Verdict.REACHED::equals).count();
    return reached + " of " + verdicts.size() + " reached";
  }

  private static String template() {
    try (InputStream in = MarkdownReport.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new BenchException(TEMPLATE + " is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> values(Report report, String picture) {
    List<Measurement> forInformation =
        report.measurements().stream().filter(each -> each.goal().isEmpty()).toList();
    String quick =
        report.quick()
            ? " **This was a quick run: its rounds are too short for figures to rely on.**"
            : "";
    return Map.ofEntries(
        Map.entry("summary", report.summary() + quick),
        Map.entry("picture", picture),
        Map.entry("rounds", Integer.toString(report.scale().rounds())),
        Map.entry("connections", Integer.toString(Loads.CONNECTIONS)),
        Map.entry("load", report.scale().load().toSeconds() + " s"),
        Map.entry("long-turn", report.scale().longTurn().toSeconds() + " s"),
        Map.entry("warm-up-requests", Texts.number(Loads.WARM_UP_REQUESTS_MIN)),
        Map.entry("turns", Texts.number(report.scale().turns())),
        Map.entry("goals", rows(report.withGoals(), MarkdownReport::goalRow)),
        Map.entry("information", rows(forInformation, MarkdownReport::informationRow)),
        Map.entry("every-round", rows(report.measurements(), MarkdownReport::roundsRow)),
        Map.entry("spread-max", Texts.percent(Noise.YARDSTICK_SPREAD_MAX)),
        Map.entry("stolen-max", Texts.percent(Noise.STOLEN_MAX)),
        Map.entry("others-max", Texts.percent(Noise.OTHERS_MAX)),
        Map.entry("noise", rows(noisiest(report.measurements()), MarkdownReport::noiseRow)),
        Map.entry(
            "machine",
            rows(report.machine().entrySet(), fact -> row(fact.getKey(), cell(fact.getValue())))),
        Map.entry("date", report.date().toString()),
        Map.entry("minutes", Long.toString(Math.max(1, report.took().toMinutes()))));
  }

  private static <T> String rows(Collection<T> items, java.util.function.Function<T, String> row) {
    return items.stream().map(row).collect(Collectors.joining("\n"));
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** A bar would end the cell. */
  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String goalRow(Measurement each) {
    return row(
        cell(each.workload()),
        each.yardstick(),
        each.goal().map(goal -> goal.text(each.unit())).orElse(""),
        Texts.number(each.yardstickMedian()) + " " + each.unit(),
        Texts.number(each.posternMedian()) + " " + each.unit(),
        ratio(each.ratio()),
        verdict(each));
  }

  private static String informationRow(Measurement each) {
    return row(
        cell(each.workload()),
        each.yardstick(),
        Texts.number(each.yardstickMedian()) + " " + each.unit(),
        Texts.number(each.posternMedian()) + " " + each.unit(),
        ratio(each.ratio()));
  }

  private static String verdict(Measurement each) {
    return switch (each.verdict()) {
      case REACHED -> each.verdict().text();
      case MISSED -> "**" + each.verdict().text() + "**";
      case NOISY ->
          "**" + each.verdict().text() + "**: " + String.join(", ", each.noise().reasons());
      case NONE -> "";
    };
  }

  private static String ratio(double ratio) {
    return Double.isFinite(ratio) ? Texts.ratio(ratio) : "–";
  }

  private static String roundsRow(Measurement each) {
    return row(
        cell(each.workload()) + ", " + each.unit(),
        figures(each.rounds(), Round::yardstick),
        figures(each.rounds(), Round::postern),
        each.rounds().stream()
            .map(round -> ratio(round.ratio()))
            .collect(Collectors.joining(", ")));
  }

  private static String figures(List<Round> rounds, ToDoubleFunction<Round> figure) {
    // Thousands without commas here, which stand between the rounds.
    return rounds.stream()
        .map(round -> Texts.number(figure.applyAsDouble(round)).replace(",", ""))
        .collect(Collectors.joining(", "));
  }

  /** For each part the workload with the least even yardstick, and the most of what others took. */
  private static List<Map.Entry<String, Noise>> noisiest(List<Measurement> measurements) {
    Map<String, Noise> noisiest = new LinkedHashMap<>();
    for (Measurement each : measurements) {
      noisiest.merge(
          each.part(),
          each.noise(),
          (a, b) ->
              new Noise(
                  Math.max(a.yardstickSpread(), b.yardstickSpread()),
                  Math.max(a.stolen(), b.stolen()),
                  Math.max(a.others(), b.others())));
    }
    return List.copyOf(noisiest.entrySet());
  }

  private static String noiseRow(Map.Entry<String, Noise> part) {
    Noise noise = part.getValue();
    return row(
        part.getKey(),
        Texts.percent(noise.yardstickSpread()),
        String.format(Locale.ROOT, "%.1f %%", 100 * noise.stolen()),
        String.format(Locale.ROOT, "%.1f %%", 100 * noise.others()),
        noise.isTooMuch() ? "too noisy" : "quiet enough");
  }
}
