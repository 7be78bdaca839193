package postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import postern.core.IpRange;

/** The settings of the ports, and of the certificate on the TLS one. */
public final class HttpSettings {
  public static final Setting<String> HTTP_BIND =
      Setting.text("http.bind", "127.0.0.1", "Address that the HTTP and HTTPS ports listen on.");
  public static final Setting<Integer> HTTP_PORT =
      Setting.integer("http.port", 8080, 0, 65535, "Port for HTTP; 0 picks a free one.");
  public static final Setting<Integer> HTTPS_PORT =
      Setting.integer("https.port", 8443, 0, 65535, "Port for HTTPS; 0 picks a free one.");
  public static final Setting<String> ADMIN_BIND =
      Setting.text(
          "admin.bind", "127.0.0.1", "Address that the port for health and metrics listens on.");
  public static final Setting<Integer> ADMIN_PORT =
      Setting.integer(
          "admin.port", 8081, 0, 65535, "Port for health and metrics; 0 picks a free one.");
  public static final Setting<String> PUBLIC_URL =
      Setting.text(
          "http.public-url",
          "",
          "URL under which people and callers reach this server, as it stands in mails; by default"
              + " http://localhost and the port.");
  public static final Setting<List<IpRange>> TRUSTED_PROXIES =
      Setting.ranges(
          "http.trusted-proxies",
          "Addresses and networks (CIDR) of proxies in front of this server, between commas: what"
              + " they say in X-Forwarded-For or Forwarded is believed.");
  public static final Setting<Integer> BODY_BYTES_MAX =
      Setting.integer(
          "http.body-bytes-max", 1_048_576, 1_024, 67_108_864, "Largest request body, in bytes.");
  public static final Setting<Boolean> STRICT_BODIES =
      Setting.flag(
          "http.strict-bodies",
          false,
          "Whether members that a request does not have are refused in every body, and not only where"
              + " a caller sends Postern-Strict: true.");
  public static final Setting<Integer> HEADER_BYTES_MAX =
      Setting.integer(
          "http.header-bytes-max", 16_384, 1_024, 1_048_576, "Largest request head, in bytes.");
  public static final Setting<Integer> FORM_BYTES_MAX =
      Setting.integer(
          "http.form-bytes-max",
          16_384,
          1_024,
          1_048_576,
          "Largest form, and largest body where no key is asked for, in bytes.");
  public static final Setting<Integer> CONNECTIONS_MAX =
      Setting.integer(
          "http.connections-max",
          10_000,
          1,
          1_000_000,
          "Connections held at once, on both ports together; http.memory-percent may allow fewer.");
  public static final Setting<Integer> CONNECTIONS_PER_ADDRESS_MAX =
      Setting.integer(
          "http.connections-per-address-max",
          1_000,
          1,
          1_000_000,
          "Of these, from one IPv4 address or one /64 of IPv6; trusted proxies are exempt.");
  public static final Setting<Integer> MEMORY_PERCENT =
      Setting.integer(
          "http.memory-percent",
          30,
          1,
          60,
          "Percent of the heap for connections and for what was read from them and is not yet"
              + " handled.");
  public static final Setting<Integer> MEMORY_SHARE_PERCENT =
      Setting.integer(
          "http.memory-share-percent",
          50,
          1,
          100,
          "Percent of http.memory-percent that one address, or one family, may take; a key may take"
              + " half of it.");
  public static final Setting<Duration> READ_TIMEOUT =
      Setting.duration(
          "http.read-timeout",
          "75s",
          "How long a connection may be silent, within a request and between two.");
  public static final Setting<Duration> HEAD_TIMEOUT =
      Setting.duration(
          "http.head-timeout",
          "10s",
          "How long the TLS handshake and the first request head may take together, and each later"
              + " head.");
  public static final Setting<Integer> BODY_BYTES_PER_SECOND_MIN =
      Setting.integer(
          "http.body-bytes-per-second-min",
          1_024,
          1,
          1_048_576,
          "How fast a request body must come after http.head-timeout, in bytes a second.");
  public static final Setting<Duration> DRAIN_TIMEOUT =
      Setting.duration(
          "http.drain-timeout", "10s", "How long requests in flight may take to end at a stop.");
  public static final Setting<Optional<Path>> TLS_CERTIFICATE =
      Setting.path(
          "tls.certificate",
          "PEM file with the server's certificate and its chain; by default a local CA makes one.");
  public static final Setting<Optional<Path>> TLS_KEY =
      Setting.path("tls.key", "PEM file with the private key of tls.certificate.");
  public static final Setting<List<String>> TLS_NAMES =
      Setting.list(
          "tls.names",
          "More names and addresses for the local CA's certificate, between commas;"
              + " localhost, 127.0.0.1 and ::1 are always in it.");

  private HttpSettings() {}

  static List<Setting<?>> all() {
    return List.of(
        HTTP_BIND,
        HTTP_PORT,
        HTTPS_PORT,
        ADMIN_BIND,
        ADMIN_PORT,
        PUBLIC_URL,
        TRUSTED_PROXIES,
        BODY_BYTES_MAX,
        STRICT_BODIES,
        HEADER_BYTES_MAX,
        FORM_BYTES_MAX,
        CONNECTIONS_MAX,
        CONNECTIONS_PER_ADDRESS_MAX,
        MEMORY_PERCENT,
        MEMORY_SHARE_PERCENT,
        READ_TIMEOUT,
        HEAD_TIMEOUT,
        BODY_BYTES_PER_SECOND_MIN,
        DRAIN_TIMEOUT,
        TLS_CERTIFICATE,
        TLS_KEY,
        TLS_NAMES);
  }
}
