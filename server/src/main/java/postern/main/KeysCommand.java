package postern.main;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import postern.keys.ResealKeys;

/** {@code postern keys}: what keeps API keys secret at rest. */
@Command(
    name = "keys",
    description = "Manage the keyset that seals API keys at rest.",
    mixinStandardHelpOptions = true,
    subcommands = KeysCommand.RotateKeyset.class,
    footer = {"", "Example:", "  postern keys rotate-keyset --data-dir /var/lib/postern"})
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: rotate-keyset");
  }

  /** {@code postern keys rotate-keyset}. */
  @Command(
      name = "rotate-keyset",
      description = {
        "Add a new key to the keyset and seal every API key with it.",
        "A running server follows by itself; broken off, it can be run again."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern keys rotate-keyset --data-dir /var/lib/postern"})
  static final class RotateKeyset implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      int resealed =
          Operator.with(
              dataDirOption.existing(),
              services -> {
                services.sealer.rotate();
                return new ResealKeys(services.database, services.sealer).run();
              });
      spec.commandLine()
          .getOut()
          .printf("the keyset has a new key; %d API keys are sealed with it%n", resealed);
      spec.commandLine().getOut().flush();
    }
  }
}
