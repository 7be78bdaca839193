package postern.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Goes through the parts, from the start of the first server to the last figure. */
final class BenchRun {
  private static final long LOOK_MS = 2_000;

  private final Workplace workplace;
  private final Scale scale;
  private final Wrk wrk;
  private final List<Measurement> all = new ArrayList<>();

  BenchRun(Workplace workplace, Scale scale) {
    this.workplace = workplace;
    this.scale = scale;
    this.wrk = new Wrk(workplace);
  }

  /** What a run found, and with which PostgreSQL. */
  record Found(List<Measurement> measurements, String postgres) {}

  Found run() {
    requirePrograms();
    warnIfBusy();
    return unlimited(limited());
  }

  /** What the first server leaves: its data, in which there is an account that can make others. */
  private record Prepared(Path dataDir, Account partner) {}

  /** So that whoever waits half an hour knows from the beginning what it will be good for. */
  private static void warnIfBusy() {
    ProcessorTime before = ProcessorTime.now();
    Programs.sleepMillis(LOOK_MS);
    Noise noise = ProcessorTime.now().since(before, 0);
    if (noise.isTooMuch()) {
      Progress.say(
          "The machine is busy, so that little can be judged: "
              + String.join(", ", noise.reasons()));
    }
  }

  /** Before anything takes long. */
  private static void requirePrograms() {
    Workplace.postgresProgram("psql");
    Workplace.postgresProgram("pgbench");
    Workplace.program("curl", "curl");
  }

  /** With limits, on a new data directory, which is left with what single reads are about. */
  private Prepared limited() {
    Progress.say("Starting Postern with limits that are not met");
    List<Measurement> found;
    Prepared prepared;
    try (Server server = Server.start(workplace, Server.WITH_HIGH_LIMITS)) {
      prepared = new Prepared(server.dataDir(), Storage.createPartner(workplace, server));
      Lab lab = Lab.open(workplace, scale, wrk, server, prepared.partner);
      ReadsBench.seed(lab);
      found = new ReadsBench(lab).runWithLimits();
      server.makeRoomForConnections(workplace.folder().resolve("postgres-bin"));
      lab.storage().close();
    }
    all.addAll(found);
    return prepared;
  }

  private Found unlimited(Prepared prepared) {
    Progress.say("Starting Postern without limits");
    Map<String, Double> peaks;
    ReadsBench reads;
    RecordedAnswer first;
    Account account;
    String postgres;
    try (Server server = Server.start(workplace, Server.WITHOUT_LIMITS)) {
      Lab lab = Lab.open(workplace, scale, wrk, server, prepared.partner);
      account = lab.account();
      postgres = lab.storage().version();
      reads = new ReadsBench(lab);
      all.addAll(reads.run());
      all.addAll(new PagesBench(lab).run());
      all.addAll(new AuthenticationBench(lab).run());
      all.addAll(new CreatesBench(lab).run());
      all.addAll(new ListsBench(lab).run());
      first = RecordedAnswer.of(server.url(), "/v2/users", account.basic());
      peaks = lab.peaks();
      lab.storage().close();
    }
    all.addAll(
        new StartBench(workplace, scale, prepared.dataDir, account)
            .run(first, peaks, reads.bareMb()));
    return new Found(all, postgres);
  }
}
