package postern.billing.web;

import java.io.Writer;
import java.util.List;
import java.util.Objects;
import postern.billing.LedgerEntry;
import postern.http.Csv;

/** Entries of a ledger as CSV. */
final class LedgerCsv {
  private LedgerCsv() {}

  static void writeHead(Writer out) {
    Csv.writeRow(
        out,
        List.of(
            "seq",
            "created_at",
            "id",
            "kind",
            "user_id",
            "amount",
            "balance",
            "payment_log_id",
            "description",
            "reference"));
  }

  static void write(Writer out, LedgerEntry entry) {
    Csv.writeRow(
        out,
        List.of(
            Long.toString(entry.seq()),
            LedgerJson.moment(entry.createdAt()),
            entry.id().toString(),
            entry.kind().wireName(),
            entry.user().toString(),
            LedgerJson.dollars(entry.signedMicros()),
            LedgerJson.dollars(entry.balanceMicros()),
            Objects.toString(entry.payment(), ""),
            Objects.toString(entry.description(), ""),
            Objects.toString(entry.reference(), "")));
  }
}
