package postern.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.core.UserId;
import postern.keys.InventedKey;

/** Requests for one user, beside a bare server that sends the same bytes. */
final class ReadsBench {
  static final String PART = "single reads";

  private static final String YARDSTICK = "a bare Helidon route that sends the same bytes";
  private static final int CHILDREN = 5;
  private static final Optional<Goal> RATE = Optional.of(Goal.ratioAtLeast(0.60));
  private static final Optional<Goal> RATE_OF_REFUSALS = Optional.of(Goal.ratioAtLeast(0.50));
  private static final Optional<Goal> TAIL = Optional.of(Goal.ratioAtMost(2));
  private static final int PROBES = 100;
  private static final long LOG_MS_MAX = 10_000;
  private static final Pattern QUERIES = Pattern.compile("status=403 .*queries=(\\d+) ");

  /** One kind of request. */
  private record Case(
      String name,
      String path,
      String authorization,
      int status,
      Optional<Goal> rate,
      Optional<Goal> tail) {}

  /** The yardstick's load, and Postern's after it. */
  private record Pair(Wrk.Load bare, Wrk.Load postern) {
    Round round(ToDoubleFunction<Wrk.Load> figure) {
      return new Round(figure.applyAsDouble(bare), figure.applyAsDouble(postern));
    }
  }

  private final Lab lab;
  private final Loads loads;
  private double bareMb;

  ReadsBench(Lab lab) {
    this.lab = lab;
    this.loads = new Loads(lab);
  }

  /** Makes what is read. */
  static void seed(Lab lab) {
    lab.storage().createChildren(lab.account(), CHILDREN);
  }

  /** The most memory that the yardstick took, in MB, once it has run. */
  double bareMb() {
    return bareMb;
  }

  List<Measurement> run() {
    Account account = lab.account();
    String child = lab.storage().childAt(account, 0);
    String stranger = new UserId(UUID.randomUUID()).toString();
    String revoked = revokedKey(account);
    List<Measurement> all =
        new ArrayList<>(
            against(
                List.of(
                    new Case(
                        "GET /v2/users, a parent of " + CHILDREN,
                        "/v2/users",
                        account.basic(),
                        200,
                        RATE,
                        TAIL),
                    new Case(
                        "GET /v2/users/{child}",
                        "/v2/users/" + child,
                        account.basic(),
                        200,
                        RATE,
                        TAIL),
                    new Case(
                        "GET /v2/users/{id} of an unknown id",
                        "/v2/users/" + stranger,
                        account.basic(),
                        404,
                        RATE_OF_REFUSALS,
                        Optional.empty()),
                    new Case(
                        "GET /v2/users with a revoked key",
                        "/v2/users",
                        Account.basic(revoked),
                        403,
                        RATE_OF_REFUSALS,
                        Optional.empty()))));
    String invented = InventedKey.of(UserId.parse(account.id()).orElseThrow());
    all.add(statements("a revoked key, seen before: statements", revoked));
    all.add(statements("an invented key, seen before: statements", invented));
    return all;
  }

  /** The same with limits that are counted and never met: the headers and the counting cost. */
  List<Measurement> runWithLimits() {
    return against(
        List.of(
            new Case(
                "GET /v2/users, a parent of " + CHILDREN + ", with limits counted",
                "/v2/users",
                lab.account().basic(),
                200,
                Optional.empty(),
                Optional.empty())));
  }

  private List<Measurement> against(List<Case> cases) {
    Path answers = lab.workplace().folder().resolve("answers-" + UUID.randomUUID());
    List<RecordedAnswer> recorded = new ArrayList<>();
    for (Case each : cases) {
      RecordedAnswer answer = RecordedAnswer.of(lab.server().url(), each.path, each.authorization);
      if (answer.status() != each.status) {
        throw new BenchException(each.name + " answered " + answer.text());
      }
      Bare.record(answers, recorded.size(), answer);
      recorded.add(answer);
    }
    List<Measurement> all = new ArrayList<>();
    try (Bare bare = Bare.start(lab.workplace(), answers)) {
      lab.beginPart();
      for (int i = 0; i < cases.size(); i++) {
        recorded.get(i).requireSame(RecordedAnswer.of(bare.url(), "/" + i + "/", ""));
        all.addAll(measure(cases.get(i), bare.child(), bare.url() + "/" + i + cases.get(i).path));
      }
      lab.endPart(PART);
      bareMb = bare.child().peakMb();
    }
    return all;
  }

