package postern.billing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.billing.gateway.Gateway;
import postern.core.ApiException;
import postern.core.CustomerId;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.MethodId;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * What families pay by: a primary method and a secondary one. Only a top-level user has them. Safe
 * for many threads.
 */
public final class PaymentMethods {
  /**
   * The methods of a family.
   *
   * @param customer null where there never was one
   */
  public record InPlace(@Nullable CustomerId customer, List<PaymentMethod> methods) {
    /** The method in a place. */
    public Optional<PaymentMethod> in(Priority priority) {
      return methods.stream().filter(method -> method.priority() == priority).findFirst();
    }
  }

  private static final Logger LOG = System.getLogger(PaymentMethods.class.getName());

  private final Database database;
  private final Gateway gateway;
  private final Ids ids;
  private final ChangeLog log;

  public PaymentMethods(Database database, Gateway gateway, Ids ids, ChangeLog log) {
    this.database = database;
    this.gateway = gateway;
    this.ids = ids;
    this.log = log;
  }

  /** Ends the request of a child: it spends, and never holds payment data. */
  static void requireParent(Principal caller) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
  }

  /** Those of the caller's family. */
  public InPlace list(Principal caller) {
    requireParent(caller);
    return database.read(
        tx ->
            new InPlace(
                WalletStore.customer(tx, caller.root()).map(WalletStore.Customer::id).orElse(null),
                PaymentMethodStore.inPlace(tx, caller.root())));
  }

  /**
   * Puts a card in its place; one that was there is forgotten.
   *
   * @throws ApiException.Refused with {@code CREDIT_CARD_NOT_FOUND}
   */
  public PaymentMethod addCard(Principal caller, String reference, Priority priority) {
    return add(
        caller,
        priority,
        ErrorCode.CREDIT_CARD_NOT_FOUND,
        customer -> gateway.attachCard(customer, reference));
  }

  /**
   * Puts a bank account in its place; what was there is forgotten.
   *
   * @param holder whose account it is; needed where the gateway does not know
   * @throws ApiException.Refused with {@code BANK_ACCOUNT_NOT_FOUND} or {@code
   *     BANK_ACCOUNT_INVALID}
   */
  public PaymentMethod addBankAccount(
      Principal caller,
      String reference,
      Optional<String> holder,
      Gateway.Mandate mandate,
      Priority priority) {
    requireParent(caller);
    String name =
        holder
            .or(() -> gateway.holderOf(reference))
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.BANK_ACCOUNT_INVALID));
    return add(
        caller,
        priority,
        ErrorCode.BANK_ACCOUNT_NOT_FOUND,
        customer -> gateway.attachBankAccount(customer, reference, name, mandate));
  }

  /**
   * Puts a method in its place that a customer of the caller's own at the gateway has already.
   *
   * @throws ApiException.Refused with {@code PAYMENT_GATEWAY_REFERENCE_INVALID}, also for a
   *     customer that is another family's
   */
  public PaymentMethod adopt(
      Principal caller, String gatewayCustomer, String reference, Priority priority) {
    requireParent(caller);
    Gateway.Method method =
        asked(
            ErrorCode.PAYMENT_GATEWAY_REFERENCE_INVALID,
            () -> gateway.find(gatewayCustomer, reference));
    setCustomer(caller.root(), gatewayCustomer);
    return put(caller, priority, gatewayCustomer, method);
  }

  /**
   * Opens a page of the gateway's on which the caller gives it a payment method; empty where there
   * is none.
   *
   * @param returnUrl where it leads then, with {@link Gateway#VISIT} in it
   * @param cancelUrl where it leads otherwise
   */
  public Optional<String> setupPage(Principal caller, String returnUrl, String cancelUrl) {
    requireParent(caller);
    return gateway.openSetupPage(customerOf(caller.root()), returnUrl, cancelUrl);
  }

  /**
   * Puts in its place what the caller has given the gateway on its page.
   *
   * @throws ApiException.Refused with {@code CREDIT_CARD_NOT_FOUND} if nothing came of the visit,
   *     or it was another family's
   */
  public PaymentMethod addGiven(Principal caller, String visit, Priority priority) {
    requireParent(caller);
    String customer = customerOf(caller.root());
    Gateway.Method method =
        asked(
            ErrorCode.CREDIT_CARD_NOT_FOUND,
            () -> gateway.find(customer, gateway.givenOn(customer, visit)));
    return put(caller, priority, customer, method);
  }

  /** What a browser needs to give the gateway a card. */
  public String cardSecret(Principal caller) {
    requireParent(caller);
    return gateway.createSetupIntent(customerOf(caller.root()));
  }

  /** What a browser needs to give the gateway a bank account. */
  public String bankSecret(Principal caller, Optional<String> returnUrl) {
    requireParent(caller);
    return gateway.createBankSession(customerOf(caller.root()), returnUrl);
  }

  /** The gateway's public key; empty where there is none. */
  public Optional<String> publicKey() {
    return gateway.publicKey();
  }

  /**
   * Forgets a method.
   *
   * @param isBankAccount of which kind it must be
   * @throws ApiException.Refused with {@code NOT_FOUND}
   */
  public void delete(Principal caller, MethodId id, boolean isBankAccount) {
    requireParent(caller);
    PaymentMethod deleted =
        database.write(
            tx -> {
              PaymentMethod method =
                  PaymentMethodStore.find(tx, caller.root(), id)
                      .filter(m -> m.deletedAt() == null && m.isBankAccount() == isBankAccount)
                      .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
              delete(tx, method);
              return method;
            });
    detach(deleted);
  }

  private void delete(Tx tx, PaymentMethod method) {
    WalletStore.lock(tx, List.of(method.root()));
    PaymentMethodStore.delete(tx, method.root(), method.id());
    boolean isAnyLeft = !PaymentMethodStore.inPlace(tx, method.root()).isEmpty();
    WalletStore.setHasBillingMethod(tx, method.root(), isAnyLeft);
    log.record(tx, method.root(), List.of(BillingFacts.methodDeleted(method)));
  }

  private PaymentMethod add(
      Principal caller,
      Priority priority,
      ErrorCode unknown,
      Function<String, Gateway.Method> attach) {
    requireParent(caller);
    String customer = customerOf(caller.root());
    return put(caller, priority, customer, asked(unknown, () -> attach.apply(customer)));
  }

  private PaymentMethod put(
      Principal caller, Priority priority, String gatewayCustomer, Gateway.Method details) {
    Optional<PaymentMethod> before =
        database.read(
            tx -> new InPlace(null, PaymentMethodStore.inPlace(tx, caller.root())).in(priority));
    PaymentMethod added =
        database.step(
            tx -> {
              List<LockedWallet> wallets = WalletStore.lock(tx, List.of(caller.root()));
              new InPlace(null, PaymentMethodStore.inPlace(tx, caller.root()))
                  .in(priority)
                  .ifPresent(method -> delete(tx, method));
              // Others have failed: this one deserves to be tried at once.
              wallets.forEach(LockedWallet::endPause);
              WalletStore.update(tx, wallets);
              PaymentMethod method =
                  new PaymentMethod(
                      caller.root(),
                      ids.method(tx.now()),
                      priority,
                      gatewayCustomer,
                      details,
                      tx.now(),
                      null);
              PaymentMethodStore.insert(tx, method);
              WalletStore.setHasBillingMethod(tx, caller.root(), true);
              log.record(tx, caller.root(), List.of(BillingFacts.methodCreated(method)));
              return method;
            },
            method -> method.id().toString(),
            (tx, done) ->
                MethodId.parse(done)
                    .flatMap(id -> PaymentMethodStore.find(tx, caller.root(), id))
                    .orElseThrow());
    before.ifPresent(this::detach);
    return added;
  }

  /** The gateway forgets it too; if it cannot just now, nothing of ours depends on it. */
  private void detach(PaymentMethod method) {
    boolean isStillUsed =
        database.read(tx -> PaymentMethodStore.inPlace(tx, method.root())).stream()
            .anyMatch(m -> m.details().reference().equals(method.details().reference()));
    if (!isStillUsed) {
      try {
        gateway.detach(method.details().reference());
      } catch (Gateway.UnavailableException | Gateway.RefusedException e) {
        LOG.log(
            Level.WARNING, "the gateway still holds the deleted payment method " + method.id(), e);
      }
    }
  }

  private String customerOf(UserId root) {
    return database
        .read(tx -> WalletStore.customer(tx, root))
        .map(WalletStore.Customer::gatewayCustomer)
        .orElseGet(() -> createCustomer(root));
  }

  private String createCustomer(UserId root) {
    Gateway.Customer details = database.read(tx -> WalletStore.ownerOf(tx, root));
    String made = gateway.createCustomer(root.toString(), details);
    String kept = setCustomer(root, made).gatewayCustomer();
    // The gateway is asked more, and that is no time to hold a transaction open.
    database.commitSoFar();
    return kept;
  }

  private WalletStore.Customer setCustomer(UserId root, String gatewayCustomer) {
    return database.write(
        tx -> {
          if (!WalletStore.claimCustomer(tx, root, gatewayCustomer)) {
            throw new ApiException.Refused(ErrorCode.PAYMENT_GATEWAY_REFERENCE_INVALID);
          }
          return WalletStore.setCustomer(
              tx, root, new WalletStore.Customer(ids.customer(tx.now()), gatewayCustomer));
        });
  }

  private static <T> T asked(ErrorCode unknown, java.util.function.Supplier<T> ask) {
    try {
      return ask.get();
    } catch (Gateway.RefusedException e) {
      throw new ApiException.Refused(unknown);
    }
  }
}
