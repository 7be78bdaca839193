package postern.main;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, and what may be used where. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  private static final List<String> PLATFORM =
      List.of("http", "sql", "json", "jobs", "cache", "crypto", "config");

  /** For each package, those above or beside it, which it must not know. */
  private static final Map<String, List<String>> ABOVE =
      Map.ofEntries(
          Map.entry(
              "core",
              List.of(
                  "http",
                  "sql",
                  "json",
                  "jobs",
                  "crypto",
                  "config",
                  "journal",
                  "events",
                  "webhooks",
                  "mail",
                  "people",
                  "billing",
                  "keys")),
          Map.entry(
              "journal",
              List.of(
                  "http",
                  "crypto",
                  "mail",
                  "people",
                  "events",
                  "webhooks",
                  "audit",
                  "billing",
                  "keys")),
          Map.entry(
              "mail",
              List.of("http", "json", "people", "events", "webhooks", "audit", "billing", "keys")),
          Map.entry("people", List.of("json", "events", "webhooks", "audit", "billing", "keys")),
          Map.entry("webhooks", List.of("http", "mail", "people", "audit", "billing", "keys")),
          Map.entry(
              "audit", List.of("http", "mail", "people", "events", "webhooks", "billing", "keys")),
          Map.entry(
              "events", List.of("audit", "webhooks", "http", "mail", "people", "billing", "keys")),
          Map.entry(
              "billing",
              List.of("keys", "http", "json", "mail", "people", "events", "webhooks", "audit")),
          Map.entry(
              "limits",
              List.of("json", "billing", "keys", "mail", "people", "events", "webhooks", "audit")),
          Map.entry(
              "keys",
              List.of("billing", "mail", "people", "events", "webhooks", "audit", "limits")),
          Map.entry(
              "idempotency",
              List.of(
                  "billing",
                  "keys",
                  "mail",
                  "people",
                  "events",
                  "webhooks",
                  "audit",
                  "limits",
                  "backup")),
          Map.entry(
              "backup",
              List.of(
                  "http",
                  "billing",
                  "keys",
                  "mail",
                  "people",
                  "events",
                  "webhooks",
                  "audit",
                  "limits",
                  "idempotency")));

  /** Where each library lives. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("tools.jackson..", List.of("json")),
          Map.entry("io.helidon..", List.of("http")),
          Map.entry("com.google.crypto.tink..", List.of("crypto")),
          Map.entry("org.bouncycastle..", List.of("crypto")),
          Map.entry("com.zaxxer..", List.of("sql")),
          Map.entry("org.postgresql..", List.of("sql")),
          Map.entry("org.flywaydb..", List.of("sql")),
          Map.entry("org.apache.hc..", List.of("webhooks")),
          Map.entry("com.stripe..", List.of("billing.gateway")),
          Map.entry("jakarta.mail..", List.of("mail")),
          Map.entry("org.eclipse.angus..", List.of("mail")),
          Map.entry("com.eatthepath..", List.of("crypto")),
          Map.entry("gg.jte..", List.of("dashboard")),
          Map.entry("io.github.bucket4j..", List.of("limits")),
          Map.entry("io.lettuce..", List.of("limits")),
          Map.entry("io.nayuki..", List.of("dashboard")),
          Map.entry("picocli..", List.of("main")),
          Map.entry("io.micrometer..", List.of("main")));

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> "postern." + name + "..").toArray(String[]::new);
  }

  @Test
  void readsTheWholeProgram() {
    assertThat(CLASSES.contain(App.class)).isTrue();
    assertThat(CLASSES.size()).isGreaterThan(150);
  }

  @Test
  void hasNoCircles() {
    slices().matching("postern.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void pointsDown() {
    ABOVE.forEach(
        (name, above) ->
            noClasses()
                .that()
                .resideInAPackage("postern." + name + "..")
                .and()
                .resideOutsideOfPackage("postern.*.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(above))
                .check(CLASSES));
    noClasses()
        .that()
        .resideInAnyPackage(packages(PLATFORM))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            packages(
                List.of(
                    "accounts",
                    "keys",
                    "billing",
                    "people",
                    "mail",
                    "events",
                    "webhooks",
                    "audit",
                    "journal")))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(
            packages(
                List.of(
                    "core",
                    "journal",
                    "mail",
                    "people",
                    "events",
                    "webhooks",
                    "audit",
                    "keys",
                    "billing")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.accounts..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("postern.main..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.main..")
        .check(CLASSES);
  }

  @Test
  void keepsTheWebSideToMain() {
    noClasses()
        .that()
        .resideInAPackage("postern..")
        .and()
        .resideOutsideOfPackages("postern.main..", "postern.dashboard..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.dashboard..")
        .check(CLASSES);
  }

  @Test
  void keepsHttpOutOfTheRules() {
    noClasses()
        .that()
        .resideInAnyPackage("postern.accounts", "postern.keys", "postern.billing", "postern.people")
        .and()
        // They are the doors: they stand between the two.
        .doNotHaveSimpleName("KeyFilter")
        .and()
        .doNotHaveSimpleName("SessionFilter")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("postern.http..", "postern.json..")
        .check(CLASSES);
  }

  @Test
  void keepsRoutesToMainAndToTheRoutesAbove() {
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.accounts.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.accounts.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.accounts.web..", "postern.keys.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.keys.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.billing.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.billing.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.audit.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.audit.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.webhooks.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.webhooks.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("postern.main..", "postern.events.web..", "postern.webhooks.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("postern.events.web..")
        .check(CLASSES);
  }

  @Test
  void keepsEachLibraryInItsPackage() {
    LIBRARIES.forEach(
        (library, homes) ->
            noClasses()
                .that()
                .resideInAPackage("postern..")
                .and()
                .resideOutsideOfPackages(packages(homes))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES));
  }

  @Test
  void keepsTimeAndChanceAtTheEdge() {
    String[] edge = packages(Stream.concat(PLATFORM.stream(), Stream.of("main")).toList());
    noClasses()
        .that()
        .resideOutsideOfPackages(edge)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callConstructor(SecureRandom.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(CLASSES);
  }
}
