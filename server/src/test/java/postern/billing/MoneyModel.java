package postern.billing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be true of the money of one family, kept beside the server in plain additions: what was
 * acknowledged has happened once, what was refused has not, and of what ended without an answer
 * nobody knows until the ledger is read. Safe for many threads.
 */
final class MoneyModel {
  /** What became of a request. */
  enum Answer {
    DONE,
    REFUSED,
    UNKNOWN
  }

  /** An entry of the server's ledger, in micro-dollars. */
  record Seen(String kind, String user, long amount, String reference) {}

  private final Map<String, Long> charges = new HashMap<>();
  private final Map<String, Long> uncertainCharges = new HashMap<>();
  private final Map<String, String> userOf = new HashMap<>();
  private final Map<Long, Answer> funds = new HashMap<>();
  private long refundsDone;
  private long refundsUnknown;
  private final Map<String, Long> limits = new HashMap<>();

  synchronized void limit(String user, long micros) {
    limits.put(user, micros);
  }

  /** A charge: its reference is its own, and may be sent again. */
  synchronized void charged(String user, String reference, long micros, Answer answer) {
    userOf.put(reference, user);
    if (answer == Answer.DONE) {
      charges.put(reference, micros);
      uncertainCharges.remove(reference);
    } else if (answer == Answer.UNKNOWN && !charges.containsKey(reference)) {
      uncertainCharges.put(reference, micros);
    }
  }

  /** The charges of which nobody knows: sent again, they tell. */
  synchronized Map<String, Long> uncertainCharges() {
    return Map.copyOf(uncertainCharges);
  }

  synchronized String userOf(String reference) {
    return userOf.getOrDefault(reference, "");
  }

  /** A payment into the wallet, of an amount that no other has. */
  synchronized void funded(long micros, Answer answer) {
    funds.put(micros, answer);
  }

  synchronized void refunded(long micros, Answer answer) {
    refundsDone += answer == Answer.DONE ? micros : 0;
    refundsUnknown += answer == Answer.UNKNOWN ? micros : 0;
  }

  /**
   * Compares a whole ledger with what was told.
   *
   * @param paid the amounts that the payments of the family brought, by kind: recharge or fund
   * @return what does not agree
   */
  synchronized List<String> disagreements(
      List<Seen> ledger, Map<String, List<Long>> paid, long balance) {
    List<String> wrong = new ArrayList<>();
    long sum = 0;
    Map<String, Long> spent = new HashMap<>();
    Map<String, Integer> times = new HashMap<>();
    for (Seen entry : ledger) {
      sum += entry.amount();
      if (entry.kind().equals("charge")) {
        spent.merge(entry.user(), -entry.amount(), Long::sum);
        times.merge(entry.reference(), 1, Integer::sum);
        Long told = charges.get(entry.reference());
        if (told == null || told != -entry.amount()) {
          wrong.add("charge " + entry.reference() + " was taken and never acknowledged as such");
        }
      }
      if (sum < 0) {
        wrong.add("the balance was below zero");
      }
    }
    charges.keySet().stream()
        .filter(reference -> times.getOrDefault(reference, 0) != 1)
        .forEach(
            reference -> wrong.add("charge " + reference + " is there " + times.get(reference)));
    limits.forEach(
        (user, limit) -> {
          if (spent.getOrDefault(user, 0L) > limit) {
            wrong.add(user + " has spent " + spent.get(user) + " of " + limit);
          }
        });
    if (sum != balance) {
      wrong.add("the balance is " + balance + ", the entries add up to " + sum);
    }
    compareFunds(wrong, paid.getOrDefault("fund", List.of()));
    long in = 0;
    for (String kind : List.of("fund", "recharge")) {
      in += paid.getOrDefault(kind, List.of()).stream().mapToLong(Long::longValue).sum();
    }
    long out = paid.getOrDefault("refund", List.of()).stream().mapToLong(Long::longValue).sum();
    if (out < refundsDone || out > refundsDone + refundsUnknown) {
      wrong.add("refunded " + out + ", told " + refundsDone + " and perhaps " + refundsUnknown);
    }
    long taken = charges.values().stream().mapToLong(Long::longValue).sum();
    if (in - out - taken != balance) {
      wrong.add("paid " + in + ", refunded " + out + ", charged " + taken + ", left " + balance);
    }
    return wrong;
  }

  private void compareFunds(List<String> wrong, List<Long> happened) {
    Set<Long> once = new HashSet<>();
    for (Long amount : happened) {
      if (!once.add(amount)) {
        wrong.add(amount + " was paid in twice");
      }
      if (funds.getOrDefault(amount, Answer.REFUSED) == Answer.REFUSED) {
        wrong.add(amount + " was paid in and refused");
      }
    }
    funds.forEach(
        (amount, answer) -> {
          if (answer == Answer.DONE && !once.contains(amount)) {
            wrong.add(amount + " was acknowledged and not paid in");
          }
        });
  }
}
