package postern.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import postern.accounts.HalfDone;
import postern.audit.AuditVerify;
import postern.billing.LedgerCheck;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.HttpSettings;
import postern.config.Settings;
import postern.core.ApiException;
import postern.crypto.CryptoSetupException;
import postern.crypto.LocalCa;
import postern.crypto.ServerIdentity;
import postern.sql.DataDirectoryLock;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.sql.PostgresStartException;
import postern.sql.ServerFacts;

/** Looks at everything that a server depends on, from the outside in. */
final class Doctor {
  /** How something is. */
  enum Health {
    WELL("ok"),
    DOUBTFUL("look at"),
    ILL("DO");

    private final String word;

    Health(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * What was found.
   *
   * @param advice what to do; empty where nothing is to be done
   */
  record Finding(Health health, String what, String advice) {}

  private static final Duration CLOCK_OFF_MAX = Duration.ofSeconds(1);
  private static final Duration CERTIFICATE_LEFT_MIN = Duration.ofDays(14);
  private static final long DISK_FREE_BYTES_MIN = 1L << 30;
  private static final long DISK_FREE_PERCENT_MIN = 5;
  private static final int CONNECTIONS_BESIDE_POOL = 8;
  private static final long BYTES_PER_MEGABYTE = 1_000_000;
  private static final List<String> SECRET_FILES =
      List.of("keyset.json", "signing-key", "postgres-password", "tls/ca-key.pem");

  private final Path dataDir;
  private final Config config;
  private final Consumer<Finding> report;
  private final InstantSource clock = InstantSource.system();

  Doctor(Path dataDir, Config config, Consumer<Finding> report) {
    this.dataDir = dataDir;
    this.config = config;
    this.report = report;
  }

  void examine() {
    well("Postern " + VersionCommand.version() + ", Java " + Runtime.version());
    try {
      disk();
      permissions();
      certificate();
    } catch (IOException e) {
      ill(dataDir + " cannot be looked at: " + e.getMessage(), "run this as its owner");
    }
    try (Storage storage = Storage.borrow(dataDir, config, Operator::progress)) {
      postgres(storage.address());
      if (schema(storage.address())) {
        invariants(storage.address());
      }
    } catch (PostgresStartException | DataDirectoryLock.HeldException e) {
      ill(String.valueOf(e.getMessage()), "start PostgreSQL, or correct storage.url");
    } catch (ApiException e) {
      ill("the database does not answer", "look at its log, then run this again");
    }
  }

  private void disk() throws IOException {
    long free = Files.getFileStore(dataDir).getUsableSpace();
    long percent = 100 * free / Math.max(1, Files.getFileStore(dataDir).getTotalSpace());
    String what =
        free / BYTES_PER_MEGABYTE + " MB (" + percent + " %) are free where " + dataDir + " is";
    if (free < DISK_FREE_BYTES_MIN || percent < DISK_FREE_PERCENT_MIN) {
      ill(what, "make room: without it nothing can be written, and requests get 503");
    } else {
      well(what);
    }
  }

  private void permissions() throws IOException {
    if (!Files.getFileStore(dataDir).supportsFileAttributeView("posix")) {
      doubtful("whether others can read the keys is not known", "look at who may read " + dataDir);
      return;
    }
    List<String> open = new ArrayList<>();
    for (String name : SECRET_FILES) {
      Path file = dataDir.resolve(name);
      if (Files.exists(file)) {
        Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
        granted.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        if (!granted.isEmpty()) {
          open.add(file.toString());
        }
      }
    }
    if (open.isEmpty()) {
      well("the keys in " + dataDir + " are their owner's alone");
    } else {
      ill(
          "others can read " + String.join(", ", open),
          "chmod 600 " + String.join(" ", open) + ", and think of those who could read them");
    }
  }

  private void certificate() {
    try {
      Optional<Instant> expiresAt =
          config
              .get(HttpSettings.TLS_CERTIFICATE)
              .map(
                  file ->
                      ServerIdentity.fromPem(
                          file,
                          config
                              .get(HttpSettings.TLS_KEY)
                              .orElseThrow(() -> new ConfigException("tls.key is not set")),
                          clock))
              .or(() -> ownIdentity())
              .map(ServerIdentity::expiresAt);
      if (expiresAt.isEmpty()) {
        well("the local CA makes a certificate at the first start");
      } else if (expiresAt.get().isBefore(clock.instant().plus(CERTIFICATE_LEFT_MIN))) {
        ill(
            "the certificate ends at " + expiresAt.get(),
            "renew the file at tls.certificate and start the server again");
      } else {
        well("the certificate is valid until " + expiresAt.get());
      }
    } catch (CryptoSetupException | ConfigException e) {
      ill(String.valueOf(e.getMessage()), "correct tls.certificate and tls.key");
    }
  }

  private Optional<ServerIdentity> ownIdentity() {
    return java.nio.file.Files.exists(dataDir.resolve("tls/ca-key.pem"))
        ? Optional.of(LocalCa.open(dataDir, clock).identity(config.get(HttpSettings.TLS_NAMES)))
        : Optional.empty();
  }

  private void postgres(PostgresAddress address) {
    ServerFacts facts = ServerFacts.of(address);
    well("PostgreSQL " + facts.version() + " answers");
    Duration off = Duration.between(facts.clock(), clock.instant()).abs();
    if (off.compareTo(CLOCK_OFF_MAX) > 0) {
      ill(
          "the clocks of this machine and of PostgreSQL differ by " + off.toMillis() + " ms",
          "let both follow the same time server");
    } else {
      well("the clocks of this machine and of PostgreSQL agree");
    }
    for (String name : List.of("fsync", "full_page_writes", "synchronous_commit")) {
      if (facts.setting(name).equals("off")) {
        ill(
            "PostgreSQL's " + name + " is off: what was acknowledged can be lost",
            "set " + name + " = on");
      }
    }
    if (!facts.setting("server_encoding").equals("UTF8")) {
      ill(
          "the database's encoding is " + facts.setting("server_encoding"),
          "make a database with encoding UTF8");
    }
    int connections = Integer.parseInt(facts.setting("max_connections"));
    int wanted = config.get(Settings.POOL_SIZE) + CONNECTIONS_BESIDE_POOL;
    if (connections < wanted) {
      ill(
          "PostgreSQL takes " + connections + " connections, a node wants " + wanted,
          "raise max_connections, or lower storage.pool-size");
    }
    if (facts.setting("data_checksums").equals("off")) {
      doubtful(
          "PostgreSQL's data_checksums is off: damage on the disk can go unnoticed",
          "run pg_checksums --enable while PostgreSQL is stopped");
    }
  }

  private boolean schema(PostgresAddress address) {
    String version = Migrations.version(address);
    String newest = Migrations.newest(address);
    if (version.equals(newest)) {
      well("the schema is at version " + version);
      return true;
    }
    doubtful(
        "the schema is at version " + version + ", this program needs " + newest,
        "run 'postern migrate', or start the server");
    return false;
  }

  private void invariants(PostgresAddress address) {
    try (Services services = new Services(config, dataDir, address, clock, new SecureRandom())) {
      List<HalfDone.Flaw> halfDone = new HalfDone(services.database).find();
      halfDone.forEach(
          flaw -> ill(flaw.count() + " " + flaw.what(), "restore a backup, and tell us"));
      if (halfDone.isEmpty()) {
        well("nothing is there by half");
      }
      LedgerCheck.Report ledger =
          services.billing.ledgerCheck.full(Operator.progressOf("entries checked ..."));
      if (ledger.flaws().isEmpty()) {
        well(ledger.entries() + " entries of " + ledger.wallets() + " wallets add up");
      } else {
        ill("the ledger does not add up", "run 'postern ledger check' to see where");
      }
      AuditVerify.Report audit =
          new AuditVerify(services.database, services.journals.signer)
              .run(Optional.empty(), Operator.progressOf("entries verified ..."));
      if (audit.flaws().isEmpty()) {
        well(audit.rows() + " entries of the audit log are as they were written");
      } else {
        ill("the audit log was changed", "run 'postern audit verify' to see where");
      }
      keyset(services);
    }
  }

  private void keyset(Services services) {
    long unreadable = services.keys.unreadable(services.database);
    if (unreadable == 0) {
      well("the keyset opens the API keys");
    } else {
      ill(
          unreadable + " API keys cannot be opened",
          "put the keyset.json back that belongs to this database; it is in the backup");
    }
  }

  private void well(String what) {
    report.accept(new Finding(Health.WELL, what, ""));
  }

  private void doubtful(String what, String advice) {
    report.accept(new Finding(Health.DOUBTFUL, what, advice));
  }

  private void ill(String what, String advice) {
    report.accept(new Finding(Health.ILL, what, advice));
  }
}
