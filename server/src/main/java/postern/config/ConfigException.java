package postern.config;

/** A setting is unknown or has a value that cannot be used. The message says what to change. */
public final class ConfigException extends RuntimeException {
  public ConfigException(String message) {
    super(message);
  }
}
