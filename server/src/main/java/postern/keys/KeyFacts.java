package postern.keys;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.core.WireTime;
import postern.journal.Change;

/** What journals are told of keys: never their text. */
public final class KeyFacts {
  private KeyFacts() {}

  /** That a key was made. */
  public static Change created(ApiKey key) {
    return change("api_key.created", key, Map.of(), of(key));
  }

  static Change switched(ApiKey before, ApiKey after) {
    String kind = after.active() ? "api_key.enabled" : "api_key.disabled";
    return change(kind, after, of(before), of(after));
  }

  /** For the audit log alone: the name is no part of a key on the wire. */
  static Change renamed(ApiKey before, ApiKey after) {
    Map<String, @Nullable Object> names = new LinkedHashMap<>();
    names.put("name", before.name());
    Map<String, @Nullable Object> now = new LinkedHashMap<>();
    now.put("name", after.name());
    return change("api_key.renamed", after, names, now);
  }

  static Change deleted(ApiKey key) {
    return change("api_key.deleted", key, of(key), Map.of());
  }

  private static Change change(
      String kind,
      ApiKey key,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    String name = key.name() == null ? "" : key.name();
    return new Change(kind, key.user(), key.id().toString(), name, before, after);
  }

  private static Map<String, @Nullable Object> of(ApiKey key) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", key.id().toString());
    facts.put("object", "ApiKey");
    facts.put("user_id", key.user().toString());
    facts.put("mode", key.mode().wireName());
    facts.put("active", key.active());
    facts.put("created_at", WireTime.seconds(key.createdAt()));
    return facts;
  }
}
