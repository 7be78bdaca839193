package postern.sql;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import postern.core.Masked;

/**
 * Where to reach one database of a PostgreSQL, in pgjdbc's own terms.
 *
 * @param jdbcUrl the URL; {@link #shown} is for messages
 * @param properties pgjdbc's connection properties: user, password and, for a Unix socket, the
 *     socket factory
 */
public record PostgresAddress(String jdbcUrl, Map<String, String> properties) {

  public PostgresAddress {
    properties = Map.copyOf(properties);
  }

  /** A fresh copy of the properties in the form that {@link java.sql.DriverManager} takes. */
  public Properties toProperties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  /** The URL for messages and logs, without a password that may stand in it. */
  public String shown() {
    return Masked.url(jdbcUrl);
  }

  /** Names everything but the password, which prints as stars. */
  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(properties);
    shown.computeIfPresent("password", (key, password) -> Masked.STARS);
    return shown() + " " + shown;
  }
}
