package postern.main;

import java.util.Optional;
import postern.crypto.LocalCa;

/** What a developer reads when the server is ready. */
final class DevWelcome {
  private DevWelcome() {}

  static String text(RunningServer running, DevAccount account) {
    String http = running.http();
    String https = running.https();
    Optional<LocalCa> ca = running.localCa();
    return """

    Postern is ready. Stop it with Ctrl-C.

      Web             %s
      HTTP            %s/v2
      HTTPS           %s/v2
      CA file         %s
      API page        %s/docs
      Metrics         %s/metrics

      Account         %s   password %s
      Test key        %s
      Production key  %s

    Create the first child user:

      curl -u %s: -H 'Content-Type: application/json' \\
        -d '{"user":{"name":"First Child"}}' %s/v2/users
    """
        .formatted(
            http,
            http,
            https,
            ca.map(LocalCa::caPem).map(Object::toString).orElse("(an own certificate is used)"),
            http,
            running.admin(),
            account.email(),
            account.password(),
            account.testKey(),
            account.productionKey(),
            account.productionKey(),
            http);
  }
}
