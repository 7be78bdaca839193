package postern.main;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import postern.audit.AuditVerify;
import postern.core.UserId;

/** {@code postern audit}: what an operator does with the audit log. */
@Command(
    name = "audit",
    description = "Look after the audit log.",
    mixinStandardHelpOptions = true,
    subcommands = AuditCommand.Verify.class,
    footer = {"", "Example:", "  postern audit verify --data-dir /var/lib/postern"})
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: verify");
  }

  /** {@code postern audit verify}. */
  @Command(
      name = "verify",
      description = {
        "Look whether the audit log is as it was written.",
        "Of each family the first row is named that was edited, deleted or moved."
      },
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:every row is as it was written", "1:a row is not"},
      footer = {
        "",
        "Examples:",
        "  postern audit verify --data-dir /var/lib/postern",
        "  postern audit verify --family user_019ab1d2c3e47a0f8b6d5e4c3b2a1908"
      })
  static final class Verify implements Callable<Integer> {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();

    @Option(
        names = "--family",
        paramLabel = "ID",
        description = "Only the family of this top-level user.")
    private @Nullable String family;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      Optional<UserId> only = Optional.ofNullable(family).map(this::parsed);
      AuditVerify.Report report =
          Operator.with(
              dataDirOption.existing(),
              services ->
                  new AuditVerify(services.database, services.journals.signer)
                      .run(only, Operator.progressOf("entries verified ...")));
      report
          .flaws()
          .forEach(
              flaw ->
                  spec.commandLine()
                      .getOut()
                      .printf("family %s, entry %d: %s%n", flaw.root(), flaw.seq(), flaw.what()));
      spec.commandLine()
          .getOut()
          .printf(
              "%d entries of %d families verified, %d families with a flaw%n",
              report.rows(), report.families(), report.flaws().size());
      spec.commandLine().getOut().flush();
      return report.flaws().isEmpty() ? 0 : Failures.FAILED;
    }

    private UserId parsed(String text) {
      return UserId.parse(text)
          .orElseThrow(
              () -> new ParameterException(spec.commandLine(), "--family must be a user's ID"));
    }
  }
}
