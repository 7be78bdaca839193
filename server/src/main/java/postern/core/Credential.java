package postern.core;

import java.time.Instant;

/** What a caller has shown to be let in. */
public sealed interface Credential {
  /** An API key. */
  record Key(KeyId id) implements Credential {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  /**
   * The session of somebody who has logged in.
   *
   * @param name what the person is called
   * @param confirmedAt when the person last gave the password
   */
  record Session(SessionId id, PersonId person, String name, String email, Instant confirmedAt)
      implements Credential {
    @Override
    public String toString() {
      return id.toString();
    }
  }
}
