package postern.bench;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * All of a run.
 *
 * @param date when it was made
 * @param quick whether the rounds were too short for figures that are to be believed
 * @param took how long all of it took
 * @param machine where and with what: facts by their names
 */
record Report(
    LocalDate date,
    boolean quick,
    Scale scale,
    Duration took,
    Map<String, String> machine,
    List<Measurement> measurements) {

  Report {
    measurements = List.copyOf(measurements);
  }

  long count(Verdict verdict) {
    return measurements.stream().filter(each -> each.verdict() == verdict).count();
  }

  List<Measurement> withGoals() {
    return measurements.stream().filter(each -> each.goal().isPresent()).toList();
  }

  /** What came of all goals, in a sentence. */
  String summary() {
    return "Of %d goals %d were reached and %d not; for %d the machine was too noisy to judge."
        .formatted(
            withGoals().size(),
            count(Verdict.REACHED),
            count(Verdict.MISSED),
            count(Verdict.NOISY));
  }
}
