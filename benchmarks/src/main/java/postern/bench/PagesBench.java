package postern.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Pages of children: the same page of a small and of a large family. */
final class PagesBench {
  static final String PART = "pages of children";

  private static final int PAGE_SIZE = 20;
  private static final Goal FLAT = Goal.ratioAtLeast(0.9);

  private final Lab lab;
  private final Loads loads;

  PagesBench(Lab lab) {
    this.lab = lab;
    this.loads = new Loads(lab);
  }

  List<Measurement> run() {
    Map<Integer, Account> families = new LinkedHashMap<>();
    for (int size : lab.scale().pages()) {
      Progress.say("Making a family of " + Texts.number(size) + " children");
      Account family = lab.newAccount("pages-" + size);
      lab.storage().insertChildren(family, size);
      families.put(size, family);
    }
    lab.storage().psql("vacuum analyze users");
    lab.beginPart();
    List<Measurement> all = new ArrayList<>();
    for (String page : List.of("first", "middle", "last")) {
      List<Wrk.Target> targets = new ArrayList<>();
      families.forEach((size, family) -> targets.add(target(page, size, family)));
      all.addAll(measure(page, targets));
    }
    lab.endPart(PART);
    return all;
  }

  private Wrk.Target target(String page, int size, Account family) {
    // The cursor is the child before the page.
    int before =
        switch (page) {
          case "first" -> -1;
          case "middle" -> size / 2 - 1;
          default -> size - PAGE_SIZE - 1;
        };
    String cursor = before < 0 ? "" : "&after_id=" + lab.storage().childAt(family, before);
    return Wrk.Target.get(
        lab.server().url() + "/v2/users/children?page_size=" + PAGE_SIZE + cursor, family.basic());
  }

  private List<Measurement> measure(String page, List<Wrk.Target> targets) {
    Progress.say("The " + page + " page: warming up");
    loads.warmUp(
        lab.server().child(),
        slice -> {
          Duration each = slice.dividedBy(targets.size());
          return targets.stream()
              .map(target -> loads.postern(target, 200, Loads.CONNECTIONS, each))
              .mapToLong(Wrk.Load::requests)
              .sum();
        });
    ProcessorTime start = ProcessorTime.now();
    List<List<Double>> rates = new ArrayList<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      Progress.say("The " + page + " page: round " + round + " of " + lab.scale().rounds());
      rates.add(round(targets));
    }
    Noise noise =
        ProcessorTime.now().since(start, Stats.spread(rates.stream().map(List::getFirst).toList()));
    List<Measurement> all = new ArrayList<>();
    for (int i = 1; i < targets.size(); i++) {
      int at = i;
      all.add(
          new Measurement(
              PART,
              "GET /v2/users/children, %s page of %s children"
                  .formatted(page, Texts.number(lab.scale().pages().get(i))),
              "the same page of " + Texts.number(lab.scale().pages().getFirst()) + " children",
              "answers/s",
              i == targets.size() - 1 ? Optional.of(FLAT) : Optional.empty(),
              rates.stream().map(round -> new Round(round.getFirst(), round.get(at))).toList(),
              noise));
    }
    return all;
  }

  /** How many answers a second each gave, loaded in turns. */
  private List<Double> round(List<Wrk.Target> targets) {
    List<List<Double>> turns = new ArrayList<>();
    for (int i = 0; i < lab.scale().turns(); i++) {
      turns.add(
          targets.stream()
              .map(each -> loads.postern(each, 200, Loads.CONNECTIONS, lab.scale().turn()))
              .map(Wrk.Load::perSecond)
              .toList());
    }
    return IntStream.range(0, targets.size())
        .mapToObj(at -> Stats.mean(turns, turn -> turn.get(at)))
        .toList();
  }
}
