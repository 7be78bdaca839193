package postern.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one JSON document, compact, members in the order of the calls. Not for use by several
 * threads. A null text or flag is written as {@code null}.
 */
public final class JsonOut {
  private final JsonGenerator out;

  JsonOut(JsonGenerator out) {
    this.out = out;
  }

  public JsonOut startObject() {
    out.writeStartObject();
    return this;
  }

  public JsonOut startObject(String name) {
    out.writeObjectPropertyStart(name);
    return this;
  }

  public JsonOut endObject() {
    out.writeEndObject();
    return this;
  }

  public JsonOut startArray(String name) {
    out.writeArrayPropertyStart(name);
    return this;
  }

  public JsonOut startArray() {
    out.writeStartArray();
    return this;
  }

  public JsonOut endArray() {
    out.writeEndArray();
    return this;
  }

  public JsonOut text(String name, @Nullable String value) {
    if (value == null) {
      out.writeNullProperty(name);
    } else {
      out.writeStringProperty(name, value);
    }
    return this;
  }

  /** A value whose text is its wire form, such as an id. */
  public JsonOut text(String name, @Nullable Object value) {
    return text(name, value == null ? null : value.toString());
  }

  public JsonOut flag(String name, @Nullable Boolean value) {
    if (value == null) {
      out.writeNullProperty(name);
    } else {
      out.writeBooleanProperty(name, value);
    }
    return this;
  }

  public JsonOut number(String name, long value) {
    out.writeNumberProperty(name, value);
    return this;
  }

  public JsonOut number(String name, BigDecimal value) {
    out.writeNumberProperty(name, value);
    return this;
  }

  /** A text that is an element of an array. */
  public JsonOut element(String value) {
    out.writeString(value);
    return this;
  }
}
