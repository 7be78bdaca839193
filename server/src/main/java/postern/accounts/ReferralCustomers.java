package postern.accounts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import postern.accounts.Users.UserWithWallet;
import postern.billing.Terms;
import postern.billing.Wallet;
import postern.billing.Wallets;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.people.AddressProof;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Referral customers: top-level users with a family and a wallet of their own, which a partner has
 * brought. Beyond creating, listing and changing their addresses, a partner sees nothing of them.
 * Safe for many threads.
 */
public final class ReferralCustomers {
  /** One that is to be. */
  public record Command(String name, String email, String phoneNumber, String prefix) {}

  /** One that was created, and its keys: test, then production. */
  public record Created(UserWithWallet user, List<ApiKey> keys) {}

  /**
   * A part of a list.
   *
   * @param parents those that have children
   */
  public record Page(List<UserWithWallet> customers, Set<UserId> parents, boolean hasMore) {}

  private final Database database;
  private final CreateAccount accounts;
  private final ChangeEmail emails;
  private final Wallets wallets;
  private final Ids ids;
  private final ChangeLog log;
  private final Terms terms;
  private final boolean hasSyntheticEmail;

  /**
   * Makes it.
   *
   * @param terms what new referral customers pay
   * @param hasSyntheticEmail whether they begin with an address that is made for them
   */
  public ReferralCustomers(
      Database database,
      CreateAccount accounts,
      ChangeEmail emails,
      Wallets wallets,
      Ids ids,
      ChangeLog log,
      Terms terms,
      boolean hasSyntheticEmail) {
    this.database = database;
    this.accounts = accounts;
    this.emails = emails;
    this.wallets = wallets;
    this.ids = ids;
    this.log = log;
    this.terms = terms;
    this.hasSyntheticEmail = hasSyntheticEmail;
  }

  /**
   * Ends the request unless the caller is a partner.
   *
   * @throws ApiException.Refused with {@code PARTNER_REQUIRED}
   */
  public void requirePartner(Principal caller) {
    database.read(
        tx -> {
          requirePartner(tx, caller);
          return caller;
        });
  }

  private static void requirePartner(Tx tx, Principal caller) {
    if (!caller.isRoot() || !ReferralStore.isPartner(tx, caller.root())) {
      throw new ApiException.Refused(ErrorCode.PARTNER_REQUIRED);
    }
  }

  /**
   * Creates one.
   *
   * @throws ApiException.Refused if the caller is no partner
   */
  public Created create(Principal caller, Command command) {
    return database.write(
        tx -> {
          requirePartner(tx, caller);
          String email =
              hasSyntheticEmail
                  ? "referral_customer_" + ids.user(tx.now()).hex() + "@donotemail.invalid"
                  : command.email();
          User user =
              accounts
                  .open(
                      tx,
                      new CreateAccount.Opening(
                          command.name(),
                          email,
                          command.phoneNumber(),
                          Recharge.NONE,
                          terms,
                          Optional.empty(),
                          AddressProof.NOTHING,
                          command.prefix() + "email"))
                  .user();
          ReferralStore.setPartnerOf(tx, user.id(), caller.root());
          List<ApiKey> keys = accounts.issueKeys(tx, user);
          log.record(tx, caller.root(), List.of(UserFacts.referred(user, caller.root())));
          return new Created(new UserWithWallet(user, wallets.find(tx, user.root())), keys);
        });
  }

  /**
   * A part of the partner's list. A cursor is any of its referral customers.
   *
   * @throws ApiException.Refused if the caller is no partner
   * @throws ApiException.Invalid for a cursor that is none
   */
  public Page list(Principal caller, ChildQuery query) {
    return database.read(
        tx -> {
          requirePartner(tx, caller);
          ChildPage page =
              ChildPage.of(query, (field, id) -> position(tx, caller, field, id), Optional.empty());
          List<User> found = ReferralStore.list(tx, caller.root(), page);
          List<User> shown = found.stream().limit(query.size()).toList();
          List<UserId> roots = shown.stream().map(User::root).toList();
          Map<UserId, Wallet> held = wallets.find(tx, roots);
          return new Page(
              shown.stream()
                  .map(u -> new UserWithWallet(u, Optional.ofNullable(held.get(u.root()))))
                  .toList(),
              ReferralStore.parents(tx, roots),
              found.size() > query.size());
        });
  }

  private static Position position(Tx tx, Principal caller, String field, UserId id) {
    return ReferralStore.position(tx, caller.root(), id)
        .orElseThrow(
            () ->
                new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID_TYPE,
                    field,
                    "expected the ID of a referral customer"));
  }

  /**
   * Changes the address of one of the partner's.
   *
   * @throws ApiException.Refused if the caller is no partner, or the id not one of its customers'
   */
  public void changeEmail(Principal caller, UserId customer, String email, String field) {
    database.write(
        tx -> {
          requirePartner(tx, caller);
          if (!ReferralStore.partnerOf(tx, customer).equals(Optional.of(caller.root()))) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          emails.set(tx, customer, email, field);
          return customer;
        });
  }

  /** Changes the caller's own address, if it is a referral customer: as the documents show it. */
  public void changeOwnEmail(Principal caller, String email, String field) {
    database.write(
        tx -> {
          if (!caller.isRoot() || ReferralStore.partnerOf(tx, caller.root()).isEmpty()) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          emails.set(tx, caller.root(), email, field);
          return caller;
        });
  }
}
