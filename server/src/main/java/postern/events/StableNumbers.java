package postern.events;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbers of events so that a receiver may parse the body and serialise it again before it
 * checks the signature, as receivers with a JSON body parser do. Whole numbers have no point, and
 * fractions are the shortest text of a double: JavaScript, Python, Ruby, PHP and Go write both as
 * they came. The exception is a whole {@code weight}: EasyPost sends it with a point, and its Node
 * client puts one back before it looks at the signature.
 */
final class StableNumbers {
  /** Number.MAX_SAFE_INTEGER of JavaScript: beyond it, two whole numbers are one double. */
  private static final BigDecimal WHOLE_MAX = BigDecimal.valueOf((1L << 53) - 1);

  /** Below this Python, Ruby and PHP write an exponent, each in its own way. */
  private static final BigDecimal FRACTION_MIN = new BigDecimal("0.0001");

  private StableNumbers() {}

  /** A number that no text writes in all of these languages. */
  static final class UnstableException extends Exception {
    UnstableException(BigDecimal number) {
      super(
          "has the number "
              + number
              + ", which receivers may read as another: send it as a string");
    }
  }

  /**
   * Returns the object with its numbers in their stable form.
   *
   * @throws UnstableException if a number has none: a whole one beyond 2^53, or a fraction nearer
   *     to zero than 0.0001
   */
  static Map<String, @Nullable Object> in(Map<?, ?> object) throws UnstableException {
    Map<String, @Nullable Object> stable = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : object.entrySet()) {
      String name = String.valueOf(member.getKey());
      boolean isWeight = name.equals("weight") && member.getValue() instanceof BigDecimal;
      Object value = in(member.getValue());
      stable.put(name, isWeight && value instanceof BigDecimal number ? weight(number) : value);
    }
    return stable;
  }

  private static @Nullable Object in(@Nullable Object value) throws UnstableException {
    return switch (value) {
      case Map<?, ?> object -> in(object);
      case List<?> list -> {
        List<@Nullable Object> stable = new ArrayList<>();
        for (Object element : list) {
          stable.add(in(element));
        }
        yield stable;
      }
      case BigDecimal number -> in(number);
      case null, default -> value;
    };
  }

  private static BigDecimal in(BigDecimal number) throws UnstableException {
    // Most readers hold numbers as doubles (RFC 8259, section 6), so further digits are lost.
    double nearest = number.doubleValue();
    BigDecimal plain = number.stripTrailingZeros();
    if (plain.scale() > 0 && !Double.isInfinite(nearest)) {
      plain = BigDecimal.valueOf(nearest).stripTrailingZeros();
    }
    boolean isWhole = plain.scale() <= 0;
    boolean isStable =
        isWhole
            ? plain.abs().compareTo(WHOLE_MAX) <= 0 && (plain.signum() != 0 || number.signum() == 0)
            : plain.abs().compareTo(FRACTION_MIN) >= 0;
    if (!isStable) {
      throw new UnstableException(number);
    }
    return isWhole ? plain.setScale(0) : plain;
  }

  /** The Node client looks for digits alone, so a number below zero stays without a point. */
  private static BigDecimal weight(BigDecimal number) {
    return number.scale() <= 0 && number.signum() >= 0 ? number.setScale(1) : number;
  }
}
