package postern.keys;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;

/**
 * Finds the caller of a request by its API key: {@code Basic} with the key as user name, or {@code
 * Bearer}. Nothing sent is 401; whatever is sent and is not a live key is 403, without a word on
 * why.
 */
public final class KeyFilter {
  private static final String BASIC = "Basic ";
  private static final String BEARER = "Bearer ";

  private final VerifiedKeys keys;
  private final KeyUsage usage;

  public KeyFilter(VerifiedKeys keys, KeyUsage usage) {
    this.keys = keys;
    this.usage = usage;
  }

  /**
   * The caller that an {@code Authorization} header names.
   *
   * @param authorization the header's value; empty where the request has none
   * @param beforeLookUp is run before the database is asked
   * @throws ApiException if it names nobody who may call
   */
  public Principal authenticate(Optional<String> authorization, Runnable beforeLookUp) {
    String header = authorization.orElse("");
    KeyText key = keyTextIn(header);
    if (key == null) {
      throw new ApiException.Refused(
          keyIn(header).isEmpty() ? ErrorCode.UNAUTHORIZED : ErrorCode.APIKEY_INACTIVE);
    }
    Optional<Principal> caller = keys.find(key, beforeLookUp);
    if (caller.isEmpty()) {
      throw new ApiException.Refused(ErrorCode.APIKEY_INACTIVE);
    }
    usage.record(caller.get());
    return caller.get();
  }

  /** The key in a header; null where there is none that can be ours. */
  private static @Nullable KeyText keyTextIn(String authorization) {
    byte[] usual = BasicKey.read(authorization);
    KeyText key = usual == null ? null : KeyText.of(usual);
    return key == null ? KeyText.parse(keyIn(authorization)).orElse(null) : key;
  }

  /** What stands in the key's place; empty where nothing does. */
  static String keyIn(String authorization) {
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return "";
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String text = new String(pair, StandardCharsets.ISO_8859_1);
      int colon = text.indexOf(':');
      return (colon < 0 ? text : text.substring(0, colon)).strip();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
