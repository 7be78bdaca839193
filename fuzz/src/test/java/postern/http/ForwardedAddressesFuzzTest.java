package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.core.IpRange;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class ForwardedAddressesFuzzTest {
  private static final String PROXY = "10.0.0.1";
  private static final ClientAddress ADDRESS =
      new ClientAddress(
          Stream.of(PROXY, "::1", "192.168.0.0/16")
              .map(IpRange::parse)
              .map(Optional::orElseThrow)
              .toList());

  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String address = ADDRESS.of(PROXY, Text.latin1(bytes));
    assertThat(address).matches("[0-9a-fA-F.:]+");
    assertThat(ADDRESS.of("8.8.8.8", Text.latin1(bytes))).isEqualTo("8.8.8.8");
  }
}
