package postern.billing;

/**
 * A family's wallet.
 *
 * @param balanceMicros what is in it, in micro-dollars
 * @param hasBillingMethod whether it can be recharged from a card or a bank account
 * @param terms what its owner pays
 */
public record Wallet(long balanceMicros, boolean hasBillingMethod, Terms terms) {}
