/** Secrets at rest, password hashes, digests and TLS identities, over Tink and Bouncy Castle. */
@NullMarked
package postern.crypto;

import org.jspecify.annotations.NullMarked;
