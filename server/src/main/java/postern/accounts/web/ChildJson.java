package postern.accounts.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.accounts.User;
import postern.core.WireTime;
import postern.json.JsonOut;
import postern.keys.ApiKey;
import postern.keys.web.KeyJson;

/** The view of a user that has a parent. */
final class ChildJson {
  private ChildJson() {}

  static void write(JsonOut out, User child) {
    writeOpen(out, child);
    out.endObject();
  }

  /** A child that was just created: the only answer in which its keys stand. */
  static void writeCreated(JsonOut out, User child, List<ApiKey> keys) {
    writeOpen(out, child);
    out.startArray("api_keys");
    keys.forEach(key -> KeyJson.write(out, key));
    out.endArray().endObject();
  }

  private static void writeOpen(JsonOut out, User child) {
    out.startObject();
    writeHead(out, child);
    writeFlags(out);
    // Not EasyPost's: members that a parent has set on its child show themselves, in the place that
    // they have in the full view. A child without them is as recorded to the letter.
    textIfAny(out, "recharge_amount", UserJson.dollars(child.recharge().amountMicros()));
    textIfAny(
        out,
        "secondary_recharge_amount",
        UserJson.dollars(child.recharge().secondaryAmountMicros()));
    textIfAny(out, "recharge_threshold", UserJson.dollars(child.recharge().thresholdMicros()));
    if (child.spendLimit() != null) {
      out.text("spend_limit", UserJson.dollars(child.spendLimit().limitMicros()));
      out.text("spend_period", child.spendLimit().period().wireName());
    }
    textIfAny(out, "email", child.email());
    out.startArray("children").endArray();
  }

  /** The seven members that every view of a user begins with. */
  static void writeHead(JsonOut out, User user) {
    out.text("id", user.id()).text("object", "User").text("parent_id", user.parent());
    out.text("name", user.name()).text("phone_number", user.phoneNumber()).flag("verified", true);
    out.text("created_at", WireTime.seconds(user.createdAt()));
  }

  /** EasyPost's two features that Postern has no part in: off, for every user. */
  static void writeFlags(JsonOut out) {
    out.flag("default_carbon_offset", false).flag("has_elevate_access", false);
  }

  private static void textIfAny(JsonOut out, String name, @Nullable String value) {
    if (value != null) {
      out.text(name, value);
    }
  }
}
