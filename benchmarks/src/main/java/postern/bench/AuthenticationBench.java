package postern.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link KeyFilterBench}, round by round, and reads what JMH says. */
final class AuthenticationBench {
  static final String PART = "authentication";

  private static final Goal TIME = Goal.ratioAtMost(4);

  // Nothing beyond the look-up; JMH's own garbage is within the tolerance.
  private static final Goal ALLOCATION = Goal.ratioAtMost(1.05);

  private static final String DIGEST = "SHA-256 of the key's text alone";
  private static final String LOOK_UP = "that digest, and a look-up of it in a cache";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** Of one method: nanoseconds and bytes for each call. */
  private record Score(double nanos, double bytes) {}

  private final Lab lab;

  AuthenticationBench(Lab lab) {
    this.lab = lab;
  }

  List<Measurement> run() {
    ProcessorTime start = ProcessorTime.now();
    List<Map<String, Score>> rounds = new ArrayList<>();
    for (int round = 1; round <= lab.scale().starts(); round++) {
      Progress.say("Authentication, by JMH: round " + round + " of " + lab.scale().starts());
      rounds.add(round());
    }
    List<Double> yardsticks = rounds.stream().map(round -> score(round, "sha256").nanos).toList();
    Noise noise = ProcessorTime.now().since(start, Stats.spread(yardsticks));
    List<Measurement> all = new ArrayList<>();
    for (String form : List.of("basic", "bearer")) {
      String name = form.equals("basic") ? "Basic" : "Bearer";
      all.add(
          new Measurement(
              PART,
              "authentication step, " + name + ", of a key seen before",
              DIGEST,
              "ns",
              Optional.of(TIME),
              rounds.stream()
                  .map(each -> new Round(score(each, "sha256").nanos, score(each, form).nanos))
                  .toList(),
              noise));
      all.add(
          new Measurement(
              PART,
              "authentication step, " + name + ": allocated",
              LOOK_UP,
              "bytes a call",
              Optional.of(ALLOCATION),
              rounds.stream()
                  .map(each -> new Round(score(each, "lookUp").bytes, score(each, form).bytes))
                  .toList(),
              Noise.NONE));
    }
    return all;
  }

  private static Score score(Map<String, Score> round, String method) {
    Score score = round.get(method);
    if (score == null) {
      throw new BenchException("JMH did not run " + method);
    }
    return score;
  }

  private Map<String, Score> round() {
    Options options =
        new OptionsBuilder()
            .include("\\." + KeyFilterBench.class.getSimpleName() + "\\.")
            .jvm(lab.workplace().java().toString())
            .jvmArgs(
                lab.workplace().jvmOptions(),
                "-D" + KeyFilterBench.DATA_DIR + "=" + lab.server().dataDir(),
                "-D" + KeyFilterBench.KEY + "=" + lab.account().key())
            .forks(1)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(lab.scale().jmhWarmUp().toMillis()))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(lab.scale().jmh().toMillis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      return scores(new Runner(options).run());
    } catch (RunnerException e) {
      throw new BenchException("JMH failed: " + e);
    }
  }

  private static Map<String, Score> scores(Collection<RunResult> results) {
    Map<String, Score> scores = new HashMap<>();
    for (RunResult result : results) {
      String benchmark = result.getParams().getBenchmark();
      scores.put(
          benchmark.substring(benchmark.lastIndexOf('.') + 1),
          new Score(result.getPrimaryResult().getScore(), allocated(result)));
    }
    return scores;
  }

  private static double allocated(RunResult result) {
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    if (allocated == null) {
      throw new BenchException("JMH did not measure allocations");
    }
    return allocated.getScore();
  }
}
