package postern.people;

import java.util.Locale;

/** What a person is in an account. */
enum Role {
  /** Whose e-mail address and password the API knows of the account. */
  OWNER;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
