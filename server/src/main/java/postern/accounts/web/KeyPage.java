package postern.accounts.web;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Params;
import postern.keys.ApiKey;

/** One page of a user's keys, oldest first. A user has few enough to be read whole. */
record KeyPage(List<ApiKey> keys, boolean hasMore) {
  private static final int PAGE_SIZE_DEFAULT = 20;
  private static final int PAGE_SIZE_MAX = 100;

  static KeyPage of(List<ApiKey> all, Params given) {
    Checks checks = new Checks();
    OptionalLong size = checks.wholeNumber("page_size", given.get("page_size"), 1);
    checks.throwIfAny();
    int from = given.get("after_id") instanceof String after ? indexBehind(all, after) : 0;
    int to =
        Math.min(all.size(), from + (int) Math.min(PAGE_SIZE_MAX, size.orElse(PAGE_SIZE_DEFAULT)));
    return new KeyPage(all.subList(from, to), to < all.size());
  }

  private static int indexBehind(List<ApiKey> all, String after) {
    return 1
        + IntStream.range(0, all.size())
            .filter(i -> all.get(i).id().toString().equals(after))
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException.Invalid(
                        ErrorCode.PARAMETER_INVALID_TYPE,
                        "after_id",
                        "expected the ID of an API key of this user"));
  }
}
