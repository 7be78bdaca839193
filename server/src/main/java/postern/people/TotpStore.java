package postern.people;

import java.util.List;
import java.util.Optional;
import postern.core.PersonId;
import postern.sql.Tx;

/** The SQL of second factors: of each person a secret, and recovery codes. */
final class TotpStore {
  /**
   * A secret and what was done with it.
   *
   * @param isEnabled whether it is asked for; otherwise it is being set up
   * @param lastStep the last time step whose code was used
   */
  record Secret(Optional<byte[]> sealed, boolean isEnabled, long lastStep) {}

  private TotpStore() {}

  /** What a person has, kept as it is until the transaction ends. */
  static Secret lock(Tx tx, PersonId person) {
    return tx.one(
            """
            select sealed_totp_secret, totp_enabled_at, totp_step
            from people
            where id = ?
            for update
            """,
            row ->
                new Secret(
                    row.bytesIfAny("sealed_totp_secret"),
                    row.timeIfAny("totp_enabled_at").isPresent(),
                    row.bigint("totp_step")),
            person.uuid())
        .orElseThrow();
  }

  static void prepare(Tx tx, PersonId person, byte[] sealed) {
    tx.execute(
        "update people set sealed_totp_secret = ?, totp_enabled_at = null where id = ?",
        sealed,
        person.uuid());
  }

  static void enable(Tx tx, PersonId person, long step) {
    tx.execute(
        "update people set totp_enabled_at = ?, totp_step = ? where id = ?",
        tx.now(),
        step,
        person.uuid());
  }

  static void used(Tx tx, PersonId person, long step) {
    tx.execute("update people set totp_step = ? where id = ?", step, person.uuid());
  }

  static void disable(Tx tx, PersonId person) {
    tx.execute(
        "update people set sealed_totp_secret = null, totp_enabled_at = null where id = ?",
        person.uuid());
    tx.execute("delete from recovery_codes where person_id = ?", person.uuid());
  }

  static void replaceCodes(Tx tx, PersonId person, List<byte[]> digests) {
    tx.execute("delete from recovery_codes where person_id = ?", person.uuid());
    tx.execute(
        "insert into recovery_codes (person_id, digest) select ?, unnest(?::bytea[])",
        person.uuid(),
        digests.toArray(byte[][]::new));
  }

  /** Uses a recovery code up; whether there was such a one. */
  static boolean useCode(Tx tx, PersonId person, byte[] digest) {
    return tx.execute(
            """
            update recovery_codes
            set used_at = ?
            where person_id = ? and digest = ? and used_at is null
            """,
            tx.now(),
            person.uuid(),
            digest)
        > 0;
  }

  static int codesLeft(Tx tx, PersonId person) {
    return tx.one(
            """
            select count(*)::int as codes
            from recovery_codes
            where person_id = ? and used_at is null
            """,
            row -> row.integer("codes"),
            person.uuid())
        .orElse(0);
  }
}
