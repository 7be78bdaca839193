package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and networks are read as they are written, and nothing is looked up. */
class IpAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "::1, 0:0:0:0:0:0:0:1",
    "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
    "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void areRead(String text, String address) {
    assertThat(IpAddresses.parse(text).map(InetAddress::getHostAddress)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fade.de",
        "localhost",
        "1.2.3",
        "1",
        "010.0.0.1",
        "1.2.3.256",
        "1.2.3.4.5",
        "0x7f.0.0.1",
        "1.2.3.4:80",
        "[::1]",
        "::1::",
        ":",
        "dead:beef",
        "12345::",
        "1.2.3.4 ",
        "unknown"
      })
  void areNotAnythingElse(String text) {
    assertThat(IpAddresses.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8:1:2::1, 2001:db8:1:2::/64",
    "2001:db8:1:2:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
    "2001:db8:1:3::1, 2001:db8:1:3::/64",
    "::1, 0:0:0:0::/64",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void areCountedByTheirNetwork(String address, String network) {
    assertThat(IpAddresses.network(address)).isEqualTo(network);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
    "172.16.0.0/12, 172.31.255.255, 172.32.0.0",
    "192.0.2.128/25, 192.0.2.128, 192.0.2.127",
    "192.0.2.7, 192.0.2.7, 192.0.2.8",
    "192.0.2.7/32, 192.0.2.7, 192.0.2.6",
    "2001:db8::/33, 2001:db8:7fff::, 2001:db8:8000::",
    "::1, ::1, ::2",
    "0.0.0.0/0, 255.255.255.255, ::1",
    "::/0, ffff::, 1.2.3.4"
  })
  void aRangeHoldsItsOwn(String range, String inside, String outside) {
    IpRange parsed = IpRange.parse(range).orElseThrow();
    assertThat(parsed.contains(IpAddresses.parse(inside).orElseThrow())).isTrue();
    assertThat(parsed.contains(IpAddresses.parse(outside).orElseThrow())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fade.de",
        "172.16.0.0/33",
        "::1/129",
        "010.0.0.1",
        "1.2.3",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "2001:db8::1/32",
        "::ffff:10.0.0.0/104",
        "fe80::1%eth0",
        "10.0.0.0/8/8"
      })
  void aRangeIsNothingElse(String text) {
    assertThat(IpRange.parse(text)).isEmpty();
  }

  @Test
  void aTextThatIsNoAddressIsCountedAsItIs() {
    assertThat(IpAddresses.network("a:b")).isEqualTo("a:b");
  }
}
