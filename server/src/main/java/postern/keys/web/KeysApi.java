package postern.keys.web;

import java.util.List;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Mode;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.keys.ApiKey;
import postern.keys.DeleteKey;
import postern.keys.IssueKey;
import postern.keys.SwitchKey;

/** The routes of single API keys. */
public final class KeysApi {
  private static final int MODE_LENGTH_MAX = 20;

  private final IssueKey issueKey;
  private final SwitchKey switchKey;
  private final DeleteKey deleteKey;

  public KeysApi(IssueKey issueKey, SwitchKey switchKey, DeleteKey deleteKey) {
    this.issueKey = issueKey;
    this.switchKey = switchKey;
    this.deleteKey = deleteKey;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    return List.of(
        new Route("POST", "/v2/api_keys", access, this::create).as(RouteClass.SECRET),
        new Route("POST", "/v2/api_keys/{id}/enable", access, call -> change(call, true)),
        new Route("POST", "/v2/api_keys/{id}/disable", access, call -> change(call, false)),
        new Route("DELETE", "/v2/api_keys/{id}", access, this::delete));
  }

  private Answer create(Call call) {
    Mode mode = modeIn(call.params());
    return created(
        issueKey.run(call.caller().root(), call.caller().user(), mode, Optional.empty()));
  }

  private Answer change(Call call, boolean active) {
    ApiKey key = switchKey.run(call.caller(), idIn(call), active);
    return Answer.json(200, out -> KeyJson.write(out, key));
  }

  private Answer delete(Call call) {
    deleteKey.run(call.caller(), idIn(call));
    return Answer.empty(204);
  }

  /** The answer to the making of a key. */
  public static Answer created(ApiKey key) {
    return Answer.json(201, out -> KeyJson.write(out, key));
  }

  /** The mode of a key that is to be made. */
  public static Mode modeIn(Params given) {
    Params key = given.unwrap("api_key");
    if (key.get("mode") == null) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, key.field("mode"), "cannot be blank");
    }
    Checks checks = new Checks();
    String text = checks.text(key.field("mode"), key.get("mode"), MODE_LENGTH_MAX).orElse("");
    checks.throwIfAny();
    return Mode.parse(text)
        .orElseThrow(
            () ->
                new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID,
                    key.field("mode"),
                    "must be one of test, production"));
  }

  private static KeyId idIn(Call call) {
    return KeyId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
