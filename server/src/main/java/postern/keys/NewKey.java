package postern.keys;

import postern.core.UserId;

/**
 * A key that is made and not written yet: its digest and its seal are work that no transaction has
 * to wait for.
 *
 * @param key the key as its owner may see it
 * @param root the family of its owner
 * @param digest what it will be looked up by
 * @param sealed its text, sealed for its row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record NewKey(ApiKey key, UserId root, KeyDigest digest, byte[] sealed) {}
