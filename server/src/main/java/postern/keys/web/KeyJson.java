package postern.keys.web;

import postern.core.WireTime;
import postern.json.JsonOut;
import postern.keys.ApiKey;

/** The JSON of an API key, in the two orders of members that EasyPost uses. */
public final class KeyJson {
  private KeyJson() {}

  /** In answers that concern one key, and beside a user that was just created. */
  public static void write(JsonOut out, ApiKey key) {
    out.startObject().text("object", "ApiKey").text("key", key.text());
    out.text("mode", key.mode().wireName()).text("created_at", seconds(key));
    out.flag("active", key.active()).text("id", key.id()).endObject();
  }

  /** In lists of keys. */
  public static void writeListed(JsonOut out, ApiKey key) {
    out.startObject().text("object", "ApiKey").flag("active", key.active());
    out.text("key", key.text()).text("mode", key.mode().wireName());
    out.text("created_at", seconds(key)).text("id", key.id()).endObject();
  }

  private static String seconds(ApiKey key) {
    return WireTime.seconds(key.createdAt());
  }
}
