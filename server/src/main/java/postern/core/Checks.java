package postern.core;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks outside text and collects what is wrong with it, so that the caller is told all of it at
 * once. One instance serves one request; not for several threads. Messages never repeat a value.
 */
public final class Checks {
  private static final int PAGE_SIZE_DEFAULT = 20;
  private static final int PAGE_SIZE_MAX = 100;
  private static final int DATE_LENGTH = 10;
  private static final Instant MOMENT_MIN = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant MOMENT_MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private final List<FieldError> errors = new ArrayList<>();
  private ErrorCode code = ErrorCode.PARAMETER_INVALID_TYPE;

  /**
   * A text of at most {@code lengthMax} characters; surrounding white space is dropped. Empty where
   * the value is missing, null, blank or wrong.
   */
  public Optional<String> text(String field, @Nullable Object value, int lengthMax) {
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String given)) {
      wrongType(field, "must be a string");
      return Optional.empty();
    }
    String text = given.strip();
    if (text.codePointCount(0, text.length()) > lengthMax) {
      invalid(field, "must be at most " + lengthMax + " characters long");
      return Optional.empty();
    }
    if (!isStorable(text)) {
      invalid(field, "must not contain control characters or broken Unicode");
      return Optional.empty();
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** A secret text, taken to the letter: nothing is stripped and control characters are allowed. */
  public Optional<String> secret(String field, @Nullable Object value, int lengthMax) {
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      wrongType(field, "must be a string");
      return Optional.empty();
    }
    if (text.length() > lengthMax) {
      invalid(field, "must be at most " + lengthMax + " characters long");
      return Optional.empty();
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /**
   * An amount in dollars, as decimal text or number, with at most two places, not negative, at most
   * {@code dollarsMax}. In micro-dollars; empty where the value is missing, null or wrong.
   */
  public OptionalLong amount(String field, @Nullable Object value, long dollarsMax) {
    return amount(field, value, 2, dollarsMax);
  }

  /** The same with another number of places. */
  public OptionalLong amount(String field, @Nullable Object value, int placesMax, long dollarsMax) {
    if (value == null) {
      return OptionalLong.empty();
    }
    BigDecimal dollars = decimalOf(value);
    if (dollars == null || dollars.stripTrailingZeros().scale() > placesMax) {
      invalid(
          field,
          "must be a decimal amount with at most " + placesMax + " places, such as \"100.00\"");
      return OptionalLong.empty();
    }
    if (dollars.signum() < 0 || dollars.compareTo(BigDecimal.valueOf(dollarsMax)) > 0) {
      invalid(field, "must be between 0.00 and " + dollarsMax + ".00");
      return OptionalLong.empty();
    }
    return OptionalLong.of(Money.micros(dollars));
  }

  /** A whole number of at least {@code min}, as text or number; empty where missing or wrong. */
  public OptionalLong wholeNumber(String field, @Nullable Object value, long min) {
    if (value == null) {
      return OptionalLong.empty();
    }
    BigDecimal number = decimalOf(value);
    if (number == null || number.stripTrailingZeros().scale() > 0) {
      wrongType(field, "must be a whole number");
      return OptionalLong.empty();
    }
    if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
      wrongType(field, "must be at least " + min);
      return OptionalLong.empty();
    }
    return OptionalLong.of(number.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact());
  }

  /** How long a page is to be: 20 where nothing is given, 100 at the most. */
  public int pageSize(@Nullable Object value) {
    return (int)
        Math.min(PAGE_SIZE_MAX, wholeNumber("page_size", value, 1).orElse(PAGE_SIZE_DEFAULT));
  }

  /**
   * A moment as ISO 8601 with an offset, such as {@code 2026-11-23T07:00:00Z}, or a date in UTC, in
   * the years 1 to 9999.
   */
  public Optional<Instant> moment(String field, @Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    String text = value.toString().strip();
    try {
      Instant moment =
          text.length() <= DATE_LENGTH
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      // Beyond these years neither PostgreSQL nor an ID has room for the moment.
      if (moment.isBefore(MOMENT_MIN) || moment.isAfter(MOMENT_MAX)) {
        wrongType(field, "must be in the years 1 to 9999");
        return Optional.empty();
      }
      return Optional.of(moment);
    } catch (DateTimeException e) {
      wrongType(field, "must be a date and time such as 2026-11-23T07:00:00Z");
      return Optional.empty();
    }
  }

  /** Notes a value of the wrong type or shape. */
  public void wrongType(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  /** Notes a value of the right type that is not allowed. */
  public void invalid(String field, String message) {
    code = ErrorCode.PARAMETER_INVALID;
    errors.add(new FieldError(field, message));
  }

  /** Whether anything was noted so far. */
  public boolean isAnyWrong() {
    return !errors.isEmpty();
  }

  /** Ends the request with everything noted so far, if anything was. */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      throw new ApiException.Invalid(code, errors);
    }
  }

  private static @Nullable BigDecimal decimalOf(Object value) {
    if (value instanceof BigDecimal number) {
      return Math.abs((long) number.scale()) > 100 ? null : number;
    }
    // Digits only: no exponent that would make a huge number of a short text.
    return value instanceof String text && text.strip().matches("-?\\d{1,20}(\\.\\d{1,20})?")
        ? new BigDecimal(text.strip())
        : null;
  }

  /**
   * PostgreSQL takes neither NUL nor half of a surrogate pair; no reader takes control characters.
   */
  private static boolean isStorable(String text) {
    return text.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }
}
