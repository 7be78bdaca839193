package postern.bench;

import java.util.List;
import java.util.Locale;

/** The picture: for each goal a bar, as long as much of it was reached, up to twice the goal. */
final class SvgChart {
  private static final int WIDTH = 1_020;
  private static final int LABEL_WIDTH = 550;
  private static final int FIGURE_WIDTH = 150;
  private static final int ROW_HEIGHT = 26;
  private static final int BAR_HEIGHT = 14;
  private static final int HEAD_HEIGHT = 84;
  private static final int FOOT_HEIGHT = 16;
  private static final double SHOWN_MAX = 2;

  private static final String STYLE =
      """
      <style>
        .page { fill: #ffffff }
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        .title { font-size: 18px; font-weight: 600 }
        .quiet { fill: #59636e }
        .end { text-anchor: end }
        .middle { text-anchor: middle }
        .track { fill: #eff2f5 }
        .goal { stroke: #1f2328; stroke-width: 2 }
        .reached { fill: #1a7f37 }
        .missed { fill: #bc4c00 }
        .noisy { fill: #818b98 }
        @media (prefers-color-scheme: dark) {
          .page { fill: #0d1117 }
          text { fill: #f0f6fc }
          .quiet { fill: #9198a1 }
          .track { fill: #21262d }
          .goal { stroke: #f0f6fc }
          .reached { fill: #3fb950 }
          .missed { fill: #f0883e }
          .noisy { fill: #9198a1 }
        }
      </style>
      """;

  private SvgChart() {}

  static String text(Report report) {
    List<Measurement> shown = report.withGoals();
    int height = HEAD_HEIGHT + shown.size() * ROW_HEIGHT + FOOT_HEIGHT;
    StringBuilder svg = new StringBuilder(8_192);
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"title summary\">\n"
            .formatted(WIDTH, height, WIDTH, height));
    svg.append("<title id=\"title\">How much of each goal was reached</title>\n");
    svg.append("<desc id=\"summary\">").append(escaped(report.summary())).append("</desc>\n");
    svg.append(STYLE);
    svg.append("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
    head(svg, report);
    int y = HEAD_HEIGHT;
    for (Measurement each : shown) {
      row(svg, each, y);
      y += ROW_HEIGHT;
    }
    svg.append(
        "<line class=\"goal\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
            .formatted(goalX(), HEAD_HEIGHT - 4, goalX(), height - FOOT_HEIGHT));
    return svg.append("</svg>\n").toString();
  }

  private static void head(StringBuilder svg, Report report) {
    text(svg, 16, 28, "title", "How much of each goal was reached");
    text(
        svg,
        16,
        50,
        "quiet",
        "Bars up to twice the goal, longer is better. Green: reached, orange: not reached, grey: too noisy."
            + " "
            + report.date()
            + (report.quick() ? ", quick run" : ""));
    text(svg, LABEL_WIDTH - 12, HEAD_HEIGHT - 10, "quiet end", "workload (goal)");
    text(svg, goalX(), HEAD_HEIGHT - 10, "quiet middle", "goal");
    text(svg, WIDTH - 16, HEAD_HEIGHT - 10, "quiet end", "measured");
  }

  private static void row(StringBuilder svg, Measurement each, int y) {
    Goal goal = each.goal().orElseThrow();
    int middle = y + ROW_HEIGHT / 2;
    String label = each.workload() + " (" + goal.text(each.unit()) + ")";
    text(svg, LABEL_WIDTH - 12, middle + 5, "end", label);
    rect(svg, "track", middle - BAR_HEIGHT / 2, barsWidth());
    double attained = Math.min(goal.attainedBy(each.reached()), SHOWN_MAX);
    rect(
        svg,
        each.verdict().name().toLowerCase(Locale.ROOT),
        middle - BAR_HEIGHT / 2,
        (int) Math.round(attained / SHOWN_MAX * barsWidth()));
    String figure =
        goal.figure() == Goal.Figure.RATIO
            ? Texts.ratio(each.reached()) + "×"
            : Texts.number(each.reached()) + " " + shortUnit(each.unit());
    text(svg, WIDTH - 16, middle + 5, "end", figure);
  }

  /** There is room for one word. */
  private static String shortUnit(String unit) {
    return unit.split(" ", 2)[0];
  }

  private static int barsWidth() {
    return WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
  }

  private static int goalX() {
    return LABEL_WIDTH + (int) Math.round(barsWidth() / SHOWN_MAX);
  }

  private static void rect(StringBuilder svg, String style, int y, int width) {
    svg.append(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>\n"
            .formatted(style, LABEL_WIDTH, y, width, BAR_HEIGHT));
  }

  private static void text(StringBuilder svg, int x, int y, String style, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
