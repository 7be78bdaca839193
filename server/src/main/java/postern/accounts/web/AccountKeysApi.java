package postern.accounts.web;

import java.util.List;
import java.util.Optional;
import postern.accounts.AccountKeys;
import postern.accounts.AccountKeys.OfChild;
import postern.core.Principal;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;
import postern.http.RouteClass;
import postern.json.JsonOut;
import postern.keys.ApiKey;
import postern.keys.IssueKey;
import postern.keys.web.KeyJson;
import postern.keys.web.KeysApi;

/** The routes that show keys together with the users that own them. */
public final class AccountKeysApi {
  private final AccountKeys accountKeys;
  private final IssueKey issueKey;

  public AccountKeysApi(AccountKeys accountKeys, IssueKey issueKey) {
    this.accountKeys = accountKeys;
    this.issueKey = issueKey;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    Route ofUser =
        new Route("GET", "/v2/users/{id}/api_keys", access, this::listOf).as(RouteClass.SECRET);
    return List.of(
        new Route("GET", "/v2/api_keys", access, this::list).as(RouteClass.SECRET),
        ofUser,
        ofUser.at("/beta/users/{id}/api_keys"),
        new Route("POST", "/v2/users/{id}/api_keys", access, this::create).as(RouteClass.SECRET));
  }

  private Answer list(Call call) {
    Principal caller = call.caller();
    List<ApiKey> own = accountKeys.of(caller, caller.user());
    return Answer.json(
            200,
            out -> {
              writeOpen(out, caller.user(), own);
              out.startArray("children");
              accountKeys.forEachBatchOfChildren(caller, batch -> writeChildren(out, batch));
              out.endArray().endObject();
            })
        .streamed();
  }

  private Answer listOf(Call call) {
    KeyPage page = KeyPage.of(accountKeys.of(call.caller(), Caller.userIn(call)), call.params());
    return Answer.json(
        200,
        out -> {
          out.startObject().startArray("api_keys");
          page.keys().forEach(key -> KeyJson.writeListed(out, key));
          out.endArray().flag("has_more", page.hasMore()).endObject();
        });
  }

  private Answer create(Call call) {
    UserId owner = Caller.userIn(call);
    accountKeys.requireVisible(call.caller(), owner);
    return KeysApi.created(
        issueKey.run(call.caller().root(), owner, KeysApi.modeIn(call.params()), Optional.empty()));
  }

  private static void writeChildren(JsonOut out, List<OfChild> batch) {
    for (OfChild of : batch) {
      writeOpen(out, of.child(), of.keys());
      out.startArray("children").endArray().endObject();
    }
  }

  private static void writeOpen(JsonOut out, UserId user, List<ApiKey> keys) {
    out.startObject().text("id", user).startArray("keys");
    keys.forEach(key -> KeyJson.writeListed(out, key));
    out.endArray();
  }
}
