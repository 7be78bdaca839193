package postern.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;

/** Writes CSV (RFC 4180) for those who open it in a spreadsheet. */
public final class Csv {
  /** Its content type. */
  public static final String TYPE = "text/csv; charset=utf-8";

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** Signs that begin a formula, a command of DDE among them, and what may stand before them. */
  private static final String FORMULA =
      "[\\s\\p{Z}\\p{C}'\"]*[=+\\-@|%\uFF1D\uFF0B\uFF0D\uFF20\uFF5C\uFF05\u2212]";

  /** Where a spreadsheet may see a formula: at the start, and behind what separates columns. */
  private static final Pattern BEFORE_FORMULA =
      Pattern.compile("^(?=[\\t\\r\\n])|(?:^|[;|\\t\\r\\n])(?=" + FORMULA + ")");

  private Csv() {}

  /** Whether a caller asks for it. */
  public static boolean isWanted(Call call) {
    return call.accept().contains("text/csv");
  }

  /** A file that a browser keeps under a name. */
  public static Answer file(String name, TextBody body) {
    return Answer.text(200, TYPE, body)
        .streamed()
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  /** Writes a row. */
  public static void writeRow(Writer out, List<String> cells) {
    try {
      for (int i = 0; i < cells.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        out.write(cell(cells.get(i)));
      }
      out.write("\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A spreadsheet takes a cell for a formula that begins with one of these signs, in either width,
   * also after blanks and quotes; and names are other people's choice. One that separates columns
   * by another sign than the comma begins cells there, so a formula may stand behind each of those.
   */
  private static String cell(String text) {
    boolean isNumber = NUMBER.matcher(text).matches();
    String safe = isNumber ? text : BEFORE_FORMULA.matcher(text).replaceAll("$0'");
    boolean isPlain = safe.chars().allMatch(Csv::isPlain);
    return isPlain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  /** Quotes keep a cell together where semicolons, tabs or bars separate columns. */
  private static boolean isPlain(int c) {
    return ",;|\t\"\r\n".indexOf(c) < 0;
  }
}
