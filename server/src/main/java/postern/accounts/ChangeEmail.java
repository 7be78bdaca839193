package postern.accounts;

import java.util.List;
import java.util.Optional;
import postern.accounts.ContactStore.Kind;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.mail.Outbox;
import postern.people.Letters;
import postern.people.Link;
import postern.people.Links;
import postern.people.Members;
import postern.people.Person;
import postern.people.Sessions;
import postern.people.Token;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Changes the address of an account and of the person to whom it belongs, once mail to the new one
 * was seen to arrive.
 */
public final class ChangeEmail {
  private final Database database;
  private final Sessions sessions;
  private final Members members;
  private final Links links;
  private final Outbox outbox;
  private final Letters letters;
  private final ChangeLog log;

  public ChangeEmail(
      Database database,
      Sessions sessions,
      Members members,
      Links links,
      Outbox outbox,
      Letters letters,
      ChangeLog log) {
    this.database = database;
    this.sessions = sessions;
    this.members = members;
    this.links = links;
    this.outbox = outbox;
    this.letters = letters;
    this.log = log;
  }

  /**
   * Sends a link to the new address; if that is in use, a mail that says so. The caller has shown
   * its password before.
   */
  public void request(Principal caller, String email) {
    Person person = sessions.personOf(caller);
    database.write(
        tx -> {
          if (links.isBusy(tx, email)) {
            return email;
          }
          if (members.isLogIn(tx, email)) {
            members.tellOfAccount(tx, email);
            return email;
          }
          Token token = links.create(tx, Link.of(Link.Kind.EMAIL_CHANGE, person, email));
          outbox.put(tx, email, letters.emailChange(token));
          return email;
        });
  }

  /** The address that a link is for; empty if it cannot be opened any more. */
  public Optional<String> find(Token token) {
    return database.read(tx -> links.find(tx, Link.Kind.EMAIL_CHANGE, token)).map(Link::email);
  }

  /**
   * Opens the link.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it cannot be opened any more
   * @throws ApiException.Invalid if the address was taken meanwhile
   */
  public void run(Token token) {
    database.write(
        tx -> {
          Link link = links.use(tx, Link.Kind.EMAIL_CHANGE, token);
          UserId root =
              Optional.ofNullable(link.person())
                  .flatMap(person -> members.ownedBy(tx, person))
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          change(tx, root, link.email(), "email");
          members.proveOwnerEmail(tx, root, link.email(), "email");
          return root;
        });
  }

  /** Changes the address of an account to one that was not proved. */
  void set(Tx tx, UserId root, String email, String field) {
    change(tx, root, email, field);
    members.setUnprovedOwnerEmail(tx, root, email);
  }

  private void change(Tx tx, UserId root, String email, String field) {
    User before =
        UserStore.findForUpdate(tx, root, root)
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    User after = before.withEmail(email);
    ContactStore.replace(tx, root, root, Kind.EMAIL, email, field);
    UserStore.update(tx, after);
    log.record(
        tx,
        root,
        List.of(
            new Change(
                "user.updated",
                root,
                root.toString(),
                after.name(),
                UserFacts.of(before),
                UserFacts.of(after))));
  }
}
