/** Tests of the cryptographic parts against real files, handshakes and published vectors. */
@NullMarked
package postern.crypto;

import org.jspecify.annotations.NullMarked;
