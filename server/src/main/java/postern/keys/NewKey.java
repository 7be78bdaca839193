package postern.keys;

import postern.core.UserId;

/**
 * A key that was made and is not stored yet. All of the work that it takes is done.
 *
 * @param key the key as its owner may see it
 * @param root the family of its owner
 * @param digest what it will be looked up by
 * @param sealed its text, sealed for its row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record NewKey(ApiKey key, UserId root, KeyDigest digest, byte[] sealed) {}
