package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What other programs print. */
class OutputsTest {
  @Test
  void wrkPrintsItsResultInOneLine() {
    Wrk.Load load = Wrk.parse("Running 8s test\n  2 threads\nresult 160000 8000000 12500 3 1\n");
    assertThat(load).isEqualTo(new Wrk.Load(160_000, 20_000, 12.5, 3, 1));
    assertThatThrownBy(() -> Wrk.parse("unable to connect")).isInstanceOf(BenchException.class);
  }

  @Test
  void pgbenchMustNotFail() {
    String output = "number of failed transactions: 0 (0.000%)\ntps = 1234.5 (without initial)\n";
    assertThat(Storage.transactionsPerSecond(output)).contains(1234.5);
    assertThat(
            Storage.transactionsPerSecond(
                "number of transactions actually processed: 0\n" + output))
        .isEmpty();
    String failed = output.replace(": 0 (", ": 2 (");
    assertThatThrownBy(() -> Storage.transactionsPerSecond(failed))
        .isInstanceOf(BenchException.class);
  }

  @Test
  void jstatPrintsKilobytes() {
    String output =
        """
            S0C     S1C     S0U    S1U   EC     EU     OC     OU     MC
          1024.0  1024.0   512.0   0.0  8192.0 1024.0 9000.0 2048.0 10.0
          1024.0  1024.0     0.0 512.0  8192.0 4096.0 9000.0 2048.0 10.0
          1024.0  1024.0     0.0 512.0  8192.0 9999""";
    assertThat(HeapWatch.peakMb(output)).isEqualTo(6.5, within(1e-9));
  }

  @Test
  void theServersLogTellsTheStatements() {
    String log =
        """
        2026-01-01T00:00:00.000Z INFO postern.request route=GET /v2/users status=403 code=X ms=0.1 queries=0 request=a
        2026-01-01T00:00:00.000Z INFO postern.request route=GET /v2/users status=200 ms=0.1 queries=2 request=b
        2026-01-01T00:00:00.000Z INFO postern.request route=GET /v2/users status=403 code=X ms=0.1 queries=1 request=c
        """;
    assertThat(ReadsBench.statementsIn(log)).containsExactly(0, 1);
  }
}
