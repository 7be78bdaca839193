package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a body with the recorded shape of one: members, their order, and how each value is
 * written.
 */
final class Shape {
  /** Recorded with a value on some accounts and with null on others. */
  private static final Set<String> NULL_ON_SOME_ACCOUNTS =
      Set.of(
          "ad",
          "ad_href",
          "background_color",
          "color",
          "default_insurance_amount",
          "has_billing_method",
          "parent_id",
          "recharge_amount",
          "recharge_threshold",
          "secondary_recharge_amount");

  private final String keys;

  /**
   * Makes a comparison.
   *
   * @param keys {@code in order}; {@code any order} where the recorder sorted them; {@code at
   *     least} for recordings of a time when answers had fewer members
   */
  Shape(String keys) {
    this.keys = keys;
  }

  void compare(String where, @Nullable Object recorded, @Nullable Object answered) {
    if (recorded instanceof Map<?, ?> members) {
      assertThat(answered).as(where).isInstanceOf(Map.class);
      compareMembers(where, members, (Map<?, ?>) java.util.Objects.requireNonNull(answered));
    } else if (recorded instanceof List<?> elements) {
      assertThat(answered).as(where).isInstanceOf(List.class);
      List<?> list = (List<?>) java.util.Objects.requireNonNull(answered);
      if (!elements.isEmpty() && !list.isEmpty()) {
        compare(where + "[]", elements.getFirst(), list.getFirst());
      }
    } else {
      compareType(where, String.valueOf(recorded), answered);
    }
  }

  private void compareMembers(String where, Map<?, ?> recorded, Map<?, ?> answered) {
    List<Object> expected = new ArrayList<>(recorded.keySet());
    List<Object> actual = new ArrayList<>(answered.keySet());
    switch (keys) {
      case "in order" -> assertThat(actual).as(where).isEqualTo(expected);
      case "any order" -> assertThat(actual).as(where).hasSameElementsAs(expected);
      default -> assertThat(actual).as(where).containsAll(expected);
    }
    recorded.forEach((name, shape) -> compare(where + "." + name, shape, answered.get(name)));
  }

  private static void compareType(String where, String recorded, @Nullable Object answered) {
    boolean eitherIsNull = answered == null || recorded.equals("null");
    if (!eitherIsNull
        || !NULL_ON_SOME_ACCOUNTS.contains(where.substring(where.lastIndexOf('.') + 1))) {
      Format.compare(where, recorded, answered);
    }
  }
}
