package postern.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the parts of the benchmark share while one server runs.
 *
 * @param server Postern
 * @param storage its PostgreSQL
 * @param partner the account that makes others
 * @param peaks the most memory that the server took during each part, in MB
 */
record Lab(
    Workplace workplace,
    Scale scale,
    Wrk wrk,
    Server server,
    Storage storage,
    Account partner,
    Map<String, Double> peaks) {
  static Lab open(Workplace workplace, Scale scale, Wrk wrk, Server server, Account partner) {
    return new Lab(
        workplace,
        scale,
        wrk,
        server,
        workplace.keep(Storage.of(server)),
        partner,
        new LinkedHashMap<>());
  }

  /** The account that every development server has. */
  Account account() {
    return server.devAccount();
  }

  /** One more top-level account. */
  Account newAccount(String name) {
    return Storage.createAccount(server, partner, name);
  }

  /** Begins a part, whose memory is watched. */
  void beginPart() {
    server.child().resetPeak();
  }

  void endPart(String part) {
    peaks.merge(part, server.child().peakMb(), Math::max);
  }
}
