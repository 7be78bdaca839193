package postern.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Creation of children, beside pgbench with the same statements on the same PostgreSQL. */
final class CreatesBench {
  static final String PART = "creates";

  private static final String BODY = "{\"user\":{\"name\":\"Child\"}}";

  /** The most first: a server is warm after that, as it would never be for few. */
  private static final List<Integer> CONNECTIONS = List.of(64, 8, 1);

  private static final Goal ALONE = Goal.ratioAtLeast(0.8);
  private static final Goal GROUPED = Goal.ratioAtLeast(1.0);

  private final Lab lab;
  private final Loads loads;
  private final Path script;

  CreatesBench(Lab lab) {
    this.lab = lab;
    this.loads = new Loads(lab);
    this.script = lab.workplace().root().resolve("benchmarks/create_users.sql");
  }

  List<Measurement> run() {
    Account writer = lab.newAccount("writer");
    lab.beginPart();
    List<Measurement> all = new ArrayList<>();
    for (int connections : CONNECTIONS) {
      all.add(measure(writer, connections));
    }
    lab.endPart(PART);
    return all;
  }

  private Measurement measure(Account writer, int connections) {
    String workload =
        "POST /v2/users on " + connections + (connections == 1 ? " connection" : " connections");
    Progress.say(workload + ": warming up");
    loads.warmUp(lab.server().child(), slice -> post(writer, connections, slice).requests());
    lab.storage().awaitQuiet();
    ProcessorTime start = ProcessorTime.now();
    List<Round> rounds = new ArrayList<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      Progress.say("%s: round %d of %d".formatted(workload, round, lab.scale().rounds()));
      rounds.add(round(writer, connections));
    }
    Noise noise =
        ProcessorTime.now()
            .since(start, Stats.spread(rounds.stream().map(Round::yardstick).toList()));
    return new Measurement(
        PART,
        workload,
        "pgbench with the same statements on as many connections",
        "creates/s",
        Optional.of(connections == Loads.CONNECTIONS ? GROUPED : ALONE),
        rounds,
        noise);
  }

  private Round round(Account writer, int connections) {
    boolean isOneTurn = connections == Loads.CONNECTIONS;
    int turns = isOneTurn ? 1 : lab.scale().turns();
    Duration turn = isOneTurn ? lab.scale().load() : lab.scale().longTurn();
    List<Round> each = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      double postern = post(writer, connections, turn).perSecond();
      // What the server does after its commits is not to take from the yardstick.
      lab.storage().awaitQuiet();
      each.add(new Round(pgbench(writer, connections, turn), postern));
      lab.storage().awaitQuiet();
    }
    return Round.mean(each);
  }

  private Wrk.Load post(Account writer, int connections, Duration duration) {
    Wrk.Target target =
        new Wrk.Target("POST", lab.server().url() + "/v2/users", writer.basic(), BODY);
    return loads.postern(target, 201, connections, duration);
  }

  /** The server is halted meanwhile: the yardstick has PostgreSQL and the machine for itself. */
  private double pgbench(Account writer, int connections, Duration duration) {
    lab.server().child().pause();
    try {
      return lab.storage().pgbench(script, writer, connections, duration);
    } finally {
      lab.server().child().resume();
    }
  }
}
