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

  private Csv() {}

  /** Whether a caller asks for it. */
  public static boolean isWanted(Call call) {
    return call.accept().contains("text/csv");
  }

  /** A file that a browser keeps under a name. */
  public static Answer file(String name, TextBody body) {
    return Answer.text(200, TYPE, body)
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

  /** A spreadsheet takes a cell that begins so for a formula; names are other people's choice. */
  private static String cell(String text) {
    boolean isFormula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    String safe = isFormula && !NUMBER.matcher(text).matches() ? "'" + text : text;
    boolean isPlain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return isPlain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
