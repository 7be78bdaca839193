package postern.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/**
 * What a backup says of its contents after them: the last entry.
 *
 * @param lines by the name of the entry: how many rows it has (0 for a file) and the SHA-256 of its
 *     bytes in hex, with a space between
 */
record Sums(Map<String, String> lines) {
  static final String ENTRY = "sums.json";

  Sums() {
    this(new LinkedHashMap<>());
  }

  void add(String entry, long rows, String sha256) {
    lines.put(entry, rows + " " + sha256);
  }

  byte[] toBytes() {
    return Json.bytes(out -> out.value(new LinkedHashMap<String, @Nullable Object>(lines)));
  }

  static Sums parse(byte[] bytes) {
    try {
      Sums sums = new Sums();
      if (Json.parse(bytes) instanceof Map<?, ?> map) {
        map.forEach((entry, line) -> sums.lines.put(String.valueOf(entry), String.valueOf(line)));
      }
      return sums;
    } catch (JsonException e) {
      throw new BackupException("the backup's sums cannot be read");
    }
  }
}
