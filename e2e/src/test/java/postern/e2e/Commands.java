package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** The operator's commands, run to their end. */
final class Commands {
  private Commands() {}

  static String succeeded(String... arguments) {
    PosternProcess command = PosternProcess.run(arguments);
    assertThat(command.exitCode()).as(command.toString()).isZero();
    return command.out();
  }

  static PosternProcess create(String dir, String email) {
    return PosternProcess.run(
        "account", "create", "--data-dir", dir, "--email", email, "--name", "Acme", "--partner");
  }

  /** The account that a command made, as it was printed. */
  static ApiClient.Reply created(String dir, String email) {
    PosternProcess command = create(dir, email);
    assertThat(command.exitCode()).as(command.toString()).isZero();
    ApiClient.Reply account = new ApiClient.Reply(0, command.out(), "");
    assertThat(account.text("email")).isEqualTo(email);
    assertThat(account.text("api_keys.0.key")).startsWith("EZTK");
    assertThat(account.text("api_keys.1.key")).startsWith("EZAK");
    return account;
  }
}