  private List<Measurement> measure(Case each, Child bareServer, String bareUrl) {
    Wrk.Target bare = Wrk.Target.get(bareUrl, each.authorization);
    Wrk.Target postern = Wrk.Target.get(lab.server().url() + each.path, each.authorization);
    Progress.say(each.name + ": warming up");
    loads.warmUp(
        bareServer, slice -> loads.checked(bare, each.status, Loads.CONNECTIONS, slice).requests());
    loads.warmUp(
        lab.server().child(),
        slice -> loads.postern(postern, each.status, Loads.CONNECTIONS, slice).requests());
    ProcessorTime before = ProcessorTime.now();
    List<Round> rates = new ArrayList<>();
    List<Round> tails = new ArrayList<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      Progress.say(each.name + ": round " + round + " of " + lab.scale().rounds());
      List<Pair> turns = new ArrayList<>();
      for (int i = 0; i < lab.scale().turns(); i++) {
        turns.add(pair(bare, postern, each.status, lab.scale().turn()));
      }
      rates.add(Round.mean(turns.stream().map(pair -> pair.round(Wrk.Load::perSecond)).toList()));
      // The connections of a turn are new ones, and the goal is about such as are kept.
      Pair whole =
          turns.size() == 1
              ? turns.getFirst()
              : pair(bare, postern, each.status, lab.scale().load());
      tails.add(whole.round(Wrk.Load::p99Ms));
    }
    List<Double> ofYardstick = rates.stream().map(Round::yardstick).toList();
    Noise noise = ProcessorTime.now().since(before, Stats.spread(ofYardstick));
    return List.of(
        measurement(each.name, "answers/s", each.rate, rates, noise),
        measurement(each.name + ": p99", "ms", each.tail, tails, noise));
  }

  private Pair pair(Wrk.Target bare, Wrk.Target postern, int status, Duration duration) {
    return new Pair(
        loads.checked(bare, status, Loads.CONNECTIONS, duration),
        loads.postern(postern, status, Loads.CONNECTIONS, duration));
  }

  private static Measurement measurement(
      String workload, String unit, Optional<Goal> goal, List<Round> rounds, Noise noise) {
    return new Measurement(PART, workload, YARDSTICK, unit, goal, rounds, noise);
  }

  private String revokedKey(Account account) {
    String keys = lab.server().url() + "/v2/api_keys";
    Map<?, ?> issued =
        Server.parse(
            Http.send("POST", keys, account.basic(), "{\"api_key\":{\"mode\":\"production\"}}")
                .expect(201)
                .text());
    Http.send("DELETE", keys + "/" + issued.get("id"), account.basic(), "").expect(204);
    return String.valueOf(issued.get("key"));
  }

  /** Statements for a key that is refused, by the server's own log: counted, not timed. */
  private Measurement statements(String workload, String key) {
    String url = lab.server().url() + "/v2/users";
    Http.get(url, Account.basic(key)).expect(403);
    // Lines are written a tenth of a second late at the most: that of the first look is not
    // counted.
    Programs.sleepMillis(500);
    lab.server().child().emptyLog();
    for (int i = 0; i < PROBES; i++) {
      Http.get(url, Account.basic(key)).expect(403);
    }
    List<Integer> statements = List.of();
    for (long waited = 0; statements.size() < PROBES; waited += 100) {
      if (waited > LOG_MS_MAX) {
        throw new BenchException("the log tells of " + statements.size() + " refusals only");
      }
      Programs.sleepMillis(100);
      statements = statementsIn(Programs.read(lab.server().child().log()));
    }
    double each = statements.stream().mapToInt(Integer::intValue).sum() / (double) PROBES;
    return new Measurement(
        PART,
        workload,
        "none",
        "statements a request",
        Optional.of(Goal.valueAtMost(0)),
        List.of(new Round(0, each)),
        Noise.NONE);
  }

  static List<Integer> statementsIn(String log) {
    Matcher matcher = QUERIES.matcher(log);
    List<Integer> statements = new ArrayList<>();
    while (matcher.find()) {
      statements.add(Integer.parseInt(matcher.group(1)));
    }
    return statements;
  }
}
