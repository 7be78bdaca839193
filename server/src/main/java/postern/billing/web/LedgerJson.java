package postern.billing.web;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.billing.EntryKind;
import postern.billing.Ledger;
import postern.billing.LedgerEntry;
import postern.core.Money;
import postern.json.JsonOut;

/** Charges, entries of a ledger and statements. */
final class LedgerJson {
  /** As many places as a balance has on the wire. */
  private static final int PLACES = 5;

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LedgerJson() {}

  static String dollars(long micros) {
    return Money.text(micros, PLACES);
  }

  static String moment(Instant at) {
    return MILLISECONDS.format(at);
  }

  /** A charge, with what the wallet held after it. */
  static void writeCharge(JsonOut out, LedgerEntry charge) {
    out.startObject().text("id", charge.id()).text("object", "Charge");
    out.text("user_id", charge.user()).text("amount", dollars(charge.amountMicros()));
    out.text("description", charge.description()).text("reference", charge.reference());
    out.text("balance", dollars(charge.balanceMicros()));
    out.text("created_at", moment(charge.createdAt())).endObject();
  }

  /** An entry: its amount is below zero where money left the wallet. */
  static void write(JsonOut out, LedgerEntry entry) {
    out.startObject().text("id", entry.id()).text("object", "LedgerEntry");
    out.text("kind", entry.kind().wireName()).text("user_id", entry.user());
    out.text("amount", dollars(entry.signedMicros()));
    out.text("balance", dollars(entry.balanceMicros()));
    out.text("payment_log_id", entry.payment());
    out.text("description", entry.description()).text("reference", entry.reference());
    out.number("seq", entry.seq()).text("created_at", moment(entry.createdAt())).endObject();
  }

  static void write(JsonOut out, Ledger.Statement statement, Consumer<JsonOut> entries) {
    out.startObject().text("object", "Statement").text("user_id", statement.user());
    out.text("month", statement.month());
    out.text("opening_balance", dollarsIfAny(statement.openingMicros().orElse(null)));
    out.text("closing_balance", dollarsIfAny(statement.closingMicros().orElse(null)));
    out.startObject("totals");
    for (EntryKind kind : EntryKind.values()) {
      out.text(kind.wireName(), dollars(statement.totals().getOrDefault(kind, 0L)));
    }
    out.endObject().startArray("entries");
    entries.accept(out);
    out.endArray().endObject();
  }

  private static @Nullable String dollarsIfAny(@Nullable Long micros) {
    return micros == null ? null : dollars(micros);
  }
}
