package postern.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The embedded PostgreSQL's settings: for a small server beside a JVM on two cores. They go on the
 * command line, which wins over every file.
 */
final class PostgresSettings {

  private static final int MAJOR_WITH_IO_METHOD = 18;

  private PostgresSettings() {}

  /**
   * Arguments in PostgreSQL's form; the operator's own come between the defaults and what must be.
   */
  static List<String> arguments(
      int major, Map<String, String> operators, Map<String, String> listening) {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    if (major >= MAJOR_WITH_IO_METHOD) {
      // The default keeps three more processes for reading large tables ahead.
      settings.put("io_method", "sync");
    }
    settings.putAll(operators);
    settings.putAll(listening);
    settings.putAll(DURABLE);
    List<String> arguments = new ArrayList<>();
    settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
    return arguments;
  }

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("shared_buffers", "64MB"),
          Map.entry("effective_cache_size", "256MB"),
          Map.entry("maintenance_work_mem", "32MB"),
          Map.entry("max_connections", "50"),
          Map.entry("max_wal_size", "256MB"),
          Map.entry("checkpoint_timeout", "5min"),
          Map.entry("max_parallel_workers_per_gather", "0"),
          Map.entry("max_logical_replication_workers", "0"),
          Map.entry("autovacuum_max_workers", "2"),
          Map.entry("jit", "off"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_checkpoints", "off"),
          Map.entry("log_statement", "none"),
          // Statements and the details of errors hold what users sent.
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_parameter_max_length", "0"),
          Map.entry("log_parameter_max_length_on_error", "0"));

  // An acknowledged write is on disk; that is not the operator's choice.
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "full_page_writes", "on", "synchronous_commit", "on");
}
