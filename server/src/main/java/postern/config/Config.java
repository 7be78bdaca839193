package postern.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import postern.core.Masked;

/**
 * The value of every setting, and where it came from: the default, {@code postern.properties} in
 * the data directory, the environment, or a flag; the last one wins. Immutable.
 */
public final class Config {
  /** Where a value comes from, from the weakest to the strongest. */
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG;

    private String words() {
      return switch (this) {
        case FILE -> FILE_NAME;
        case ENVIRONMENT -> "the environment";
        case FLAG -> "a flag";
        case DEFAULT -> "default";
      };
    }
  }

  /**
   * One line of {@code postern config}.
   *
   * @param shown the value as text, secrets as stars
   */
  public record Entry(Setting<?> setting, String shown, Source source) {}

  private record Given(String text, Source source) {}

  /** Variables that begin like settings but belong to the commands in {@code bin}. */
  private static final Set<String> NOT_SETTINGS =
      Set.of("POSTERN_JAVA_HOME", "POSTERN_JAVA_OPTS", "POSTERN_PASSPHRASE");

  private static final String PREFIX = "POSTERN_";
  private static final String FILE_NAME = "postern.properties";
  private static final int BYTE_ORDER_MARK = 0xfeff;
  private static final int REPLACEMENT = 0xfffd;

  private final Map<String, Given> given;

  private Config(Map<String, Given> given) {
    this.given = given;
  }

  /**
   * Reads and checks all of it.
   *
   * @param flags values by key
   * @throws ConfigException on the first key that does not exist, naming the nearest one that does,
   *     and on the first value that cannot be used
   */
  public static Config load(
      Path dataDir, Map<String, String> environment, Map<String, String> flags) {
    Map<String, Given> given = new HashMap<>();
    fileOf(dataDir).forEach((key, text) -> put(given, key, text, Source.FILE));
    Map<String, String> ours = new TreeMap<>(environment);
    ours.keySet().removeIf(name -> !name.startsWith(PREFIX) || NOT_SETTINGS.contains(name));
    KubernetesNames.passOver(ours);
    ours.forEach((name, text) -> put(given, keyOf(name), text, Source.ENVIRONMENT));
    flags.forEach((key, text) -> put(given, key, text, Source.FLAG));
    Config config = new Config(given);
    Settings.all().forEach(config::get);
    return config;
  }

  /** The value of a setting. */
  public <T> T get(Setting<T> setting) {
    Given value = givenOf(setting);
    try {
      return setting.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          setting.key() + " " + e.getMessage() + " (set by " + nameOf(setting, value) + ")");
    }
  }

  /** Every setting with its value and its source. */
  public List<Entry> entries() {
    return Settings.all().stream().map(this::entryOf).toList();
  }

  private Entry entryOf(Setting<?> setting) {
    Given value = givenOf(setting);
    boolean hidden = setting.secret() && !value.text().isEmpty();
    return new Entry(setting, hidden ? Masked.STARS : Masked.url(value.text()), value.source());
  }

  private Given givenOf(Setting<?> setting) {
    return given.getOrDefault(setting.key(), new Given(setting.defaultText(), Source.DEFAULT));
  }

  private static String nameOf(Setting<?> setting, Given value) {
    return switch (value.source()) {
      case DEFAULT -> "default";
      case FILE -> FILE_NAME;
      case ENVIRONMENT -> "the variable " + setting.environmentName();
      case FLAG -> "a flag";
    };
  }

  private static void put(Map<String, Given> given, String key, String text, Source source) {
    if (Settings.all().stream().noneMatch(s -> s.key().equals(key))) {
      throw new ConfigException(
          "there is no setting "
              + key
              + " (found in "
              + (source == Source.FILE
                  ? FILE_NAME
                  : source.name().toLowerCase(java.util.Locale.ROOT))
              + "); did you mean "
              + nearestTo(key)
              + "?");
    }
    if (text.indexOf(REPLACEMENT) >= 0) {
      throw new ConfigException(key + " is not UTF-8 (set by " + source.words() + ")");
    }
    given.put(key, new Given(text, source));
  }

  private static String keyOf(String environmentName) {
    return Settings.all().stream()
        .filter(s -> s.environmentName().equals(environmentName))
        .map(Setting::key)
        .findFirst()
        .orElseGet(
            () ->
                environmentName
                    .substring(PREFIX.length())
                    .toLowerCase(java.util.Locale.ROOT)
                    .replace('_', '.'));
  }

  private static Map<String, String> fileOf(Path dataDir) {
    Path file = dataDir.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try {
      String text = Files.readString(file);
      boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
      properties.load(new StringReader(isMarked ? text.substring(1) : text));
    } catch (MalformedInputException e) {
      throw new ConfigException(file + " is not UTF-8: save it in that encoding");
    } catch (AccessDeniedException e) {
      throw new ConfigException("this user may not read " + file);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
    Map<String, String> texts = new HashMap<>();
    properties.forEach((key, text) -> texts.put((String) key, (String) text));
    return texts;
  }

  private static String nearestTo(String key) {
    Optional<String> nearest =
        Settings.all().stream()
            .map(Setting::key)
            .min(Comparator.comparingInt(candidate -> distance(key, candidate)));
    return nearest.orElseThrow();
  }

  /** How many characters must be added, dropped or replaced to make one text of the other. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
