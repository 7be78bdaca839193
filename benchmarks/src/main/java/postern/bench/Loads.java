package postern.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Loads servers, and makes sure that every answer was the one that was to be measured. */
final class Loads {
  static final int CONNECTIONS = 64;

  /** Compilers rest when they take at most this much of one processor. */
  private static final double COMPILING_MAX = 0.05;

  /**
   * What is called once a request is compiled for good after 5,000 calls (Tier4InvocationThreshold
   * of the JVM). Before that, compilers that rest have yet to begin.
   */
  static final long WARM_UP_REQUESTS_MIN = 10_000;

  private static final int FIRST_REFUSAL = 400;

  private final Lab lab;

  Loads(Lab lab) {
    this.lab = lab;
  }

  /**
   * Loads Postern.
   *
   * @throws BenchException if an answer failed or had another status
   */
  Wrk.Load postern(Wrk.Target target, int status, int connections, Duration duration) {
    lab.server().child().emptyLog();
    Map<Integer, Long> before = lab.server().answered();
    Wrk.Load load = checked(target, status, connections, duration);
    lab.server()
        .answered()
        .forEach(
            (other, count) -> {
              if (other != status && !count.equals(before.getOrDefault(other, 0L))) {
                throw new BenchException(target.url() + " was answered with " + other + " too");
              }
            });
    return load;
  }

  /**
   * Loads a server until it has answered enough for its compilers to begin, and they rest: what is
   * measured from then on is what lasts, and no processor is taken away by what will be over soon.
   *
   * @param load loads it for so long, and tells how many requests were answered
   */
  void warmUp(Child server, ToLongFunction<Duration> load) {
    Duration slice = lab.scale().warmUp();
    double before = server.compilerSeconds();
    long requests = 0;
    for (int i = 0; i < lab.scale().warmUps(); i++) {
      requests += load.applyAsLong(slice);
      double now = server.compilerSeconds();
      boolean isResting = now - before <= COMPILING_MAX * slice.toMillis() / 1_000;
      if (isResting && requests >= WARM_UP_REQUESTS_MIN) {
        return;
      }
      before = now;
    }
  }

  /** Loads the yardstick, or any other server. */
  Wrk.Load checked(Wrk.Target target, int status, int connections, Duration duration) {
    Wrk.Load load =
        Patience.firstOf(
            target.url(),
            duration,
            longEnough ->
                Optional.of(lab.wrk().run(target, connections, longEnough))
                    .filter(each -> each.requests() > 0 || each.failures() > 0));
    long refusalsExpected = status < FIRST_REFUSAL ? 0 : load.requests();
    if (load.failures() > 0 || load.refusals() != refusalsExpected) {
      throw new BenchException(target.url() + " was not answered with " + status + ": " + load);
    }
    return load;
  }
}
