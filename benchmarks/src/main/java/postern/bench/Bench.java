package postern.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the loads of {@code bin/bench} share. */
final class Bench {
  private static final String END = "<!-- end -->";

  private Bench() {}

  /** The first text under a name in a JSON document. */
  static String member(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in " + json);
    }
    return matcher.group(1);
  }

  /** Puts a table into a document, in the place of the one that a measure wrote before. */
  static void write(Path document, String measure, String table) throws Exception {
    String text = Files.readString(document);
    String mark = "<!-- written by bin/bench " + measure + " -->";
    int begin = text.indexOf(mark) + mark.length();
    int end = text.indexOf(END, begin);
    Files.writeString(
        document, text.substring(0, begin) + "\n" + table + "\n" + text.substring(end));
  }
}
