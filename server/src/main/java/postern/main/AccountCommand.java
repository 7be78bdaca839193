package postern.main;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import postern.accounts.CreateAccount;
import postern.accounts.UserLimits;
import postern.config.Settings;
import postern.core.Checks;
import postern.json.Json;
import postern.json.JsonBody;

/** {@code postern account}: top-level accounts, which no API call can make. */
@Command(
    name = "account",
    description = "Create and list top-level accounts, and let people into them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AccountCommand.Create.class,
      AccountCommand.ListAll.class,
      AccountCommand.Invite.class,
      AccountCommand.ResetPassword.class,
      AccountCommand.DisableSecondFactor.class
    },
    footer = {
      "",
      "Examples:",
      "  postern account create --email ops@example.com --name Acme",
      "  postern account list",
      "  postern account invite ada@example.com",
      "  postern account reset-password ops@example.com",
      "  postern account disable-second-factor ops@example.com"
    })
final class AccountCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to do: create, list, invite, reset-password or disable-second-factor");
  }

  /** {@code postern account create}. */
  @Command(
      name = "create",
      description = "Create a top-level account and print it, with its keys, as JSON.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  postern account create --email ops@example.com --name Acme",
        "  postern account create --email ops@example.com --name Acme --partner > acme.json"
      })
  static final class Create implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--email", required = true, paramLabel = "ADDRESS", description = "Its e-mail.")
    private String email = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(names = "--partner", description = "It may have referral customers.")
    private boolean partner;

    @Override
    public void run() {
      CreateAccount.Command command =
          CreateAccount.Command.checked(name, email, Optional.empty(), partner);
      CreateAccount.Created created =
          Operator.with(
              dataDirOption.existing(), services -> services.opening.createAccount.run(command));
      print(spec, out -> AccountJson.writeCreated(out, created));
    }
  }

  /** {@code postern account list}. */
  @Command(
      name = "list",
      description = "Print the top-level accounts, without their keys, one JSON object a line.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern account list --data-dir /var/lib/postern"})
  static final class ListAll implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      Operator.with(
          dataDirOption.existing(),
          services -> {
            services.accounts.forEach(
                account -> print(spec, out -> AccountJson.write(out, account)));
            return true;
          });
    }
  }

  /** {@code postern account invite}. */
  @Command(
      name = "invite",
      description = {
        "Invite somebody to open an account on the web.",
        "Prints the link, which works once, within 7 days, where signup.mode is invited or open;"
            + " it is mailed too where mail.url is set."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern account invite ada@example.com"})
  static final class Invite implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ADDRESS", description = "The e-mail address.")
    private String email = "";

    @Override
    public void run() {
      Checks checks = new Checks();
      Optional<String> address = UserLimits.email(checks, "ADDRESS", email);
      checks.throwIfAny();
      String link =
          Operator.with(dataDirOption.existing(), services -> link(services, address.orElse("")));
      print(spec, link);
    }

    private String link(Services services, String address) {
      if (services.config.get(Settings.SIGNUP_MODE).equals("closed")) {
        throw new ParameterException(
            spec.commandLine(), "signup.mode is closed: set it to invited or open first");
      }
      return services.publicUrl.get()
          + "/invitation/"
          + services.opening.signUp.invite(address).reveal();
    }
  }

  /** {@code postern account reset-password}. */
  @Command(
      name = "reset-password",
      description = {
        "Let somebody choose a new password, or the first one of an account that you have created.",
        "Prints a link, which works once, within one hour. Hand it to nobody but its owner."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern account reset-password ops@example.com"})
  static final class ResetPassword implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ADDRESS", description = "The e-mail address of the account.")
    private String email = "";

    @Override
    public void run() {
      Optional<String> link =
          Operator.with(
              dataDirOption.existing(),
              services ->
                  services
                      .people
                      .resetPassword
                      .linkFor(email)
                      .map(
                          token -> services.publicUrl.get() + "/reset-password/" + token.reveal()));
      print(
          spec,
          link.orElseThrow(
              () -> new ParameterException(spec.commandLine(), "nobody logs in with " + email)));
    }
  }

  /** {@code postern account disable-second-factor}. */
  @Command(
      name = "disable-second-factor",
      description = {
        "Let somebody in by password alone who has lost the authenticator app and the codes.",
        "Make sure that it is who it says: the second factor is there for those who are not."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern account disable-second-factor ops@example.com"})
  static final class DisableSecondFactor implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ADDRESS", description = "The e-mail address of the account.")
    private String email = "";

    @Override
    public void run() {
      boolean isFound =
          Operator.with(
              dataDirOption.existing(), services -> services.people.secondFactor.disableFor(email));
      if (!isFound) {
        throw new ParameterException(spec.commandLine(), "nobody logs in with " + email);
      }
      print(spec, "a log-in as " + email + " asks for the password alone");
    }
  }

  private static void print(CommandSpec spec, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private static void print(CommandSpec spec, JsonBody body) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(new String(Json.bytes(body), StandardCharsets.UTF_8));
    out.flush();
  }
}
