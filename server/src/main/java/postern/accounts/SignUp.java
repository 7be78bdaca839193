package postern.accounts;

import java.util.Optional;
import postern.accounts.CreateAccount.Created;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.mail.Outbox;
import postern.people.AddressProof;
import postern.people.EmailKey;
import postern.people.Letters;
import postern.people.Link;
import postern.people.Links;
import postern.people.Members;
import postern.people.PasswordCheck;
import postern.people.Person;
import postern.people.Sessions;
import postern.people.Token;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Opens accounts for people who come by themselves, or who are invited: nothing is there before
 * they have shown that the mail arrives.
 */
public final class SignUp {
  /** What somebody wants. */
  public record Command(String name, String email, String password) {
    /** Without the password: this may end in a log. */
    @Override
    public String toString() {
      return "Command[" + name + "]";
    }
  }

  private final Database database;
  private final CreateAccount accounts;
  private final Passwords passwords;
  private final PasswordCheck check;
  private final Links links;
  private final Sessions sessions;
  private final Members members;
  private final Outbox outbox;
  private final Letters letters;

  public SignUp(
      Database database,
      CreateAccount accounts,
      Passwords passwords,
      PasswordCheck check,
      Links links,
      Sessions sessions,
      Members members,
      Outbox outbox,
      Letters letters) {
    this.database = database;
    this.accounts = accounts;
    this.passwords = passwords;
    this.check = check;
    this.links = links;
    this.sessions = sessions;
    this.members = members;
    this.outbox = outbox;
    this.letters = letters;
  }

  /**
   * Sends a link to the address, or, if it is in use already, a mail that says so: which of the two
   * only its owner learns.
   *
   * @param browser the token of the browser that asks
   */
  public void request(Command command, Optional<Token> browser) {
    // Before it is known whether it is needed: the time must not tell.
    String hash = passwords.hash(command.password());
    database.write(
        tx -> {
          if (!outbox.mayAsk(tx, EmailKey.of(command.email()))) {
            return command;
          }
          if (members.isLogIn(tx, command.email())) {
            members.tellOfAccount(tx, command.email());
            return command;
          }
          Token token =
              links.create(
                  tx,
                  new Link(
                      Link.Kind.SIGN_UP,
                      command.email(),
                      null,
                      command.name(),
                      hash,
                      browser.map(Token::digest).orElse(null)));
          outbox.put(tx, command.email(), letters.signUp(token));
          return command;
        });
  }

  /** What a link of a mail is about; empty if it cannot be opened any more. */
  public Optional<Link> find(Link.Kind kind, Token token) {
    return database.read(tx -> links.find(tx, kind, token));
  }

  /**
   * Opens the account that a link was sent for, and logs in.
   *
   * @param browser the token of the browser; another one than asked has to give the password, so
   *     that nobody confirms an account whose password somebody else has chosen
   * @throws ApiException.Refused with {@code NOT_FOUND} if the link cannot be opened any more
   * @throws ApiException.Invalid if the password is wrong, or the address was taken meanwhile
   */
  public Token confirm(Token token, Optional<Token> browser, Optional<String> password) {
    Link link =
        find(Link.Kind.SIGN_UP, token)
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    if (!link.isOf(browser) && !check.isOfLink(token, link, password)) {
      throw new ApiException.Invalid(
          ErrorCode.CURRENT_PASSWORD_WRONG, "password", "must be the one that was chosen");
    }
    return database.write(
        tx -> {
          Link used = links.use(tx, Link.Kind.SIGN_UP, token);
          return open(
              tx,
              String.valueOf(used.name()),
              used.email(),
              String.valueOf(used.passwordHash()),
              browser);
        });
  }

  /**
   * Makes an invitation, and sends it where mail is sent.
   *
   * @return what opens it, for an operator to hand over
   * @throws ApiException.Invalid if the address is in use
   */
  public Token invite(String email) {
    return database.write(
        tx -> {
          if (members.isLogIn(tx, email)) {
            throw new ApiException.Invalid(ErrorCode.EMAIL_TAKEN, "email", "is already in use");
          }
          Token token =
              links.create(tx, new Link(Link.Kind.INVITATION, email, null, null, null, null));
          outbox.put(tx, email, letters.invitation(token));
          return token;
        });
  }

  /**
   * Opens the account that somebody was invited to, and logs in.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the link cannot be opened any more
   * @throws ApiException.Invalid if the address was taken meanwhile
   */
  public Token accept(Token token, String name, String password, Optional<Token> browser) {
    String hash = passwords.hash(password);
    return database.write(
        tx -> {
          Link used = links.use(tx, Link.Kind.INVITATION, token);
          return open(tx, name, used.email(), hash, browser);
        });
  }

  private Token open(Tx tx, String name, String email, String hash, Optional<Token> browser) {
    CreateAccount.Command command = new CreateAccount.Command(name, email, Optional.empty(), false);
    Created created = accounts.runIn(tx, command, Optional.of(hash), AddressProof.MAIL);
    Person owner = created.owner();
    UserId root = created.user().id();
    return sessions.open(tx, owner, root, browser);
  }
}
