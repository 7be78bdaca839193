package postern.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way to the first answer, and memory; beside the bare server. */
final class StartBench {
  static final String PART = "start and memory";

  private static final Goal TIME = Goal.ratioAtMost(3);
  private static final Goal MEMORY = Goal.valueAtMost(200);
  private static final long START_MS_MAX = 60_000;

  /** A start: milliseconds to the first answer, and MB of resident memory when idle. */
  private record Start(double millis, double idleMb) {}

  private final Workplace workplace;
  private final Scale scale;
  private final Path dataDir;
  private final Account account;

  /**
   * For a data directory on which no server runs.
   *
   * @param account one of its accounts, which asks first
   */
  StartBench(Workplace workplace, Scale scale, Path dataDir, Account account) {
    this.workplace = workplace;
    this.scale = scale;
    this.dataDir = dataDir;
    this.account = account;
  }

  /**
   * Measures it.
   *
   * @param answer what the bare server sends, and the directory has for the account's first
   *     question
   * @param peaks the most memory that Postern took in the other parts, in MB
   * @param barePeak the most memory that the bare server took under load, in MB
   */
  List<Measurement> run(RecordedAnswer answer, Map<String, Double> peaks, double barePeak) {
    Path answers = workplace.folder().resolve("answers-of-start");
    Bare.record(answers, 0, answer);
    Path cache = recordBareCache(answers);
    List<Round> plain = new ArrayList<>();
    List<Round> cached = new ArrayList<>();
    List<Round> idle = new ArrayList<>();
    ProcessorTime start = ProcessorTime.now();
    for (int round = 1; round <= scale.starts(); round++) {
      Progress.say("Starts: round " + round + " of " + scale.starts());
      Start bare = startBare(answers, List.of());
      Start postern = startPostern();
      Start bareCached = startBare(answers, List.of("-XX:AOTCache=" + cache));
      plain.add(new Round(bare.millis, postern.millis));
      cached.add(new Round(bareCached.millis, postern.millis));
      idle.add(new Round(bare.idleMb, postern.idleMb));
    }
    List<Double> yardsticks = plain.stream().map(Round::yardstick).toList();
    Noise noise = ProcessorTime.now().since(start, Stats.spread(yardsticks));
    List<Measurement> all = new ArrayList<>();
    String first = "from the command to the first answer";
    all.add(
        line(first, "the bare server without an AOT cache", "ms", Optional.of(TIME), plain, noise));
    all.add(
        line(
            "first answer, both with an AOT cache",
            "the bare server with an AOT cache of its own",
            "ms",
            Optional.empty(),
            cached,
            noise));
    all.add(memory("resident memory, idle", Optional.empty(), idle));
    peaks.forEach(
        (part, peak) ->
            all.add(
                memory(
                    "most resident memory: " + part,
                    Optional.of(MEMORY),
                    List.of(new Round(barePeak, peak)))));
    return all;
  }

  private static Measurement memory(String workload, Optional<Goal> goal, List<Round> rounds) {
    return line(workload, "the bare server", "MB", goal, rounds, Noise.NONE);
  }

  private static Measurement line(
      String workload,
      String yardstick,
      String unit,
      Optional<Goal> goal,
      List<Round> rounds,
      Noise noise) {
    return new Measurement(PART, workload, yardstick, unit, goal, rounds, noise);
  }

  /** As the build records Postern's: of one training run. */
  private Path recordBareCache(Path answers) {
    Progress.say("Recording an AOT cache of the bare server");
    Path cache = workplace.folder().resolve("bare.aot");
    startBare(answers, List.of("-XX:AOTCacheOutput=" + cache));
    return cache;
  }

  private Start startBare(Path answers, List<String> options) {
    int port = Bare.freePort();
    return start(Bare.command(workplace, answers, port, options), port, "/0/", "");
  }

  /** The same command as {@code bin/postern}'s, without the time of the script itself. */
  private Start startPostern() {
    int port = Bare.freePort();
    Path target = workplace.root().resolve("server/target");
    List<String> command =
        List.of(
            workplace.java().toString(),
            workplace.jvmOptions(),
            "-XX:AOTCache=" + target.resolve("postern.aot"),
            "-jar",
            target.resolve("postern.jar").toString(),
            "serve",
            "--data-dir",
            dataDir.toString(),
            "--http-port",
            Integer.toString(port),
            "--https-port",
            "0",
            "--admin-port",
            "0");
    return start(command, port, "/v2/users", account.basic());
  }

  private Start start(List<String> command, int port, String path, String authorization) {
    long begin = System.nanoTime();
    try (Child child = Child.start(command, Map.of(), workplace.newLog("start"))) {
      FirstAnswer.await(child, port, path, authorization, START_MS_MAX);
      double millis = (System.nanoTime() - begin) / 1e6;
      Programs.sleepMillis(scale.idle().toMillis());
      return new Start(millis, child.residentMb());
    }
  }
}
