package postern.main;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import postern.config.Config;
import postern.core.Rate;
import postern.core.UserId;
import postern.limits.Limit;

/** {@code postern limits}: how much accounts may ask. */
@Command(
    name = "limits",
    description = "Show how much may be asked, and give an account limits of its own.",
    mixinStandardHelpOptions = true,
    subcommands = {
      LimitsCommand.ListAll.class,
      LimitsCommand.Show.class,
      LimitsCommand.SetOne.class,
      LimitsCommand.Unset.class
    },
    footer = {
      "",
      "Examples:",
      "  postern limits list",
      "  postern limits show ops@example.com",
      "  postern limits set ops@example.com index \"50/s burst 500\"",
      "  postern limits unset ops@example.com index"
    })
final class LimitsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show, set or unset");
  }

  /** {@code postern limits list}. */
  @Command(
      name = "list",
      description = "Print every limit, as it is set for those who have none of their own.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern limits list --data-dir /var/lib/postern"})
  static final class ListAll implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      Config config = Config.load(dataDirOption.folder(), System.getenv(), java.util.Map.of());
      for (Limit limit : Limit.values()) {
        print(spec, limit, config.get(limit.setting()), limit.description());
      }
    }
  }

  /** Which account is meant. */
  static class AccountParameter {
    @Parameters(
        index = "0",
        paramLabel = "ACCOUNT",
        description = "The ID or the e-mail address of a top-level user.")
    private String account = "";

    final UserId in(Services services, CommandSpec spec) {
      List<UserId> found = services.accounts.find(account);
      if (found.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "there is no account " + account);
      }
      if (found.size() > 1) {
        throw new ParameterException(
            spec.commandLine(),
            "several accounts have the address "
                + account
                + ", among them "
                + found.stream().map(UserId::toString).collect(Collectors.joining(", "))
                + ": give the ID of one");
      }
      return found.getFirst();
    }
  }

  /** Which account is meant, and which of its limits. */
  static final class LimitParameter extends AccountParameter {
    @Parameters(
        index = "1",
        paramLabel = "LIMIT",
        description = "Its name: key, family, reads, writes, index or secrets.")
    private String name = "";

    Limit limitIn(CommandSpec spec) {
      return Limit.parse(name)
          .filter(Limit.ofAccounts()::contains)
          .orElseThrow(
              () ->
                  new ParameterException(
                      spec.commandLine(),
                      "LIMIT must be one of "
                          + Limit.ofAccounts().stream()
                              .map(Limit::wireName)
                              .collect(Collectors.joining(", "))));
    }
  }

  /** {@code postern limits show}. */
  @Command(
      name = "show",
      description = "Print the limits of an account, and which of them are its own.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern limits show ops@example.com"})
  static final class Show implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Mixin private AccountParameter account = new AccountParameter();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      Operator.with(
          dataDirOption.existing(),
          services -> {
            UserId root = account.in(services, spec);
            services.limits.ofAccounts.reload();
            for (Limit limit : Limit.ofAccounts()) {
              boolean isOwn = services.limits.ofAccounts.of(root).containsKey(limit);
              print(
                  spec,
                  limit,
                  services.limits.rates.rateFor(root, limit),
                  isOwn ? "its own" : "everybody's");
            }
            return root;
          });
    }
  }

  /** {@code postern limits set}. */
  @Command(
      name = "set",
      description = {
        "Give an account a limit of its own; it is in force within a second.",
        "It holds for each of its keys or users, or for the family together, as the limit does."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  postern limits set ops@example.com index \"50/s burst 500\"",
        "  postern limits set ops@example.com writes 2000/s"
      })
  static final class SetOne implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Mixin private LimitParameter limit = new LimitParameter();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        index = "2",
        paramLabel = "RATE",
        description = "How often, in the long run and at once: \"5/s burst 50\", 20/m or 100/h.")
    private String rate = "";

    @Override
    public void run() {
      Limit of = limit.limitIn(spec);
      Rate given =
          Rate.parse(rate)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "RATE must be a rate, such as 5/s, 20/m or \"5/s burst 50\""));
      Operator.with(
          dataDirOption.existing(),
          services -> {
            services.limits.ofAccounts.set(limit.in(services, spec), of, Optional.of(given));
            return of;
          });
      print(spec, of, given, "its own");
    }
  }

  /** {@code postern limits unset}. */
  @Command(
      name = "unset",
      description = "Have an account share everybody's limit again.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  postern limits unset ops@example.com index"})
  static final class Unset implements Runnable {
    @Mixin private DataDirOption dataDirOption = new DataDirOption();
    @Mixin private LimitParameter limit = new LimitParameter();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      Limit of = limit.limitIn(spec);
      Rate left =
          Operator.with(
              dataDirOption.existing(),
              services -> {
                services.limits.ofAccounts.set(limit.in(services, spec), of, Optional.empty());
                return services.config.get(of.setting());
              });
      print(spec, of, left, "everybody's");
    }
  }

  private static void print(CommandSpec spec, Limit limit, Rate rate, String remark) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-22s %-20s %s%n", limit.wireName(), rate, remark);
    out.flush();
  }
}
