package postern.accounts.web;

import java.util.Optional;
import java.util.OptionalLong;
import postern.accounts.CreateUsers;
import postern.accounts.UpdateUser;
import postern.accounts.UserLimits;
import postern.billing.SpendLimit;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Params;
import postern.people.PasswordRules;

/** Reads what callers send about users. */
final class UserParams {
  private static final int PHONE_NUMBER_LENGTH_MAX = 50;
  private static final long RECHARGE_DOLLARS_MAX = 1_000_000;

  private UserParams() {}

  static CreateUsers.Command create(Params user) {
    if (user.get("password") != null || user.get("password_confirmation") != null) {
      throw new ApiException.Refused(ErrorCode.USER_INVALID);
    }
    Checks checks = new Checks();
    CreateUsers.Command command =
        new CreateUsers.Command(
            UserLimits.name(checks, user.field("name"), user.get("name")),
            UserLimits.email(checks, user.field("email"), user.get("email")),
            phoneNumber(checks, user),
            user.field(""));
    checks.throwIfAny();
    return command;
  }

  static UpdateUser.Command update(Params user) {
    Checks checks = new Checks();
    UpdateUser.Command command =
        new UpdateUser.Command(
            name(checks, user),
            UserLimits.email(checks, user.field("email"), user.get("email")),
            hasPhoneNumber(user) ? Optional.of(phoneNumber(checks, user)) : Optional.empty(),
            password(checks, user),
            checks.secret(
                user.field("current_password"),
                user.get("current_password"),
                PasswordRules.LENGTH_MAX),
            amount(checks, user, "recharge_amount"),
            amount(checks, user, "secondary_recharge_amount"),
            amount(checks, user, "recharge_threshold"),
            spendLimit(checks, user),
            user.field(""));
    checks.throwIfAny();
    return command;
  }

  private static Optional<String> name(Checks checks, Params user) {
    Optional<String> name = UserLimits.name(checks, user.field("name"), user.get("name"));
    if (user.get("name") instanceof String given && given.isBlank()) {
      checks.invalid(user.field("name"), "must not be blank");
    }
    return name;
  }

  /** Both spellings are sent: {@code phone_number}, and {@code phone} by older clients. */
  static Optional<String> phoneNumber(Checks checks, Params user) {
    String name = user.has("phone_number") ? "phone_number" : "phone";
    return checks.text(user.field(name), user.get(name), PHONE_NUMBER_LENGTH_MAX);
  }

  private static boolean hasPhoneNumber(Params user) {
    return user.has("phone_number") || user.has("phone");
  }

  private static Optional<String> password(Checks checks, Params user) {
    Optional<String> password =
        PasswordRules.newPassword(checks, user.field("password"), user.get("password"));
    Object confirmation = user.get("password_confirmation");
    if (password.isPresent() && confirmation != null && !confirmation.equals(password.get())) {
      checks.invalid(user.field("password_confirmation"), "must be the same as password");
    }
    return password;
  }

  /** Null takes a setting away. */
  private static Optional<Optional<Long>> amount(Checks checks, Params user, String name) {
    if (!user.has(name)) {
      return Optional.empty();
    }
    OptionalLong micros = checks.amount(user.field(name), user.get(name), RECHARGE_DOLLARS_MAX);
    return Optional.of(
        micros.isPresent() ? Optional.of(micros.getAsLong()) : Optional.<Long>empty());
  }

  private static Optional<Optional<SpendLimit>> spendLimit(Checks checks, Params user) {
    if (!user.has("spend_limit")) {
      if (user.get("spend_period") != null) {
        checks.invalid(user.field("spend_limit"), "must be given with spend_period");
      }
      return Optional.empty();
    }
    Object given = user.get("spend_period") == null ? "month" : user.get("spend_period");
    Optional<SpendLimit.Period> period = SpendLimit.Period.parse(String.valueOf(given));
    if (period.isEmpty()) {
      checks.invalid(user.field("spend_period"), "must be one of day, week, month, year");
    }
    OptionalLong micros =
        checks.amount(user.field("spend_limit"), user.get("spend_limit"), RECHARGE_DOLLARS_MAX);
    return Optional.of(
        micros.isPresent() && period.isPresent()
            ? Optional.of(new SpendLimit(micros.getAsLong(), period.get()))
            : Optional.empty());
  }
}
