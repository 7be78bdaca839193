package postern.bench;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import postern.accounts.CreateUsers;
import postern.core.Credential;
import postern.core.Ids;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Sealer;
import postern.keys.KeyTexts;
import postern.keys.Keys;
import postern.keys.VerifiedKeys;
import postern.sql.Database;
import postern.sql.EmbeddedPostgres;

/**
 * The embedded PostgreSQL of a server that runs: what is seeded, and what is measured beside it.
 */
final class Storage implements AutoCloseable {
  private static final Duration STATEMENT_MAX = Duration.ofMinutes(10);
  private static final int CHILDREN_AT_ONCE = 1_000;
  private static final int ROWS_AT_ONCE = 100_000;
  private static final Duration DRAIN_MAX = Duration.ofMinutes(5);
  // Tells of each start and end, and is kept, so that its level is.
  private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");
  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([0-9.]+)");
  private static final String NOTHING_DONE = "transactions actually processed: 0\n";
  private static final Pattern FAILED =
      Pattern.compile("(?m)^number of failed transactions: (\\d+)");

  private final Path dataDir;
  private final Database database;

  private Storage(Path dataDir, Database database) {
    this.dataDir = dataDir;
    this.database = database;
  }

  /** Opens the one that a server runs on a data directory. */
  static Storage of(Server server) {
    return new Storage(server.dataDir(), open(server.dataDir()));
  }

  /** A pool on the PostgreSQL that a server runs on a data directory. */
  static Database open(Path dataDir) {
    POOL.setLevel(Level.WARNING);
    return Database.open(
        EmbeddedPostgres.attach(dataDir, "postgres")
            .orElseThrow(() -> new BenchException("no PostgreSQL runs on " + dataDir)),
        new Database.Settings(2, Duration.ofSeconds(30), STATEMENT_MAX),
        InstantSource.system());
  }

  /** Makes a top-level account that may make more of them, as an operator does. */
  static Account createPartner(Workplace workplace, Server server) {
    String printed =
        Programs.run(
            workplace.root().resolve("bin/postern").toString(),
            "account",
            "create",
            "--data-dir",
            server.dataDir().toString(),
            "--email",
            "partner@example.com",
            "--name",
            "Partner",
            "--partner");
    return accountIn(printed.substring(printed.indexOf('{')));
  }

  /** Makes a top-level account, as a partner does. */
  static Account createAccount(Server server, Account partner, String name) {
    String body =
        "{\"user\":{\"name\":\"%s\",\"email\":\"%s@example.com\",\"phone\":\"1\"}}"
            .formatted(name, name);
    return accountIn(
        Http.send("POST", server.url() + "/v2/referral_customers", partner.basic(), body)
            .expect(201)
            .text());
  }

  private static Account accountIn(String json) {
    return new Account(String.valueOf(Server.parse(json).get("id")), productionKey(json));
  }

  private static String productionKey(String json) {
    Matcher matcher = Pattern.compile("\"(EZAK[0-9A-Za-z]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new BenchException("no key in " + json);
    }
    return matcher.group(1);
  }

  /** Gives an account children with their keys, by the same class as requests, many at once. */
  void createChildren(Account account, int count) {
    UserId root = UserId.parse(account.id()).orElseThrow();
    SecureRandom random = new SecureRandom();
    Ids ids = new Ids(random);
    Keys keys =
        new Keys(
            Sealer.open(dataDir),
            new VerifiedKeys(database, 1, () -> false),
            new KeyTexts(random),
            ids);
    // Events and audit entries of them would only keep the server busy.
    CreateUsers createUsers =
        new CreateUsers(database, keys, ids, (tx, entries) -> {}, "8005550100", 1);
    Principal operator =
        new Principal(
            root, root, new Credential.Key(new KeyId(UUID.randomUUID())), Mode.PRODUCTION);
    for (int made = 0; made < count; made += CHILDREN_AT_ONCE) {
      List<CreateUsers.Command> commands =
          IntStream.range(made, Math.min(count, made + CHILDREN_AT_ONCE))
              .mapToObj(
                  n ->
                      new CreateUsers.Command(
                          Optional.of("Child " + n), Optional.empty(), Optional.empty(), "user."))
              .toList();
      if (createUsers.run(operator, commands).size() != commands.size()) {
        throw new BenchException("not all children were made");
      }
    }
  }

