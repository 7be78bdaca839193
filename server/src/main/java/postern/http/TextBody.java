package postern.http;

import java.io.IOException;
import java.io.Writer;

/** Something that can write itself as text. */
@FunctionalInterface
public interface TextBody {
  void writeTo(Writer out) throws IOException;
}
