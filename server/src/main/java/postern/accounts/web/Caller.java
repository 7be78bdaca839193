package postern.accounts.web;

import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.http.Call;

/** Reads from a call which user it is about. */
final class Caller {
  private Caller() {}

  /** The user in the path; a text that is no id is an id that nobody has. */
  static UserId userIn(Call call) {
    return UserId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