  /** Gives an account children without keys, a second apart, by one statement for many. */
  void insertChildren(Account account, int count) {
    for (int made = 0; made < count; made += ROWS_AT_ONCE) {
      int upTo = Math.min(count, made + ROWS_AT_ONCE);
      int from = made + 1;
      int inserted =
          database.write(
              tx ->
                  tx.execute(
                      """
                      insert into users (root_id, id, parent_id, brand_id, name, phone_number,
                        created_at, updated_at)
                      select root_id, id, root_id, brand_id, name, '8005550100',
                        uuid_extract_timestamp(id), uuid_extract_timestamp(id)
                      from (
                        select ?::uuid as root_id, uuidv7(make_interval(secs => n - ?)) as id,
                          uuidv7() as brand_id, 'Child ' || n as name
                        from generate_series(?::int, ?::int) as n
                      ) as new
                      """,
                      UUID.fromString(dashed(account)),
                      count,
                      from,
                      upTo));
      if (inserted != upTo - made) {
        throw new BenchException("only " + inserted + " children were inserted");
      }
      if (count > ROWS_AT_ONCE) {
        Progress.say("  " + upTo + " of " + count + " children");
      }
    }
  }

  static String dashed(Account account) {
    return UserId.parse(account.id()).orElseThrow().uuid().toString();
  }

  /** The child at a place, from 0, in the order of lists. */
  String childAt(Account account, int place) {
    return database
        .read(
            tx ->
                tx.one(
                    """
                    select id
                    from users
                    where root_id = ? and parent_id is not null and deleted_at is null
                    order by created_at, id
                    offset ?
                    limit 1
                    """,
                    row -> new UserId(row.uuid("id")),
                    UUID.fromString(dashed(account)),
                    place))
        .orElseThrow()
        .toString();
  }

  /** Waits until the server has done what it does after the commits: places and chains. */
  void awaitQuiet() {
    long end = System.nanoTime() + DRAIN_MAX.toNanos();
    while (database.read(
        tx ->
            tx.one(
                    """
                    select exists (select from event_feed where position is null)
                      or exists (select from audit_log where seq is null) as busy
                    """,
                    row -> row.flag("busy"))
                .orElseThrow())) {
      if (System.nanoTime() > end) {
        throw new BenchException("events and audit entries are not worked off");
      }
      Programs.sleepMillis(100);
    }
  }

  String version() {
    return database
        .read(tx -> tx.one("select version() as version", row -> row.text("version")))
        .orElseThrow();
  }

  /** Runs psql; returns what it printed. */
  String psql(String... statements) {
    List<String> command = new ArrayList<>();
    command.add(Workplace.postgresProgram("psql").toString());
    command.addAll(List.of("-q", "-v", "ON_ERROR_STOP=1"));
    command.addAll(where());
    command.addAll(List.of("-d", "postgres"));
    for (String statement : statements) {
      command.addAll(List.of("-c", statement));
    }
    return Programs.run(command, environment());
  }

  /** Transactions a second of a script with the id of a family. */
  double pgbench(Path script, Account account, int connections, Duration duration) {
    return Patience.firstOf(
        "pgbench",
        duration,
        longEnough ->
            transactionsPerSecond(
                Programs.run(
                    pgbenchCommand(script, account, connections, longEnough), environment())));
  }

  private List<String> pgbenchCommand(
      Path script, Account account, int connections, Duration duration) {
    List<String> command = new ArrayList<>();
    command.add(Workplace.postgresProgram("pgbench").toString());
    command.addAll(List.of("-n", "-M", "prepared", "-D", "root=" + dashed(account)));
    command.addAll(List.of("-c", "" + connections, "-j", "" + Math.min(2, connections)));
    command.addAll(List.of("-T", "" + duration.toSeconds(), "-f", script.toString()));
    command.addAll(where());
    command.add("postgres");
    return command;
  }

  /** Reads what pgbench printed; empty where it carried nothing out. */
  static Optional<Double> transactionsPerSecond(String output) {
    if (output.contains(NOTHING_DONE)) {
      return Optional.empty();
    }
    Matcher tps = TPS.matcher(output);
    Matcher failed = FAILED.matcher(output);
    if (!tps.find() || !failed.find() || !failed.group(1).equals("0")) {
      throw new BenchException("pgbench failed: " + output);
    }
    return Optional.of(Double.parseDouble(tps.group(1)));
  }

  private List<String> where() {
    return List.of("-h", dataDir.resolve("postgres").toString(), "-U", "postern");
  }

  private Map<String, String> environment() {
    return Map.of("PGPASSWORD", Programs.read(dataDir.resolve("postgres-password")).strip());
  }

  @Override
  public void close() {
    database.close();
  }
}
