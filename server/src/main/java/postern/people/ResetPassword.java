package postern.people;

import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.crypto.Passwords;
import postern.journal.ChangeLog;
import postern.mail.Outbox;
import postern.sql.Database;
import postern.sql.Tx;

/** Lets somebody choose a new password who has shown that the mail arrives. */
public final class ResetPassword {
  private final Database database;
  private final Passwords passwords;
  private final Links links;
  private final Guesses guesses;
  private final Outbox outbox;
  private final Letters letters;
  private final ChangeLog log;

  public ResetPassword(
      Database database,
      Passwords passwords,
      Links links,
      Guesses guesses,
      Outbox outbox,
      Letters letters,
      ChangeLog log) {
    this.database = database;
    this.passwords = passwords;
    this.links = links;
    this.guesses = guesses;
    this.outbox = outbox;
    this.letters = letters;
    this.log = log;
  }

  /** Sends a link to an address if it is somebody's; whether it is, is not told. */
  public void request(String email) {
    database.write(
        tx -> {
          if (!outbox.mayAsk(tx, EmailKey.of(email))) {
            return email;
          }
          // To the address as its owner wrote it: another spelling may be somebody else's.
          PersonStore.claimant(tx, email)
              .map(PersonStore.WithHash::person)
              .flatMap(person -> PersonStore.lock(tx, person.id()))
              .map(PersonStore.WithHash::person)
              .ifPresent(
                  person ->
                      outbox.put(tx, person.email(), letters.passwordReset(link(tx, person))));
          return email;
        });
  }

  private Token link(Tx tx, Person person) {
    return links.create(tx, Link.of(Link.Kind.PASSWORD_RESET, person, person.email()));
  }

  /** Makes a link without mail, for an operator to hand over; empty if nobody has the address. */
  public Optional<Token> linkFor(String email) {
    return database.write(
        tx -> PersonStore.claimant(tx, email).map(known -> link(tx, known.person())));
  }

  /** Whether a link can still be opened. */
  public boolean isOpen(Token token) {
    return database.read(tx -> links.find(tx, Link.Kind.PASSWORD_RESET, token).isPresent());
  }

  /**
   * Sets a new password, and ends all open links and all sessions.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the link cannot be opened any more
   */
  public void run(Token token, String password) {
    String hash = passwords.hash(password);
    database.write(
        tx -> {
          Person person = links.usedBy(tx, Link.Kind.PASSWORD_RESET, token);
          PersonStore.setPassword(tx, person.id(), hash);
          PersonStore.setVerified(tx, person);
          StandingAuthority.end(tx, person);
          guesses.clear(tx, Guesses.Secret.password(person.email()));
          guesses.clear(tx, Guesses.Secret.code(person.id()));
          Notices.tell(tx, outbox, person, letters.passwordChanged());
          PersonStore.accountOf(tx, person.id())
              .ifPresent(
                  root -> PersonFacts.record(tx, log, root, person, "password.reset", Map.of()));
          return person;
        });
  }
}
