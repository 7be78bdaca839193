package postern.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is said of the rounds of a measure. */
final class Stats {
  private Stats() {}

  /**
   * The value in the middle, or the mean of the two there.
   *
   * @throws IllegalArgumentException if there is no value
   */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no rounds");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The mean of a figure.
   *
   * @throws IllegalArgumentException if there is nothing that has it
   */
  static <T> double mean(List<T> of, ToDoubleFunction<T> figure) {
    return of.stream()
        .mapToDouble(figure)
        .average()
        .orElseThrow(() -> new IllegalArgumentException("no rounds"));
  }

  /** From the lowest to the highest, as a part of the median; 0 where all are alike. */
  static double spread(List<Double> values) {
    double lowest = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double highest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return highest == lowest ? 0 : (highest - lowest) / median(values);
  }
}
