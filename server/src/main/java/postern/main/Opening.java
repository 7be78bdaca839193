package postern.main;

import postern.accounts.ChangeEmail;
import postern.accounts.CreateAccount;
import postern.accounts.ReferralCustomers;
import postern.accounts.SignUp;
import postern.config.BillingSettings;
import postern.config.Config;
import postern.core.Ids;
import postern.journal.ChangeLog;
import postern.keys.Keys;
import postern.sql.Database;

/** How accounts come to be: by an operator, by a partner, by people themselves. */
final class Opening {
  final CreateAccount createAccount;
  final ReferralCustomers referralCustomers;
  final SignUp signUp;
  final ChangeEmail changeEmail;

  Opening(
      Config config,
      Database database,
      Keys keys,
      People people,
      Billing billing,
      Ids ids,
      ChangeLog changes) {
    createAccount =
        new CreateAccount(
            database,
            keys,
            billing.wallets,
            people.members,
            people.passwords,
            ids,
            changes,
            Billing.terms(config));
    changeEmail =
        new ChangeEmail(
            database,
            people.sessions,
            people.members,
            people.links,
            people.outbox,
            people.letters,
            changes);
    signUp =
        new SignUp(
            database,
            createAccount,
            people.passwords,
            people.passwordCheck,
            people.links,
            people.sessions,
            people.members,
            people.outbox,
            people.letters);
    referralCustomers =
        new ReferralCustomers(
            database,
            createAccount,
            changeEmail,
            billing.wallets,
            ids,
            changes,
            Billing.termsOfReferrals(config),
            config.get(BillingSettings.REFERRALS_EMAIL).equals("synthetic"));
  }
}
