package postern.main;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import postern.crypto.Sealer;

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
        "Add a new key to the keyset; from now on secrets are sealed with it.",
        "What was sealed before stays readable, and a running server follows by itself."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern keys rotate-keyset --data-dir /var/lib/postern"})
  static final class RotateKeyset implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      int keyId = Sealer.open(dataDirOption.path()).rotate();
      spec.commandLine()
          .getOut()
          .printf("secrets are sealed with key %s from now on%n", Integer.toUnsignedString(keyId));
      spec.commandLine().getOut().flush();
    }
  }
}
