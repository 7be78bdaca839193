package postern.main;

import java.util.random.RandomGenerator;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.Settings;
import postern.core.Ids;
import postern.crypto.Passwords;
import postern.crypto.Sealer;
import postern.journal.ChangeLog;
import postern.mail.MailSender;
import postern.mail.Outbox;
import postern.mail.Smtp;
import postern.people.ChangePassword;
import postern.people.Guesses;
import postern.people.KnownBrowsers;
import postern.people.Letters;
import postern.people.Links;
import postern.people.LogIn;
import postern.people.Members;
import postern.people.PasswordCheck;
import postern.people.ResetPassword;
import postern.people.SecondFactor;
import postern.people.Sessions;
import postern.people.VerifyEmail;
import postern.sql.Database;

/** Everything that has to do with people, and the mail that they are sent. */
final class People implements AutoCloseable {
  final Passwords passwords = new Passwords();
  final Guesses guesses;
  final PasswordCheck passwordCheck;
  final Sessions sessions;
  final SecondFactor secondFactor;
  final LogIn logIn;
  final Links links;
  final Letters letters;
  final Outbox outbox;
  final Members members;
  final ResetPassword resetPassword;
  final ChangePassword changePassword;
  final VerifyEmail verifyEmail;
  private final Config config;
  private final Database database;
  private final MailSender sender;

  People(
      Config config,
      Database database,
      Sealer sealer,
      Ids ids,
      RandomGenerator random,
      Journals journals,
      PublicUrl publicUrl) {
    ChangeLog changes = journals.changes;
    this.config = config;
    this.database = database;
    guesses = new Guesses(database);
    KnownBrowsers browsers = new KnownBrowsers(sealer, random);
    passwordCheck = new PasswordCheck(database, passwords, guesses, browsers);
    sessions =
        new Sessions(
            database,
            ids,
            random,
            changes,
            passwordCheck,
            new Sessions.Limits(
                config.get(Settings.SESSION_IDLE_MAX),
                config.get(Settings.SESSION_AGE_MAX),
                config.get(Settings.SESSION_CONFIRMED_FOR)));
    links = new Links(random);
    letters = new Letters(publicUrl, config.get(Settings.BRAND_NAME));
    sender = new MailSender(database);
    outbox = new Outbox(database, sealer, ids, deliveryIn(config), sender::wake);
    secondFactor =
        new SecondFactor(
            database, sealer, passwordCheck, guesses, random, outbox, letters, changes);
    logIn =
        new LogIn(
            database,
            passwordCheck,
            sessions,
            secondFactor,
            browsers,
            changes,
            journals::logInRefused);
    members = new Members(ids, outbox, letters);
    resetPassword =
        new ResetPassword(database, passwords, links, guesses, outbox, letters, changes);
    changePassword =
        new ChangePassword(database, passwords, passwordCheck, outbox, letters, changes);
    verifyEmail = new VerifyEmail(database, links, outbox, letters, changes);
  }

  private static Outbox.Delivery deliveryIn(Config config) {
    if (!config.get(Settings.MAIL_URL).isEmpty()) {
      return Outbox.Delivery.SMTP;
    }
    return config.get(Settings.MAIL_CAPTURE) ? Outbox.Delivery.CAPTURE : Outbox.Delivery.NONE;
  }

  /** Begins to send mail, where there is a server for it. */
  void start() {
    String url = config.get(Settings.MAIL_URL);
    if (!url.isEmpty()) {
      sender.start(outbox, smtpIn(url));
    }
  }

  /** Has mail looked at that is due. */
  void wakeMail() {
    sender.wake();
  }

  private Smtp smtpIn(String url) {
    try {
      return new Smtp(
          url,
          config.get(Settings.MAIL_FROM),
          config.get(Settings.MAIL_EHLO_NAME),
          config.get(Settings.MAIL_TIMEOUT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  /** Forgets what is over: sessions, guesses and mail. */
  void purge() {
    sessions.purge();
    guesses.purge();
    outbox.purge();
    database.write(links::purge);
  }

  @Override
  public void close() {
    sender.close();
  }
}
