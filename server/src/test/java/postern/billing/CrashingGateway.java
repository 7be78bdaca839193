package postern.billing;

import java.util.SplittableRandom;
import postern.billing.gateway.ForwardingGateway;
import postern.billing.gateway.Gateway;

/**
 * Goes on to another gateway, and breaks off now and then as a server that dies does: before a call
 * leaves, or after it has come back and before anybody has heard of it.
 */
final class CrashingGateway extends ForwardingGateway {
  /** Stands for the death of the thread: nobody is to act on it. */
  static final class CrashException extends RuntimeException {
    CrashException() {
      super("the server has died here");
    }
  }

  private final SplittableRandom random;
  private final int onceIn;
  private volatile boolean crashes = true;

  CrashingGateway(Gateway gateway, SplittableRandom random, int onceIn) {
    super(gateway);
    this.random = random;
    this.onceIn = onceIn;
  }

  void stopCrashing() {
    crashes = false;
  }

  private void perhaps() {
    synchronized (random) {
      if (crashes && random.nextInt(onceIn) == 0) {
        throw new CrashException();
      }
    }
  }

  @Override
  public String prepare(Transfer transfer) {
    perhaps();
    String reference = super.prepare(transfer);
    perhaps();
    return reference;
  }

  @Override
  public Outcome carryOut(Transfer transfer, String reference) {
    perhaps();
    Outcome outcome = super.carryOut(transfer, reference);
    perhaps();
    return outcome;
  }
}
