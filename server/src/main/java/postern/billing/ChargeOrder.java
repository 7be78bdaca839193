package postern.billing;

import postern.core.Origin;
import postern.core.UserId;

/**
 * A charge that is asked for.
 *
 * @param origin what journals are told of who asked
 */
record ChargeOrder(UserId root, UserId user, long amountMicros, Books.Note note, Origin origin) {
  boolean isOfChild() {
    return !root.equals(user);
  }
}
