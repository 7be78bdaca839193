package postern.dashboard;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.accounts.Recharge;
import postern.accounts.UpdateUser;
import postern.accounts.Users.UserWithWallet;
import postern.billing.EntryKind;
import postern.billing.Ledger;
import postern.billing.LedgerEntry;
import postern.billing.LedgerQuery;
import postern.billing.PaymentMethod;
import postern.billing.Priority;
import postern.billing.Wallet;
import postern.billing.gateway.Gateway;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.EntryId;
import postern.core.ErrorCode;
import postern.core.MethodId;
import postern.core.Principal;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Handler;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;

/** The wallet: its balance, its ledger, what fills it. */
public final class BillingPages {
  /**
   * What the page shows.
   *
   * @param paused since when and until when no recharge is tried; empty where none has failed
   * @param older where the next part of the ledger is; null at the end
   * @param months those of which there are statements, the newest first
   * @param account the id of the account
   */
  public record BillingView(
      String balance,
      String paused,
      BalanceChart chart,
      List<LedgerEntry> entries,
      @Nullable String older,
      List<String> months,
      List<MethodRow> methods,
      boolean isSandbox,
      List<String> sandboxMethods,
      String account,
      Form form) {}

  /** A payment method. */
  public record MethodRow(String id, String place, String name, boolean isBankAccount) {}

  private static final int DAYS_SHOWN = 30;
  private static final int ENTRIES_SHOWN = 25;
  private static final int MONTHS_SHOWN = 12;
  private static final long RECHARGE_DOLLARS_MAX = 1_000_000;
  private static final int VISIT_LENGTH_MAX = 255;
  private static final long FUND_DOLLARS_MAX = 10_000;
  private static final List<String> SANDBOX_METHODS =
      List.of("pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_chargeCustomerFail");

  private final Html html;
  private final Parts parts;
  private final Handler exportStatement;

  /**
   * Makes it.
   *
   * @param exportStatement a month of the ledger as CSV
   */
  BillingPages(Html html, Parts parts, Handler exportStatement) {
    this.html = html;
    this.parts = parts;
    this.exportStatement = exportStatement;
  }

