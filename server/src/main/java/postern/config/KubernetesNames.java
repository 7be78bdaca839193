package postern.config;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The variables that Kubernetes sets in every pod for each Service of its namespace, in its own
 * form and in that of Docker's links. Beside a Service that is named {@code postern}, or {@code
 * postern-http}, they begin as ours do.
 */
final class KubernetesNames {
  private static final System.Logger LOG = System.getLogger(KubernetesNames.class.getName());

  private static final Pattern NAME =
      Pattern.compile(
          "POSTERN_(?:\\w+_)?"
              + "(?:SERVICE_HOST|SERVICE_PORT(?:_\\w+)?"
              + "|PORT_\\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");

  /** A name that is also one of our settings': only the value tells them apart. */
  private static final Pattern PORT_NAME = Pattern.compile("POSTERN_(?:\\w+_)?PORT");

  private static final Pattern PORT_VALUE = Pattern.compile("(?:tcp|udp|sctp)://.+");

  private KubernetesNames() {}

  /** Removes them, with a line of log that names them. */
  static void passOver(Map<String, String> environment) {
    SortedSet<String> found = new TreeSet<>();
    environment.forEach(
        (name, value) -> {
          if (NAME.matcher(name).matches()
              || (PORT_NAME.matcher(name).matches() && PORT_VALUE.matcher(value).matches())) {
            found.add(name);
          }
        });
    if (!found.isEmpty()) {
      environment.keySet().removeAll(found);
      LOG.log(
          System.Logger.Level.INFO,
          "Passed over, because Kubernetes sets them beside a Service: {0}",
          String.join(", ", found));
    }
  }
}
