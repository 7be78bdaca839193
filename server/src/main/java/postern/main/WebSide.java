package postern.main;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import postern.accounts.AccountKeys;
import postern.config.BillingSettings;
import postern.config.Config;
import postern.config.Settings;
import postern.dashboard.Parts;

/** Hands the pages what they show and do. */
final class WebSide {
  private WebSide() {}

  static Parts parts(Services of, Config config, InstantSource clock) {
    return new Parts(
        new Parts.OfPeople(
            of.people.logIn,
            of.people.sessions,
            of.people.secondFactor,
            of.people.resetPassword,
            of.people.changePassword,
            of.people.verifyEmail,
            of.opening.signUp,
            of.opening.changeEmail,
            of.people.outbox),
        new Parts.OfAccounts(
            of.users, of.createUsers, of.updateUser, of.deleteUser, of.restoreUser),
        new Parts.OfKeys(
            new AccountKeys(of.database, of.users, of.keys),
            of.issueKey,
            of.renameKey,
            of.switchKey,
            of.deleteKey),
        new Parts.OfEvents(of.journals.events, of.journals.webhooks, of.journals.deliveries),
        new Parts.OfBilling(of.billing.ledger, of.billing.paymentMethods, of.billing.fundWallet),
        of.journals.auditLog,
        new Parts.Setup(
            config.get(Settings.BRAND_NAME),
            of.publicUrl,
            Parts.SignUpMode.valueOf(config.get(Settings.SIGNUP_MODE).toUpperCase(Locale.ROOT)),
            config.get(Settings.RESTORE_WINDOW),
            config.get(BillingSettings.GATEWAY).equals("sandbox"),
            new SecureRandom(),
            clock));
  }
}