  List<Route> routes() {
    Access access = Access.SESSION;
    return List.of(
        new Route("GET", "/billing", access, call -> page(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("GET", "/billing/statements/{id}", access, exportStatement).as(RouteClass.INDEX),
        new Route("POST", "/billing/recharge", access, Browser.checked(this::recharge)),
        new Route("POST", "/billing/fund", access, Browser.checked(this::fund)),
        new Route("POST", "/billing/methods", access, Browser.checked(this::addMethod)),
        new Route("GET", "/billing/methods/given", access, this::given),
        new Route(
            "POST", "/billing/methods/{id}/delete", access, Browser.checked(this::deleteMethod)));
  }

  private Answer page(int status, Call call, Form form) {
    Principal caller = call.caller();
    UserWithWallet account = parts.accounts().users().get(caller, caller.root());
    Ledger ledger = parts.billing().ledger();
    Ledger.Page entries = ledger.list(caller, queryIn(caller, call.params()));
    Recharge recharge = account.user().recharge();
    Form shown = form.isRefused() ? form : Form.with(valuesOf(recharge));
    BillingView view =
        new BillingView(
            Shown.dollars(account.wallet().map(Wallet::balanceMicros).orElse(0L)),
            account.wallet().map(Wallet::rechargePausedUntil).map(Shown::time).orElse(""),
            BalanceChart.of(ledger.dayEnds(caller, DAYS_SHOWN)),
            entries.entries(),
            entries.hasMore() ? "/billing?before=" + entries.entries().getLast().id() : null,
            months(account),
            parts.billing().methods().list(caller).methods().stream()
                .map(BillingPages::row)
                .toList(),
            parts.setup().isSandbox(),
            SANDBOX_METHODS,
            caller.root().toString(),
            shown);
    return html.page(status, call, "/billing", "Billing", "billing", view);
  }

  private static Map<String, String> valuesOf(Recharge recharge) {
    return Map.of(
        "recharge_amount", Shown.typed(recharge.amountMicros()),
        "secondary_recharge_amount", Shown.typed(recharge.secondaryAmountMicros()),
        "recharge_threshold", Shown.typed(recharge.thresholdMicros()));
  }

  private LedgerQuery queryIn(Principal caller, Params given) {
    long before =
        Optional.ofNullable(given.get("before"))
            .flatMap(id -> EntryId.parse(id.toString()))
            .flatMap(id -> parts.billing().ledger().seqOf(caller, id))
            .orElse(Long.MAX_VALUE);
    return new LedgerQuery(
        0,
        before,
        false,
        Optional.empty(),
        Optional.<EntryKind>empty(),
        Optional.empty(),
        Optional.empty(),
        ENTRIES_SHOWN);
  }

  private List<String> months(UserWithWallet account) {
    YearMonth first = YearMonth.from(account.user().createdAt().atOffset(ZoneOffset.UTC));
    YearMonth now = YearMonth.from(parts.setup().clock().instant().atOffset(ZoneOffset.UTC));
    return Stream.iterate(now, month -> !month.isBefore(first), month -> month.minusMonths(1))
        .limit(MONTHS_SHOWN)
        .map(YearMonth::toString)
        .toList();
  }

  private static MethodRow row(PaymentMethod method) {
    String name =
        switch (method.details()) {
          case Gateway.Method.Card card ->
              card.brand()
                  + " •••• "
                  + card.last4()
                  + ", "
                  + card.expMonth()
                  + "/"
                  + card.expYear();
          case Gateway.Method.BankAccount bank -> bank.bankName() + " •••• " + bank.last4();
        };
    return new MethodRow(
        method.id().toString(),
        Shown.words(method.priority().wireName()),
        name,
        method.isBankAccount());
  }

  private Answer recharge(Call call) {
    return Forms.submit(
        call,
        List.of("recharge_amount", "secondary_recharge_amount", "recharge_threshold"),
        () -> {
          Checks checks = new Checks();
          UpdateUser.Command command =
              UpdateUser.Command.ofRecharge(
                  amount(checks, call.params(), "recharge_amount"),
                  amount(checks, call.params(), "secondary_recharge_amount"),
                  amount(checks, call.params(), "recharge_threshold"));
          checks.throwIfAny();
          Principal caller = call.caller();
          parts.accounts().updateUser().run(caller, caller.root(), command);
          return Browser.goTo(Notice.RECHARGE_CHANGED.at("/billing"));
        },
        (status, form) -> page(status, call, form));
  }

  /** An empty field takes the setting away. */
  private static Optional<Long> amount(Checks checks, Params given, String name) {
    if (given.get(name) instanceof String text && text.isBlank()) {
      return Optional.empty();
    }
    OptionalLong micros = checks.amount(name, given.get(name), RECHARGE_DOLLARS_MAX);
    return micros.isPresent() ? Optional.of(micros.getAsLong()) : Optional.empty();
  }

  private Answer fund(Call call) {
    return Forms.submit(
        call,
        List.of("amount"),
        () -> {
          Checks checks = new Checks();
          OptionalLong micros =
              checks.amount("amount", call.params().get("amount"), FUND_DOLLARS_MAX);
          if (micros.orElse(0) == 0 && !checks.isAnyWrong()) {
            checks.invalid("amount", "must be above zero");
          }
          checks.throwIfAny();
          Principal caller = call.caller();
          PaymentMethod method =
              parts.billing().methods().list(caller).methods().stream()
                  .filter(m -> m.id().toString().equals(call.params().get("method")))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new ApiException.Invalid(
                              ErrorCode.PARAMETER_INVALID, "method", "must be one of yours"));
          parts
              .billing()
              .fundWallet()
              .run(caller, method.id(), method.isBankAccount(), micros.orElseThrow());
          return Browser.goTo(Notice.FUNDED.at("/billing"));
        },
        (status, form) -> page(status, call, form));
  }

  /** A card of the sandbox at once; of another gateway by way of a page of its own. */
  private Answer addMethod(Call call) {
    return Forms.submit(
        call,
        List.of("reference", "priority"),
        () -> {
          Checks checks = new Checks();
          Priority priority = priorityIn(checks, call.params());
          checks.throwIfAny();
          return parts.setup().isSandbox()
              ? addSandboxCard(call, priority)
              : leadToGateway(call, priority);
        },
        (status, form) -> page(status, call, form));
  }

  private static Priority priorityIn(Checks checks, Params given) {
    Optional<Priority> priority = Priority.parse(String.valueOf(given.get("priority")));
    if (priority.isEmpty()) {
      checks.invalid("priority", "must be primary or secondary");
    }
    return priority.orElse(Priority.PRIMARY);
  }

  private Answer addSandboxCard(Call call, Priority priority) {
    String reference = String.valueOf(call.params().get("reference"));
    if (!SANDBOX_METHODS.contains(reference)) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID, "reference", "must be one of the sandbox's");
    }
    parts.billing().methods().addCard(call.caller(), reference, priority);
    return Browser.goTo(Notice.METHOD_ADDED.at("/billing"));
  }

  /** By a link that is pressed: the policy of the pages lets no form lead to another site. */
  private Answer leadToGateway(Call call, Priority priority) {
    String here = parts.setup().publicUrl().get() + "/billing";
    String back =
        here + "/methods/given?priority=" + priority.wireName() + "&visit=" + Gateway.VISIT;
    String link =
        parts
            .billing()
            .methods()
            .setupPage(call.caller(), back, here)
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    return html.page(call, "/billing", "Add a payment method", "paymentPage", link);
  }

  /** Where the gateway's page leads back to; it says whose visit it was. */
  private Answer given(Call call) {
    return Forms.submit(
        call,
        List.of(),
        () -> {
          Checks checks = new Checks();
          Priority priority = priorityIn(checks, call.params());
          Optional<String> visit =
              checks.text("visit", call.params().get("visit"), VISIT_LENGTH_MAX);
          Forms.require(checks, visit, "visit");
          checks.throwIfAny();
          try {
            parts.billing().methods().addGiven(call.caller(), visit.orElseThrow(), priority);
          } catch (ApiException.Refused refusal) {
            throw new ApiException.Invalid(
                refusal.code(), "payment_method", "none was given on that page, please try again");
          }
          return Browser.goTo(Notice.METHOD_ADDED.at("/billing"));
        },
        (status, form) -> page(status, call, form));
  }

  private Answer deleteMethod(Call call) {
    MethodId id =
        MethodId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    boolean isBankAccount =
        parts.billing().methods().list(call.caller()).methods().stream()
            .anyMatch(method -> method.id().equals(id) && method.isBankAccount());
    parts.billing().methods().delete(call.caller(), id, isBankAccount);
    return Browser.goTo(Notice.METHOD_DELETED.at("/billing"));
  }
}
