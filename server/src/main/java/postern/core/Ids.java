package postern.core;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7) whose time is the moment given, so that
 * rows made one after another lie side by side in every index. Safe for use by many threads when
 * its source of chance is.
 */
public final class Ids {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final RandomGenerator random;
  private UUID lastEvent = new UUID(0, 0);

  public Ids(RandomGenerator random) {
    this.random = random;
  }

  public UserId user(Instant at) {
    return new UserId(next(at));
  }

  public KeyId key(Instant at) {
    return new KeyId(next(at));
  }

  public BrandId brand(Instant at) {
    return new BrandId(next(at));
  }

  /** Above every id that was made of the same moment before, because lists go by it. */
  public synchronized EventId event(Instant at) {
    boolean isSameMoment = lastEvent.getMostSignificantBits() >>> 16 == at.toEpochMilli();
    UUID id =
        isSameMoment
            ? new UUID(
                lastEvent.getMostSignificantBits(),
                lastEvent.getLeastSignificantBits() + 1 + (random.nextInt() >>> 12))
            : belowItsMiddle(next(at));
    lastEvent = id;
    return new EventId(id);
  }

  /** Leaves room above it for more of the same moment. */
  private static UUID belowItsMiddle(UUID id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() & ~(VARIANT >>> 2));
  }

  public WebhookId webhook(Instant at) {
    return new WebhookId(next(at));
  }

  public PayloadId payload(Instant at) {
    return new PayloadId(next(at));
  }

  public AuditId audit(Instant at) {
    return new AuditId(next(at));
  }

  public EntryId entry(Instant at) {
    return new EntryId(next(at));
  }

  public PaymentId payment(Instant at) {
    return new PaymentId(next(at));
  }

  public MethodId method(Instant at) {
    return new MethodId(next(at));
  }

  public CustomerId customer(Instant at) {
    return new CustomerId(next(at));
  }

  public PersonId person(Instant at) {
    return new PersonId(next(at));
  }

  public SessionId session(Instant at) {
    return new SessionId(next(at));
  }

  public MailId mail(Instant at) {
    return new MailId(next(at));
  }

  private UUID next(Instant at) {
    byte[] drawn = new byte[2 * Long.BYTES];
    random.nextBytes(drawn);
    ByteBuffer bits = ByteBuffer.wrap(drawn);
    long high = at.toEpochMilli() << 16 | VERSION_7 | (bits.getLong() & 0xfffL);
    long low = VARIANT | (bits.getLong() >>> 2);
    return new UUID(high, low);
  }
}
