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
import postern.people.EmailKey;
import postern.people.Letters;
import postern.people.Link;
import postern.people.Links;
import postern.people.Members;
import postern.people.PasswordProof;
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
   * Sends a link to the new address; if that is in use, a mail that says so. The old address is
   * told in both cases, with a link that stops the change.
   *
   * @param field the parameter that the password came in, for messages
   * @throws ApiException.Invalid if the password is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public void request(Principal caller, String email, Optional<String> password, String field) {
    PasswordProof proof = sessions.prove(caller, password, field);
    database.write(
        tx -> {
          proof.require(tx);
          Person person = Sessions.lockedPersonOf(tx, caller);
          // A change that the old address is not told of is not begun.
          boolean isWithinLimits =
              outbox.mayAsk(tx, EmailKey.of(email))
                  && outbox.mayTell(tx, EmailKey.of(person.email()));
          if (!isWithinLimits) {
            return email;
          }
          Token stop =
              links.create(tx, Link.of(Link.Kind.EMAIL_CHANGE_STOP, person, person.email()));
          outbox.put(tx, person.email(), letters.emailChangeAsked(email, stop));
          if (members.isLogIn(tx, email)) {
            members.tellOfAccount(tx, email);
            return email;
          }
          Token token = links.create(tx, Link.of(Link.Kind.EMAIL_CHANGE, person, email));
          outbox.put(tx, email, letters.emailChange(token));
          return email;
        });
  }

  /** The address that a link of the caller's is for; empty if it cannot be opened any more. */
  public Optional<String> find(Principal caller, Token token) {
    return database
        .read(tx -> links.find(tx, Link.Kind.EMAIL_CHANGE, token))
        .filter(link -> isOf(caller, link))
        .map(Link::email);
  }

  private static boolean isOf(Principal caller, Link link) {
    return Sessions.credentialOf(caller).person().equals(link.person());
  }

  /**
   * Opens the link, in a session of the person who asked for it: the mailbox alone gives nobody an
   * account, and a thief whose session has ended has no use of the link.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it cannot be opened any more, or is
   *     another person's
   * @throws ApiException.Invalid if the address was taken meanwhile
   */
  public void run(Principal caller, Token token) {
    database.write(
        tx -> {
          Person person = Sessions.lockedPersonOf(tx, caller);
          Link link = links.use(tx, Link.Kind.EMAIL_CHANGE, token);
          if (!isOf(caller, link)) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          UserId root =
              members
                  .ownedBy(tx, person.id())
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          change(tx, root, link.email(), "email");
          members.proveOwnerEmail(tx, root, link.email(), "email");
          return root;
        });
  }

  /** Returns whether a link that stops a change can still be opened. */
  public boolean canStop(Token token) {
    return database.read(tx -> links.find(tx, Link.Kind.EMAIL_CHANGE_STOP, token)).isPresent();
  }

  /**
   * Ends every change of the address that was asked for, and all that the one who asked may hold:
   * other links, and every session.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the link cannot be opened any more
   */
  public void stop(Token token) {
    database.write(
        tx -> {
          members.endAll(tx, links.usedBy(tx, Link.Kind.EMAIL_CHANGE_STOP, token), log);
          return token;
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
