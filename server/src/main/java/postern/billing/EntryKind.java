package postern.billing;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an entry of a ledger is for, and between which accounts it moves money. */
public enum EntryKind {
  /** Spent. */
  CHARGE("wallet", "revenue"),
  /** Paid in, the card fee included. */
  PAYMENT("gateway", "wallet"),
  /** What a payment by card costs. */
  CARD_FEE("wallet", "fees"),
  /** Given back to a payment method. */
  REFUND("wallet", "gateway"),
  /** Not given back after all. */
  REFUND_REVERSAL("gateway", "wallet");

  private static final String WALLET = "wallet";

  private final String debitAccount;
  private final String creditAccount;

  EntryKind(String debitAccount, String creditAccount) {
    this.debitAccount = debitAccount;
    this.creditAccount = creditAccount;
  }

  /** The account that the money leaves. */
  public String debitAccount() {
    return debitAccount;
  }

  /** The account that the money goes to. */
  public String creditAccount() {
    return creditAccount;
  }

  /** An amount with the sign that it has for the wallet. */
  public long signed(long amountMicros) {
    return creditAccount.equals(WALLET) ? amountMicros : -amountMicros;
  }

  /** Its name in the database and on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads the wire form. */
  public static Optional<EntryKind> parse(String text) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(text)).findFirst();
  }

  /** All wire forms, for messages. */
  public static String wireNames() {
    return Arrays.stream(values()).map(EntryKind::wireName).collect(Collectors.joining(", "));
  }

  static EntryKind of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
