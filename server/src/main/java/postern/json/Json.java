package postern.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.JsonRecyclerPools;

/** Reads JSON into plain Java values and writes it compactly as UTF-8. Safe for many threads. */
public final class Json {
  private static final int DEPTH_MAX = 64;
  private static final int NUMBER_DIGITS_MAX = 100;

  /** How many values, names of members, and ends of objects and arrays a request may have. */
  public static final int TOKENS_MAX = 100_000;

  /** A number written with a larger exponent would be longer than memory when it is written out. */
  private static final int EXPONENT_MAX = 1_000;

  /** Buffers that wait for the next document, 16 KB each. */
  private static final int BUFFERS_KEPT_MAX = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Bounded, or what thousands of slow readers have held at once would be kept for good.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS_KEPT_MAX))
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_DIGITS_MAX)
                  .build())
          .build();

  /** A short text can hold many values, each of which takes much more of memory than its text. */
  private static final JsonFactory REQUESTS =
      FACTORY
          .rebuild()
          .streamReadConstraints(
              FACTORY.streamReadConstraints().rebuild().maxTokenCount(TOKENS_MAX).build())
          .build();

  private static final ObjectWriteContext IN_LINES =
      new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
          return new DefaultPrettyPrinter();
        }

        @Override
        public boolean hasPrettyPrinter() {
          return true;
        }
      };

  private Json() {}

  /** The document as bytes. */
  public static byte[] bytes(JsonBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    write(body, bytes);
    return bytes.toByteArray();
  }

  /** A plain value, as {@link JsonOut#value(Object)} takes it, as text. */
  public static String text(@Nullable Object value) {
    if (value instanceof Map<?, ?> map && map.isEmpty()) {
      return "{}";
    }
    return new String(bytes(out -> out.value(value)), StandardCharsets.UTF_8);
  }

  /** A document in lines, for people; a text that is none as it is. */
  public static String pretty(String text) {
    try {
      Object value = parse(text.getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 2);
      JsonGenerator generator = FACTORY.createGenerator(IN_LINES, bytes);
      new JsonOut(generator).value(value);
      generator.close();
      return bytes.toString(StandardCharsets.UTF_8);
    } catch (JsonException e) {
      return text;
    }
  }

  /** Writes the document to {@code target}, which stays open. */
  public static void write(JsonBody body, OutputStream target) {
    JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    body.writeTo(new JsonOut(generator));
    // Closing gives its buffers back. Not after a failure: it would end the document that is broken
    // off, and nobody could tell it from a whole one.
    generator.close();
  }

  /**
   * Reads one document: objects as {@link Map} in their order, arrays as {@link List}, numbers as
   * {@link BigDecimal}, and {@link String}, {@link Boolean} or null.
   *
   * @throws JsonException if the bytes are anything else than exactly one document of UTF-8 JSON
   *     that is at most 64 levels deep, has numbers of at most 100 digits with exponents of at most
   *     1,000 and no member twice
   */
  public static @Nullable Object parse(byte[] bytes) throws JsonException {
    return parse(FACTORY, bytes);
  }

  /**
   * The same for what a caller has sent.
   *
   * @throws JsonException also for more than {@link #TOKENS_MAX} tokens
   */
  public static @Nullable Object parseRequest(byte[] bytes) throws JsonException {
    return parse(REQUESTS, bytes);
  }

  private static @Nullable Object parse(JsonFactory factory, byte[] bytes) throws JsonException {
    requireUtf8(bytes);
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      Object value = valueAt(parser);
      if (parser.nextToken() != null) {
        throw new JsonException("holds more than one document", parser.currentTokenLocation());
      }
      return value;
    } catch (JacksonException e) {
      throw new JsonException(e);
    }
  }

  /** Jackson takes what is written with more bytes than it needs, so that one text has many. */
  private static void requireUtf8(byte[] bytes) throws JsonException {
    for (byte each : bytes) {
      if (each < 0) {
        try {
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
          return;
        } catch (CharacterCodingException e) {
          throw new JsonException("is not UTF-8");
        }
      }
    }
  }

  private static @Nullable Object valueAt(JsonParser parser) throws JsonException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonException("holds no JSON");
    }
    return switch (token) {
      case START_OBJECT -> objectAt(parser);
      case START_ARRAY -> arrayAt(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numberAt(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonException("is not well-formed JSON", parser.currentTokenLocation());
    };
  }

  private static BigDecimal numberAt(JsonParser parser) throws JsonException {
    BigDecimal number;
    try {
      number = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      throw new JsonException("holds a number out of range", parser.currentTokenLocation());
    }
    if (Math.abs((long) number.scale()) > EXPONENT_MAX) {
      throw new JsonException("holds a number out of range", parser.currentTokenLocation());
    }
    return number;
  }

  private static Map<String, @Nullable Object> objectAt(JsonParser parser) throws JsonException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, valueAt(parser));
    }
    return members;
  }

  private static List<@Nullable Object> arrayAt(JsonParser parser) throws JsonException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(valueAt(parser));
    }
    return elements;
  }
}
