package postern.billing.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import postern.billing.ChargeWallet;
import postern.billing.EntryKind;
import postern.billing.Ledger;
import postern.billing.LedgerQuery;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.EntryId;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Csv;
import postern.http.NextLink;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.http.TextBody;

/** The routes of charges and of the ledger. */
public final class WalletApi {
  private static final List<String> FILTERS =
      List.of("user_id", "kind", "start_datetime", "end_datetime");
  private static final int TEXT_LENGTH_MAX = 255;
  private static final int AMOUNT_PLACES_MAX = 5;
  private static final long AMOUNT_DOLLARS_MAX = 1_000_000;

  private final ChargeWallet chargeWallet;
  private final Ledger ledger;

  public WalletApi(ChargeWallet chargeWallet, Ledger ledger) {
    this.chargeWallet = chargeWallet;
    this.ledger = ledger;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    return List.of(
        new Route("POST", "/v2/charges", access, this::charge),
        new Route("GET", "/v2/ledger", access, this::list).as(RouteClass.INDEX),
        new Route("GET", "/v2/users/{id}/statement", access, this::statement).as(RouteClass.INDEX));
  }

  private Answer charge(Call call) {
    ChargeWallet.Charged charged =
        chargeWallet.run(call.caller(), commandIn(call.params().unwrap("charge")));
    return Answer.json(
        charged.isNew() ? 201 : 200, out -> LedgerJson.writeCharge(out, charged.entry()));
  }

  static ChargeWallet.Command commandIn(Params charge) {
    Checks checks = new Checks();
    String field = charge.field("amount");
    OptionalLong amount =
        checks.amount(field, charge.get("amount"), AMOUNT_PLACES_MAX, AMOUNT_DOLLARS_MAX);
    if (amount.isPresent() && amount.getAsLong() == 0) {
      checks.invalid(field, "must be above zero");
    }
    Optional<String> description =
        checks.text(charge.field("description"), charge.get("description"), TEXT_LENGTH_MAX);
    Optional<String> reference =
        checks.text(charge.field("reference"), charge.get("reference"), TEXT_LENGTH_MAX);
    checks.throwIfAny();
    if (amount.isEmpty()) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, field, "cannot be blank");
    }
    return new ChargeWallet.Command(
        amount.getAsLong(), description.orElse(null), reference.orElse(null));
  }

  private Answer list(Call call) {
    LedgerQuery query = queryIn(call);
    if (Csv.isWanted(call)) {
      return Answer.text(
              200,
              Csv.TYPE,
              out -> {
                LedgerCsv.writeHead(out);
                ledger.forEach(call.caller(), query, entry -> LedgerCsv.write(out, entry));
              })
          .streamed();
    }
    Ledger.Page page = ledger.list(call.caller(), query);
    Answer answer =
        Answer.json(
            200,
            out -> {
              out.startObject().startArray("ledger");
              page.entries().forEach(entry -> LedgerJson.write(out, entry));
              out.endArray().flag("has_more", page.hasMore()).endObject();
            });
    return page.hasMore()
        ? NextLink.add(
            answer, call, query.size(), query.isAscending(), page.entries().getLast().id(), FILTERS)
        : answer;
  }

  private LedgerQuery queryIn(Call call) {
    Params given = call.params();
    Checks checks = new Checks();
    int size = checks.pageSize(given.get("page_size"));
    Optional<Long> after = cursor(checks, call, "after_id");
    Optional<Long> before = cursor(checks, call, "before_id");
    Optional<Instant> from = checks.moment("start_datetime", given.get("start_datetime"));
    Optional<Instant> to = checks.moment("end_datetime", given.get("end_datetime"));
    Optional<UserId> user =
        Optional.ofNullable(given.get("user_id")).flatMap(id -> UserId.parse(id.toString()));
    if (given.get("user_id") != null && user.isEmpty()) {
      checks.wrongType("user_id", "expected the ID of a user");
    }
    Optional<EntryKind> kind =
        Optional.ofNullable(given.get("kind")).flatMap(name -> EntryKind.parse(name.toString()));
    if (given.get("kind") != null && kind.isEmpty()) {
      checks.invalid("kind", "must be one of " + EntryKind.wireNames());
    }
    checks.throwIfAny();
    return new LedgerQuery(
        after.orElse(0L),
        before.orElse(Long.MAX_VALUE),
        after.isPresent() && before.isEmpty(),
        user,
        kind,
        from,
        to,
        size);
  }

  private Optional<Long> cursor(Checks checks, Call call, String name) {
    Object value = call.params().get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<Long> seq =
        EntryId.parse(value.toString()).flatMap(id -> ledger.seqOf(call.caller(), id));
    if (seq.isEmpty()) {
      checks.wrongType(name, "expected the ID of an entry of the ledger");
    }
    return seq;
  }

  /** A statement as a file for a browser. */
  public Answer exportStatement(Call call) {
    Ledger.Statement statement = statementIn(call);
    return Csv.file("statement-" + statement.month() + ".csv", csvOf(call, statement));
  }

  private TextBody csvOf(Call call, Ledger.Statement statement) {
    return out -> {
      LedgerCsv.writeHead(out);
      ledger.forEachIn(call.caller(), statement, entry -> LedgerCsv.write(out, entry));
    };
  }

  private Ledger.Statement statementIn(Call call) {
    UserId user =
        UserId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    return ledger.statement(call.caller(), user, monthIn(call.params()));
  }

  private Answer statement(Call call) {
    Ledger.Statement statement = statementIn(call);
    if (Csv.isWanted(call)) {
      return Answer.text(200, Csv.TYPE, csvOf(call, statement)).streamed();
    }
    return Answer.json(
            200,
            out ->
                LedgerJson.write(
                    out,
                    statement,
                    array ->
                        ledger.forEachIn(
                            call.caller(), statement, entry -> LedgerJson.write(array, entry))))
        .streamed();
  }

  private static YearMonth monthIn(Params given) {
    Object month = given.get("month");
    if (month == null) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, "month", "cannot be blank");
    }
    try {
      return YearMonth.parse(month.toString());
    } catch (DateTimeException e) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID_TYPE, "month", "must be a month such as 2026-11");
    }
  }
}
