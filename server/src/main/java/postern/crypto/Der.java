package postern.crypto;

import java.nio.ByteBuffer;
import java.security.PublicKey;

/** The little DER that is needed to wrap a bare RSA or EC key into PKCS#8. */
final class Der {

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final int LONG_FORM = 0x80;

  private Der() {}

  /**
   * A PKCS#8 encoding of {@code bareKey} (PKCS#1 or SEC1). The algorithm and its curve are copied
   * from {@code publicKey}, to which the private key must belong anyway.
   */
  static byte[] pkcs8(byte[] bareKey, PublicKey publicKey) {
    ByteBuffer info = ByteBuffer.wrap(publicKey.getEncoded());
    enter(info);
    int start = info.position();
    int algorithmBytes = enter(info);
    byte[] algorithm = new byte[info.position() - start + algorithmBytes];
    info.get(start, algorithm);
    return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, bareKey));
  }

  /** Moves behind the tag and length at the position; returns the length of the content. */
  private static int enter(ByteBuffer der) {
    der.get();
    int first = der.get() & 0xff;
    if (first < LONG_FORM) {
      return first;
    }
    int length = 0;
    for (int i = first - LONG_FORM; i > 0; i--) {
      length = (length << 8) | (der.get() & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] header =
        length < LONG_FORM
            ? new byte[] {(byte) tag, (byte) length}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    if (length > 0xffff) {
      throw new IllegalArgumentException("A key of " + length + " bytes is too large");
    }
    ByteBuffer result = ByteBuffer.allocate(header.length + length).put(header);
    for (byte[] part : parts) {
      result.put(part);
    }
    return result.array();
  }
}
