package postern.accounts;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.core.Money;
import postern.core.UserId;
import postern.core.WireTime;
import postern.journal.Change;
import postern.keys.KeyFacts;
import postern.keys.NewKey;

/** What journals are told of users and brands. */
final class UserFacts {
  private static final int TEXT_LENGTH_MAX = 255;
  private static final int TEXT_LENGTH_LEFT = 32;

  private UserFacts() {}

  static Map<String, @Nullable Object> of(User user) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", user.id().toString());
    facts.put("object", "User");
    facts.put("parent_id", user.parent() == null ? null : user.parent().toString());
    facts.put("name", user.name());
    facts.put("email", user.email());
    facts.put("phone_number", user.phoneNumber());
    facts.put("recharge_amount", dollars(user.recharge().amountMicros()));
    facts.put("secondary_recharge_amount", dollars(user.recharge().secondaryAmountMicros()));
    facts.put("recharge_threshold", dollars(user.recharge().thresholdMicros()));
    if (user.spendLimit() != null) {
      facts.put("spend_limit", Money.text(user.spendLimit().limitMicros(), 2));
      facts.put("spend_period", user.spendLimit().period().wireName());
    }
    facts.put("created_at", seconds(user.createdAt()));
    return facts;
  }

  static Map<String, @Nullable Object> of(Brand brand) {
    Brand.Look look = brand.look();
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", brand.id().toString());
    facts.put("object", "Brand");
    facts.put("user_id", brand.user().toString());
    facts.put("ad", cut(look.ad()));
    facts.put("ad_href", look.adHref());
    facts.put("background_color", look.backgroundColor());
    facts.put("color", look.color());
    facts.put("logo", cut(look.logo()));
    facts.put("logo_href", look.logoHref());
    facts.put("name", look.name());
    facts.put("theme", look.theme());
    return facts;
  }

  /** That a user was created, and its keys with it. */
  static List<Change> created(User user, List<NewKey> keys) {
    return Stream.concat(
            Stream.of(created(user)), keys.stream().map(key -> KeyFacts.created(key.key())))
        .toList();
  }

  static Change created(User user) {
    return new Change(
        "user.created", user.id(), user.id().toString(), user.name(), Map.of(), of(user));
  }

  /** What a partner's own journal is told: the customer's is told the rest. */
  static Change referred(User user, UserId partner) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", user.id().toString());
    facts.put("name", user.name());
    facts.put("email", user.email());
    return new Change(
        "referral_customer.created", partner, user.id().toString(), user.name(), Map.of(), facts);
  }

  static Change deleted(User user) {
    return new Change(
        "user.deleted", user.id(), user.id().toString(), user.name(), of(user), Map.of());
  }

  static Change restored(User user) {
    return new Change(
        "user.restored", user.id(), user.id().toString(), user.name(), Map.of(), of(user));
  }

  static String seconds(Instant at) {
    return WireTime.seconds(at);
  }

  private static @Nullable String dollars(@Nullable Long micros) {
    return micros == null ? null : Money.text(micros, 2);
  }

  /** An image is sent as text of half a megabyte: its beginning tells enough. */
  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= TEXT_LENGTH_MAX
        ? text
        : text.substring(0, TEXT_LENGTH_LEFT) + "…";
  }
}
