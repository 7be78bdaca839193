package postern.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an account pays.
 *
 * @param pricePerShipmentMicros micro-dollars for each shipment
 * @param ccFeeRate the part of a card payment that is added as a fee
 * @param insuranceFeeRate the part of an insured amount that is the fee
 * @param insuranceFeeMinimumMicros the least of that fee, in micro-dollars
 * @param defaultInsuranceAmountMicros what is insured unless said otherwise; null for nothing
 */
public record Terms(
    long pricePerShipmentMicros,
    BigDecimal ccFeeRate,
    BigDecimal insuranceFeeRate,
    long insuranceFeeMinimumMicros,
    @Nullable Long defaultInsuranceAmountMicros) {}
