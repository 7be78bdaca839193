package postern.dashboard;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import postern.billing.Ledger.DayEnd;

/**
 * The balance of a wallet over some days as a line, in the units of a picture that is {@value
 * #WIDTH} wide and {@value #HEIGHT} high.
 *
 * @param line the points of the line
 * @param area the points of what is under it
 * @param lines the horizontal lines, from the top
 * @param summary the same in words, for those who do not see it
 */
public record BalanceChart(
    String line, String area, List<Line> lines, String first, String last, String summary) {
  /** The width of the picture. */
  public static final int WIDTH = 720;

  /** The height of the picture. */
  public static final int HEIGHT = 200;

  /** Where the lines begin: what they stand for is to the left of it. */
  public static final int LEFT = 72;

  private static final int TOP = 12;
  private static final int BOTTOM = 176;
  private static final long CENT_MICROS = 10_000;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

  /** A horizontal line and what it stands for. */
  public record Line(int y, String amount) {}

  static BalanceChart of(List<DayEnd> days) {
    long highest = days.stream().mapToLong(DayEnd::balanceMicros).max().orElse(0);
    long top = roundedUp(Math.max(highest, 100 * CENT_MICROS));
    String line =
        IntStream.range(0, days.size())
            .mapToObj(i -> x(i, days.size()) + "," + y(days.get(i).balanceMicros(), top))
            .collect(Collectors.joining(" "));
    List<Line> lines =
        List.of(top, top / 2, 0L).stream()
            .map(micros -> new Line(y(micros, top), Shown.dollars(micros)))
            .toList();
    DayEnd first = days.getFirst();
    DayEnd last = days.getLast();
    return new BalanceChart(
        line,
        LEFT + "," + BOTTOM + " " + line + " " + WIDTH + "," + BOTTOM,
        lines,
        inWords(first.day()),
        inWords(last.day()),
        "Balance at the end of each day: from "
            + Shown.dollars(first.balanceMicros())
            + " on "
            + inWords(first.day())
            + " to "
            + Shown.dollars(last.balanceMicros())
            + " on "
            + inWords(last.day())
            + "; at most "
            + Shown.dollars(highest)
            + ".");
  }

  private static String inWords(LocalDate day) {
    return DAY.format(day);
  }

  private static int x(int index, int count) {
    return count == 1 ? LEFT : LEFT + (WIDTH - LEFT) * index / (count - 1);
  }

  private static int y(long micros, long top) {
    return (int) (BOTTOM - (BOTTOM - TOP) * Math.max(0, micros) / top);
  }

  /** The next of 1, 2, 5, 10, 20, 50 and so on, so that the lines stand for round amounts. */
  private static long roundedUp(long micros) {
    long step = CENT_MICROS * 100;
    while (true) {
      for (long factor : new long[] {1, 2, 5}) {
        if (step > Long.MAX_VALUE / 10 || micros <= step * factor) {
          return step * factor;
        }
      }
      step *= 10;
    }
  }
}
