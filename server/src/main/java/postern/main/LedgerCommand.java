package postern.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import postern.billing.LedgerCheck;

/** {@code postern ledger}: what an operator does with the ledgers. */
@Command(
    name = "ledger",
    description = "Look after the ledgers of the wallets.",
    mixinStandardHelpOptions = true,
    subcommands = LedgerCommand.Check.class,
    footer = {"", "Example:", "  postern ledger check --data-dir /var/lib/postern"})
final class LedgerCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: check");
  }

  /** {@code postern ledger check}. */
  @Command(
      name = "check",
      description = {
        "Look whether every wallet holds the sum of its entries.",
        "Every entry is followed from the first on, and so is every payment and refund."
      },
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:the books are right", "1:they are not"},
      footer = {"", "Example:", "  postern ledger check --data-dir /var/lib/postern"})
  static final class Check implements Callable<Integer> {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      LedgerCheck.Report report =
          Operator.with(
              dataDirOption.existing(),
              services ->
                  services.billing.ledgerCheck.full(Operator.progressOf("entries checked ...")));
      var out = spec.commandLine().getOut();
      report.flaws().forEach(flaw -> out.printf("family %s: %s%n", flaw.root(), flaw.what()));
      out.printf(
          "%d entries of %d wallets checked, %d with a flaw%n",
          report.entries(),
          report.wallets(),
          report.flaws().stream().map(LedgerCheck.Flaw::root).distinct().count());
      out.flush();
      return report.flaws().isEmpty() ? 0 : Failures.FAILED;
    }
  }
}
