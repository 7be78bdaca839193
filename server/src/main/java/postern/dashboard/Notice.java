package postern.dashboard;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import postern.http.Params;

/** What is said on the page after something was done. Its name is in the address, not its text. */
enum Notice {
  KEY_CREATED("The key was created."),
  KEY_RENAMED("The key was renamed."),
  KEY_ENABLED("The key works again."),
  KEY_DISABLED("The key was disabled. It is refused from now on."),
  KEY_DELETED("The key was deleted. It is refused from now on."),
  CHILD_CREATED("The child user was created, with a test key and a production key."),
  CHILD_CHANGED("The changes were saved."),
  CHILD_DELETED("The child user was deleted and its keys are dead."),
  CHILD_RESTORED("The child user was restored, with its keys as they were."),
  WEBHOOK_CREATED("The webhook was created."),
  WEBHOOK_CHANGED("The webhook was changed and is enabled."),
  WEBHOOK_DELETED("The webhook was deleted."),
  SENT_AGAIN("The deliveries are on their way."),
  METHOD_ADDED("The payment method was added."),
  METHOD_DELETED("The payment method was removed."),
  FUNDED("The money was added to the wallet."),
  RECHARGE_CHANGED("The recharge settings were saved."),
  PROFILE_CHANGED("The changes were saved."),
  PASSWORD_CHANGED("The password was changed, and all other sessions were ended."),
  PASSWORD_RESET("The password was changed. Please log in with the new one."),
  EMAIL_SENT("We have sent a mail to that address. Open the link in it to go on."),
  EMAIL_VERIFIED("Your e-mail address is confirmed."),
  EMAIL_CHANGED("Your e-mail address was changed. Please log in with it from now on."),
  EMAIL_CHANGE_STOPPED("The change was stopped. Please choose a new password now."),
  FACTOR_DISABLED("The second factor was switched off."),
  SESSION_ENDED("The session was ended."),
  SESSIONS_ENDED("All other sessions were ended."),
  LOGGED_OUT("You have logged out."),
  WELCOME("Welcome! Your account is open, with a test key and a production key.");

  private final String text;

  Notice(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** A path that has it said. */
  String at(String path) {
    String name = name().toLowerCase(Locale.ROOT).replace('_', '-');
    return path + (path.contains("?") ? "&" : "?") + "done=" + name;
  }

  static Optional<Notice> in(Params given) {
    if (!(given.get("done") instanceof String name)) {
      return Optional.empty();
    }
    String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values()).filter(notice -> notice.name().equals(constant)).findFirst();
  }
}
