package postern.accounts.web;

import java.util.List;
import java.util.Optional;
import postern.accounts.ChildQuery;
import postern.accounts.ReferralCustomers;
import postern.accounts.ReferralCustomers.Command;
import postern.accounts.UserLimits;
import postern.accounts.Users;
import postern.accounts.Users.UserWithWallet;
import postern.billing.PaymentMethods;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.NextLink;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.json.JsonOut;

/** The routes of partners. Their list has an order of its own, and ten records a page: recorded. */
public final class ReferralsApi {
  private static final int PAGE_SIZE_DEFAULT = 10;
  private static final String PATH = "/v2/referral_customers";
  private static final String BETA_PATH = "/beta/referral_customers";

  private final ReferralCustomers referrals;
  private final Users users;
  private final PaymentMethods methods;

  public ReferralsApi(ReferralCustomers referrals, Users users, PaymentMethods methods) {
    this.referrals = referrals;
    this.users = users;
    this.methods = methods;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    Route create = new Route("POST", PATH, access, this::create);
    Route list = new Route("GET", PATH, access, this::list).as(RouteClass.INDEX);
    Route update = new Route("PUT", PATH + "/{id}", access, this::update);
    Route key = new Route("GET", "/v2/partners/stripe_public_key", access, this::publicKey);
    return List.of(
        create,
        create.at(BETA_PATH),
        list,
        list.at(BETA_PATH),
        update,
        update.at(BETA_PATH + "/{id}"),
        new Route("PUT", PATH, access, this::updateOwn),
        key,
        key.at("/beta/partners/stripe_public_key"));
  }

  private Answer create(Call call) {
    referrals.requirePartner(call.caller());
    ReferralCustomers.Created created =
        referrals.create(call.caller(), commandIn(call.params().unwrap("user")));
    return Answer.json(201, out -> UserJson.writeCreated(out, created.user(), created.keys()));
  }

  private static Command commandIn(Params user) {
    Checks checks = new Checks();
    Optional<String> name = UserLimits.name(checks, user.field("name"), user.get("name"));
    Optional<String> email = UserLimits.email(checks, user.field("email"), user.get("email"));
    Optional<String> phone = UserParams.phoneNumber(checks, user);
    checks.throwIfAny();
    List<FieldError> missing =
        java.util.stream.Stream.of(
                java.util.Map.entry("name", name),
                java.util.Map.entry("email", email),
                java.util.Map.entry("phone_number", phone))
            .filter(given -> given.getValue().isEmpty())
            .map(given -> new FieldError(user.field(given.getKey()), "cannot be blank"))
            .toList();
    if (!missing.isEmpty()) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, missing);
    }
    return new Command(
        name.orElseThrow(), email.orElseThrow(), phone.orElseThrow(), user.field(""));
  }

  private Answer list(Call call) {
    ChildQuery query = queryIn(call.params());
    ReferralCustomers.Page page = referrals.list(call.caller(), query);
    Answer answer =
        Answer.json(
            200,
            out -> {
              out.startObject().flag("has_more", page.hasMore());
              out.startArray("referral_customers");
              page.customers().forEach(customer -> write(out, page, customer));
              out.endArray().endObject();
            });
    // Each of them may have any number of children.
    answer.streamed();
    return page.hasMore()
        ? NextLink.add(
            answer,
            call,
            query.size(),
            query.isAscending(),
            page.customers().getLast().user().id(),
            List.of())
        : answer;
  }

  private void write(JsonOut out, ReferralCustomers.Page page, UserWithWallet customer) {
    UserId id = customer.user().id();
    UserJson.write(
        out,
        customer,
        array -> {
          if (page.parents().contains(id)) {
            users.forEachBatchOfChildren(id, batch -> UserJson.writeChildren(array, batch));
          }
        });
  }

  /** Oldest first; before a cursor newest first: recorded. */
  private static ChildQuery queryIn(Params given) {
    Checks checks = new Checks();
    int size = given.has("page_size") ? checks.pageSize(given.get("page_size")) : PAGE_SIZE_DEFAULT;
    Optional<UserId> after = ChildrenApi.cursor(checks, given, "after_id");
    Optional<UserId> before = ChildrenApi.cursor(checks, given, "before_id");
    checks.throwIfAny();
    boolean isAscending = before.isEmpty() || after.isPresent();
    return new ChildQuery(after, before, isAscending, size, false);
  }

  private Answer update(Call call) {
    Params user = call.params().unwrap("user");
    referrals.requirePartner(call.caller());
    UserId id = Caller.userIn(call);
    referrals.changeEmail(call.caller(), id, emailIn(user), user.field("email"));
    return updated();
  }

  private Answer updateOwn(Call call) {
    Params user = call.params().unwrap("user");
    referrals.changeOwnEmail(call.caller(), emailIn(user), user.field("email"));
    return updated();
  }

  private static String emailIn(Params user) {
    Checks checks = new Checks();
    Optional<String> email = UserLimits.email(checks, user.field("email"), user.get("email"));
    checks.throwIfAny();
    return email.orElseThrow(
        () ->
            new ApiException.Invalid(
                ErrorCode.PARAMETER_REQUIRED, user.field("email"), "cannot be blank"));
  }

  private static Answer updated() {
    String message = "Referral Customer email updated successfully";
    return Answer.json(200, out -> out.startObject().text("message", message).endObject());
  }

  private Answer publicKey(Call call) {
    referrals.requirePartner(call.caller());
    String key =
        methods
            .publicKey()
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.PARTNER_INTEGRATION_NOT_SET));
    return Answer.json(200, out -> out.startObject().text("public_key", key).endObject());
  }
}
