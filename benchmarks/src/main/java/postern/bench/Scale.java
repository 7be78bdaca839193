package postern.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long and how large.
 *
 * @param rounds of each measure; the medians are taken of these
 * @param load how long each is loaded in a round
 * @param turns into how many turns a round is divided where both can begin at once; a load that
 *     leaves work behind is not divided
 * @param longTurn how long a turn lasts where the work that is left at its end is to be little
 *     beside it
 * @param warmUp how long each server is loaded at a time before the first round, until its
 *     compilers rest
 * @param warmUps how often that is done at most
 * @param pages how many children the families have whose pages are read: the yardstick's first
 * @param listed how many children the family has of which everything is listed
 * @param starts rounds of what starts a JVM in each round
 * @param idle how long a server does nothing before its memory is read
 * @param jmhWarmUp how long JMH warms each fork up
 * @param jmh how long JMH measures in each fork
 */
record Scale(
    int rounds,
    Duration load,
    int turns,
    Duration longTurn,
    Duration warmUp,
    int warmUps,
    List<Integer> pages,
    int listed,
    int starts,
    Duration idle,
    Duration jmhWarmUp,
    Duration jmh) {

  static final Scale FULL =
      new Scale(
          5,
          Duration.ofSeconds(5),
          5,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          6,
          List.of(100, 10_000, 1_000_000),
          100_000,
          5,
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(3));

  /** Everything, in three minutes: to see that it works, and by how much a change matters. */
  static final Scale QUICK =
      new Scale(
          3,
          Duration.ofSeconds(1),
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          2,
          List.of(100, 10_000),
          10_000,
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  /** How long a turn of a load lasts. */
  Duration turn() {
    return load.dividedBy(turns);
  }
}
