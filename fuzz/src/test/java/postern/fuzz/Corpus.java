package postern.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * What a fuzzer has found for a test, in {@code corpus/Json.txt} and so on: one input a line, in
 * Base64. {@code bin/soak} writes these files. To the fuzzer they are where it begins.
 */
public final class Corpus implements ArgumentsProvider {
  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) throws IOException {
    String file =
        "/corpus/" + context.getRequiredTestClass().getSimpleName().replace("FuzzTest", ".txt");
    try (InputStream in = Corpus.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("there is no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> Arguments.of((Object) Base64.getDecoder().decode(line)));
    }
  }
}
