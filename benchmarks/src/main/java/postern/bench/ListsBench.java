package postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lists of everything, beside psql that copies the same rows to nowhere; and their memory. */
final class ListsBench {
  static final String PART = "whole lists";

  private static final Goal RATE = Goal.ratioAtLeast(0.3);
  private static final Goal FLAT_HEAP = Goal.ratioAtMost(1.5);

  /** The heap is compared with that of as many rows in lists that are ten times shorter. */
  private static final int TIMES_SHORTER = 10;

  /** One list: its path, and the rows that stand in it. */
  private record Listing(String path, String rows) {}

  private static final List<Listing> LISTS =
      List.of(
          new Listing(
              "/v2/users",
              """
              select id, parent_id, name, phone_number, email, created_at,
                recharge_amount_micros, secondary_recharge_amount_micros,
                recharge_threshold_micros, spend_limit_micros, spend_period
              from users
              where root_id = '%s' and parent_id is not null and deleted_at is null"""),
          new Listing(
              "/v2/api_keys",
              """
              select id, user_id, mode, sealed, active, name, created_at, last_used_at
              from api_keys
              where root_id = '%s' and not owner_deleted"""));

  private final Lab lab;

  ListsBench(Lab lab) {
    this.lab = lab;
  }

  List<Measurement> run() {
    int size = lab.scale().listed();
    Progress.say("Making a family of " + Texts.number(size) + " children with their keys");
    Account large = family("lists", size);
    Account small = family("lists-short", size / TIMES_SHORTER);
    lab.storage().psql("vacuum analyze users, api_keys");
    lab.beginPart();
    List<Measurement> all = new ArrayList<>();
    for (Listing list : LISTS) {
      Progress.say("GET " + list.path + ": warming up");
      readShortOnes(list, small);
      read(list, large);
      all.add(measure(list, large));
      all.add(heap(list, small, large));
    }
    lab.endPart(PART);
    return all;
  }

  private Account family(String name, int size) {
    Account account = lab.newAccount(name);
    lab.storage().createChildren(account, size);
    return account;
  }

  private Measurement measure(Listing list, Account family) {
    String rows = list.rows.formatted(Storage.dashed(family)).replaceAll("\\s+", " ");
    long count =
        Long.parseLong(
            lab.storage().psql("\\t", "select count(*) from (" + rows + ") as rows").strip());
    ProcessorTime start = ProcessorTime.now();
    List<Round> rounds = new ArrayList<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      Progress.say("GET " + list.path + ": round " + round + " of " + lab.scale().rounds());
      double copying = 0;
      double reading = 0;
      for (int turn = 0; turn < lab.scale().turns(); turn++) {
        copying += seconds(() -> lab.storage().psql("\\copy (" + rows + ") to /dev/null"));
        reading += seconds(() -> read(list, family));
      }
      double copied = (double) count * lab.scale().turns();
      rounds.add(new Round(copied / copying, copied / reading));
    }
    Noise noise =
        ProcessorTime.now()
            .since(start, Stats.spread(rounds.stream().map(Round::yardstick).toList()));
    return new Measurement(
        PART,
        "GET %s with %s children".formatted(list.path, Texts.number(lab.scale().listed())),
        "psql copying the same rows to /dev/null",
        "rows/s",
        Optional.of(RATE),
        rounds,
        noise);
  }

  /** The most heap in use, garbage too, over as many rows in short lists and in long ones. */
  private Measurement heap(Listing list, Account small, Account large) {
    List<Round> rounds = new ArrayList<>();
    for (int round = 1; round <= lab.scale().starts(); round++) {
      Progress.say("Heap of GET " + list.path + ": round " + round);
      double shortOnes = peakHeapMb(() -> readShortOnes(list, small));
      rounds.add(new Round(shortOnes, peakHeapMb(() -> read(list, large))));
    }
    return new Measurement(
        PART,
        "GET %s with %s children: most heap in use"
            .formatted(list.path, Texts.number(lab.scale().listed())),
        "as many rows in lists of %d children".formatted(lab.scale().listed() / TIMES_SHORTER),
        "MB",
        Optional.of(FLAT_HEAP),
        rounds,
        Noise.NONE);
  }

  private double peakHeapMb(Runnable work) {
    try (HeapWatch watch = HeapWatch.start(lab.workplace(), lab.server().child())) {
      work.run();
      return watch.peakMb();
    }
  }

  private void readShortOnes(Listing list, Account small) {
    for (int i = 0; i < TIMES_SHORTER; i++) {
      read(list, small);
    }
  }

  /** As psql does, in a process of its own that reads everything and keeps nothing. */
  private void read(Listing list, Account family) {
    String status =
        Programs.run(
            List.of(
                Workplace.program("curl", "curl").toString(),
                "--silent",
                "--show-error",
                "--fail",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                "--header",
                "Authorization: " + family.basic(),
                lab.server().url() + list.path),
            Map.of());
    if (!status.equals("200")) {
      throw new BenchException(String.format(Locale.ROOT, "%s answered %s", list.path, status));
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
