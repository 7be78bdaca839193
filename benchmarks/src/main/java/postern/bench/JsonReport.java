package postern.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import postern.json.Json;
import postern.json.JsonOut;

/** A run for programs: every round of every measure. */
final class JsonReport {
  private static final MathContext DIGITS = new MathContext(6);

  private JsonReport() {}

  static byte[] bytes(Report report) {
    return Json.pretty(
            new String(
                Json.bytes(out -> write(out, report)), java.nio.charset.StandardCharsets.UTF_8))
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void write(JsonOut out, Report report) {
    out.startObject().text("date", report.date()).flag("quick", report.quick());
    out.number("took_s", report.took().toSeconds());
    out.startObject("settings");
    out.number("rounds", report.scale().rounds());
    out.number("connections", Loads.CONNECTIONS);
    out.number("load_s", report.scale().load().toSeconds());
    out.number("turns", report.scale().turns());
    out.number("warm_up_s", report.scale().warmUp().toSeconds());
    out.number("warm_ups_max", report.scale().warmUps());
    out.number("listed_children", report.scale().listed());
    out.endObject();
    out.startObject("machine");
    report.machine().forEach(out::text);
    out.endObject();
    out.startArray("measurements");
    report.measurements().forEach(each -> write(out, each));
    out.endArray().endObject();
  }

  private static void write(JsonOut out, Measurement each) {
    out.startObject().text("part", each.part()).text("workload", each.workload());
    out.text("yardstick", each.yardstick()).text("unit", each.unit());
    out.text("goal", each.goal().map(goal -> goal.text(each.unit())).orElse(null));
    number(out, "ratio", each.ratio());
    number(out, "yardstick_median", each.yardstickMedian());
    number(out, "postern_median", each.posternMedian());
    out.text("verdict", each.verdict().name().toLowerCase(java.util.Locale.ROOT));
    out.startArray("rounds");
    for (Round round : each.rounds()) {
      out.startObject();
      number(out, "yardstick", round.yardstick());
      number(out, "postern", round.postern());
      out.endObject();
    }
    out.endArray();
    out.startObject("noise");
    number(out, "yardstick_spread", each.noise().yardstickSpread());
    number(out, "stolen", each.noise().stolen());
    number(out, "others", each.noise().others());
    out.endObject().endObject();
  }

  /** A ratio to nothing is no number: it is left out. */
  private static void number(JsonOut out, String name, double value) {
    if (Double.isFinite(value)) {
      out.number(name, new BigDecimal(value, DIGITS));
    }
  }
}
