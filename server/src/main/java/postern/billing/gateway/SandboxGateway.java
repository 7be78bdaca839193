package postern.billing.gateway;

import java.time.Duration;
import java.util.Optional;
import postern.sql.Database;
import postern.sql.Signal;
import postern.sql.Tx;

/**
 * Stands in for a gateway: no money moves. It keeps its own record in {@code sandbox_intents}, in
 * transactions of its own, as a company outside would, so that what it was asked for and what
 * Postern believes can be compared.
 */
public final class SandboxGateway implements Gateway {
  private static final Duration SLOW = Duration.ofSeconds(3);
  private static final String CUSTOMER = "cus_sandbox_";
  private static final int SECRET_LENGTH = 24;

  private record Intent(String status, String failure, int confirmations) {}

  private final Database database;

  public SandboxGateway(Database database) {
    this.database = database;
  }

  @Override
  public String createCustomer(String idempotencyKey, Customer customer) {
    return CUSTOMER + idempotencyKey.substring(idempotencyKey.indexOf('_') + 1);
  }

  @Override
  public String createSetupIntent(String customer) {
    String of = tail(customer);
    return "seti_sandbox" + of + "_secret_" + of;
  }

  @Override
  public Optional<String> openSetupPage(String customer, String returnUrl, String cancelUrl) {
    return Optional.empty();
  }

  @Override
  public String givenOn(String customer, String visit) {
    throw new RefusedException("resource_missing");
  }

  @Override
  public String createBankSession(String customer, Optional<String> returnUrl) {
    return "fcsess_client_secret_sandbox" + tail(customer);
  }

  private static String tail(String customer) {
    return customer.substring(Math.max(0, customer.length() - SECRET_LENGTH));
  }

  @Override
  public Method.Card attachCard(String customer, String reference) {
    return SandboxMethods.card(reference)
        .orElseThrow(() -> new RefusedException("resource_missing"));
  }

  @Override
  public Method.BankAccount attachBankAccount(
      String customer, String reference, String holder, Mandate mandate) {
    return SandboxMethods.bankAccount(reference)
        .orElseThrow(() -> new RefusedException("resource_missing"));
  }

  /** Of those whose name says that they are the sandbox's own. */
  @Override
  public Optional<String> holderOf(String bankReference) {
    return bankReference.startsWith("fca_sandbox") ? Optional.of("Sandbox") : Optional.empty();
  }

  @Override
  public Method find(String customer, String reference) {
    if (!customer.startsWith(CUSTOMER)) {
      throw new RefusedException("resource_missing");
    }
    return SandboxMethods.card(reference)
        .<Method>map(card -> card)
        .or(() -> SandboxMethods.bankAccount(reference))
        .orElseThrow(() -> new RefusedException("resource_missing"));
  }

  @Override
  public void detach(String reference) {
    // Its methods belong to nobody: there is nothing to forget.
  }

  @Override
  public String prepare(Transfer transfer) {
    return database.write(
        tx -> {
          tx.execute(
              """
              insert into sandbox_intents (id, idempotency_key, kind, customer, method,
                amount_cents, status, created_at)
              values (?, ?, ?, ?, ?, ?, 'created', ?)
              on conflict (idempotency_key) do nothing
              """,
              "pi_sandbox_" + transfer.id(),
              transfer.id(),
              transfer.refundOf().isPresent() ? "refund" : "payment",
              transfer.customer(),
              transfer.method(),
              transfer.amountCents(),
              tx.now());
          return tx.one(
                  "select id from sandbox_intents where idempotency_key = ?",
                  row -> row.text("id"),
                  transfer.id())
              .orElseThrow();
        });
  }

  @Override
  public Outcome carryOut(Transfer transfer, String reference) {
    SandboxMethods.Behaviour behaviour = SandboxMethods.behaviourOf(transfer.method());
    boolean isRefund = transfer.refundOf().isPresent();
    if (behaviour == SandboxMethods.Behaviour.IS_SLOW) {
      new Signal().await(0, SLOW);
    }
    Intent intent =
        database.write(tx -> confirm(tx, reference, isRefund ? "" : behaviour.failure()));
    if (behaviour == SandboxMethods.Behaviour.LOSES_THE_ANSWER && intent.confirmations == 1) {
      throw new UnavailableException("the sandbox has lost its answer");
    }
    return intent.status.equals("succeeded")
        ? new Outcome.Succeeded()
        : new Outcome.Failed(intent.failure);
  }

  /** Ends an intent that has not ended; what it is then. */
  private static Intent confirm(Tx tx, String reference, String failure) {
    return tx.one(
            """
            update sandbox_intents
            set confirmations = confirmations + 1,
              status = case
                when status <> 'created' then status
                when ? = '' then 'succeeded'
                else 'failed'
              end,
              failure = case when status <> 'created' then failure else nullif(?, '') end
            where id = ?
            returning status, coalesce(failure, '') as failure, confirmations
            """,
            row ->
                new Intent(row.text("status"), row.text("failure"), row.integer("confirmations")),
            failure,
            failure,
            reference)
        .orElseThrow(() -> new RefusedException("resource_missing"));
  }

  /** A key that a browser cannot use anywhere: there is no company behind it. */
  @Override
  public Optional<String> publicKey() {
    return Optional.of("pk_sandbox_postern");
  }
}
