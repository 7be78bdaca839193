package postern.main;

import java.util.List;
import postern.accounts.Accounts.Account;
import postern.accounts.CreateAccount;
import postern.accounts.User;
import postern.core.WireTime;
import postern.json.JsonOut;
import postern.keys.ApiKey;
import postern.keys.web.KeyJson;

/** A top-level account as the operator's commands print it. */
final class AccountJson {
  private AccountJson() {}

  static void write(JsonOut out, Account account) {
    out.startObject();
    writeUser(out, account.user());
    out.flag("partner", account.partner()).number("children", account.children()).endObject();
  }

  static void writeCreated(JsonOut out, CreateAccount.Created created) {
    out.startObject();
    writeUser(out, created.user());
    out.flag("partner", created.partner());
    writeKeys(out, created.keys());
    out.endObject();
  }

  private static void writeUser(JsonOut out, User user) {
    out.text("id", user.id()).text("object", "User").text("name", user.name());
    out.text("email", user.email());
    out.text("created_at", WireTime.seconds(user.createdAt()));
  }

  private static void writeKeys(JsonOut out, List<ApiKey> keys) {
    out.startArray("api_keys");
    keys.forEach(key -> KeyJson.write(out, key));
    out.endArray();
  }
}
