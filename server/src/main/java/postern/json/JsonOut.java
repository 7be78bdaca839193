package postern.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
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

  /**
   * A plain value: text, number, flag, null, or a list or a map of these.
   *
   * @throws IllegalArgumentException for a value of any other class
   */
  public JsonOut value(String name, @Nullable Object value) {
    out.writeName(name);
    return value(value);
  }

  /** A plain value that is the document or an element of an array; otherwise as above. */
  public JsonOut value(@Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case BigDecimal number -> out.writeNumber(number);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(this::value);
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach((name, member) -> value(String.valueOf(name), member));
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
    }
    return this;
  }

  /** A member whose value is JSON already. */
  public JsonOut json(String name, String json) {
    out.writeName(name);
    out.writeRawValue(json);
    return this;
  }

  /** A text that is an element of an array. */
  public JsonOut element(String value) {
    out.writeString(value);
    return this;
  }
}
