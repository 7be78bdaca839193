package postern.dashboard;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import postern.accounts.AccountKeys;
import postern.accounts.ChangeEmail;
import postern.accounts.CreateUsers;
import postern.accounts.DeleteUser;
import postern.accounts.RestoreUser;
import postern.accounts.SignUp;
import postern.accounts.UpdateUser;
import postern.accounts.Users;
import postern.audit.AuditLog;
import postern.billing.FundWallet;
import postern.billing.Ledger;
import postern.billing.PaymentMethods;
import postern.events.Events;
import postern.keys.DeleteKey;
import postern.keys.IssueKey;
import postern.keys.RenameKey;
import postern.keys.SwitchKey;
import postern.mail.Outbox;
import postern.people.ChangePassword;
import postern.people.LogIn;
import postern.people.ResetPassword;
import postern.people.SecondFactor;
import postern.people.Sessions;
import postern.people.VerifyEmail;
import postern.webhooks.Deliveries;
import postern.webhooks.WriteWebhook;

/** What the pages show and do, by feature. */
public record Parts(
    OfPeople people,
    OfAccounts accounts,
    OfKeys keys,
    OfEvents events,
    OfBilling billing,
    AuditLog auditLog,
    Setup setup) {
  /** Who logs in. */
  public record OfPeople(
      LogIn logIn,
      Sessions sessions,
      SecondFactor secondFactor,
      ResetPassword resetPassword,
      ChangePassword changePassword,
      VerifyEmail verifyEmail,
      SignUp signUp,
      ChangeEmail changeEmail,
      Outbox outbox) {}

  /** Users and their children. */
  public record OfAccounts(
      Users users,
      CreateUsers createUsers,
      UpdateUser updateUser,
      DeleteUser deleteUser,
      RestoreUser restoreUser) {}

  /** API keys. */
  public record OfKeys(
      AccountKeys accountKeys,
      IssueKey issueKey,
      RenameKey renameKey,
      SwitchKey switchKey,
      DeleteKey deleteKey) {}

  /** What happened, and who is told. */
  public record OfEvents(Events events, WriteWebhook webhooks, Deliveries deliveries) {}

  /** Money. */
  public record OfBilling(Ledger ledger, PaymentMethods methods, FundWallet fundWallet) {}

  /**
   * How this server is set up.
   *
   * @param product what it is called
   * @param publicUrl where people and callers reach it
   * @param signUp who can open an account
   * @param restoreWindow how long a deleted child can be brought back
   * @param isSandbox whether payments move no money
   */
  public record Setup(
      String product,
      Supplier<String> publicUrl,
      SignUpMode signUp,
      Duration restoreWindow,
      boolean isSandbox,
      RandomGenerator random,
      InstantSource clock) {}

  /** Who can open an account on the web. */
  public enum SignUpMode {
    CLOSED,
    INVITED,
    OPEN
  }
}
