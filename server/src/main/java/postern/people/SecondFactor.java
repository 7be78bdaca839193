package postern.people;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Digests;
import postern.crypto.Sealer;
import postern.crypto.Totp;
import postern.journal.ChangeLog;
import postern.mail.Outbox;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is
 * lost. Safe for many threads.
 */
public final class SecondFactor {
  /** How somebody has shown it. */
  enum Shown {
    CODE,
    RECOVERY_CODE;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many recovery codes there are, each for one use. */
  public static final int RECOVERY_CODES = 10;

  private static final int RECOVERY_CODE_BYTES = 10;

  private final Database database;
  private final Sealer sealer;
  private final PasswordCheck passwords;
  private final Guesses guesses;
  private final RandomGenerator random;
  private final Outbox outbox;
  private final Letters letters;
  private final ChangeLog log;

  public SecondFactor(
      Database database,
      Sealer sealer,
      PasswordCheck passwords,
      Guesses guesses,
      RandomGenerator random,
      Outbox outbox,
      Letters letters,
      ChangeLog log) {
    this.database = database;
    this.passwords = passwords;
    this.outbox = outbox;
    this.letters = letters;
    this.sealer = sealer;
    this.guesses = guesses;
    this.random = random;
    this.log = log;
  }

  /**
   * The secret for the app: the same until it is enabled, so that a page can be loaded twice.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if there is one that is enabled
   */
  public byte[] prepare(Principal caller) {
    PersonId person = Sessions.credentialOf(caller).person();
    return database.write(
        tx -> {
          Sessions.lockedPersonOf(tx, caller);
          TotpStore.Secret known = TotpStore.lock(tx, person);
          if (known.isEnabled()) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          if (known.sealed().isPresent()) {
            return sealer.open(known.sealed().get(), boundTo(person));
          }
          byte[] secret = Totp.newSecret(random);
          TotpStore.prepare(tx, person, sealer.seal(secret, boundTo(person)));
          return secret;
        });
  }

  /**
   * Enables it; from now on a log-in asks for a code.
   *
   * @return the recovery codes, which are shown this once
   * @throws ApiException.Invalid if the code is not that of the prepared secret
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public List<String> enable(Principal caller, String code) {
    PersonId person = Sessions.credentialOf(caller).person();
    beginGuess(person, Optional.empty());
    return database.write(
        tx -> {
          Person owner = Sessions.lockedPersonOf(tx, caller);
          TotpStore.Secret known = TotpStore.lock(tx, person);
          OptionalLong step =
              known.isEnabled() ? OptionalLong.empty() : stepOf(tx, known, person, code);
          if (step.isEmpty()) {
            throw new ApiException.Invalid(
                ErrorCode.CODE_WRONG, "code", "is wrong: wait for the next one and try again");
          }
          TotpStore.enable(tx, person, step.getAsLong());
          guesses.succeeded(tx, Guesses.Secret.code(person), Optional.empty());
          // Other sessions were begun by the password alone.
          StandingAuthority.end(tx, owner);
          Notices.tell(tx, outbox, owner, letters.secondFactorEnabled());
          return newCodes(tx, caller, owner, "second_factor.enabled");
        });
  }

  /**
   * New recovery codes in place of those there are.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} without a second factor
   */
  public List<String> renewCodes(Principal caller) {
    return database.write(
        tx -> {
          Person person = Sessions.lockedPersonOf(tx, caller);
          if (!person.hasSecondFactor()) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          Notices.tell(tx, outbox, person, letters.recoveryCodesRenewed());
          return newCodes(tx, caller, person, "recovery_codes.created");
        });
  }

  private List<String> newCodes(Tx tx, Principal caller, Person person, String kind) {
    List<String> codes = new ArrayList<>(RECOVERY_CODES);
    for (int i = 0; i < RECOVERY_CODES; i++) {
      byte[] bytes = new byte[RECOVERY_CODE_BYTES];
      random.nextBytes(bytes);
      codes.add(Totp.base32(bytes).toLowerCase(Locale.ROOT).replaceAll("(.{4})(?=.)", "$1-"));
    }
    TotpStore.replaceCodes(tx, person.id(), codes.stream().map(SecondFactor::digest).toList());
    PersonFacts.record(tx, log, caller.root(), person, kind, Map.of());
    return codes;
  }

  /**
   * Switches it off, which ends all other sessions.
   *
   * @param password the current one; its field is {@code factor_password}
   * @param code of the app, or a recovery code; its field is {@code factor_code}
   * @throws ApiException.Invalid if one of the two is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   * @throws ApiException.Refused with {@code NOT_FOUND} without a second factor
   */
  public void disable(Principal caller, Optional<String> password, String code) {
    PersonId id = Sessions.credentialOf(caller).person();
    PasswordProof proof = passwords.confirm(id, password, "factor_password");
    beginGuess(id, Optional.empty());
    database.write(
        tx -> {
          proof.require(tx);
          Person person = Sessions.lockedPersonOf(tx, caller);
          if (!person.hasSecondFactor()) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          if (use(tx, person, code, Optional.empty()).isEmpty()) {
            throw new ApiException.Invalid(
                ErrorCode.CODE_WRONG, "factor_code", "is wrong, or was used before");
          }
          switchOff(tx, person, caller.root());
          return person;
        });
  }

  private void switchOff(Tx tx, Person person, UserId root) {
    TotpStore.disable(tx, person.id());
    StandingAuthority.end(tx, person);
    Notices.tell(tx, outbox, person, letters.secondFactorDisabled());
    PersonFacts.record(tx, log, root, person, "second_factor.disabled", Map.of());
  }

  /**
   * Takes it from somebody who has lost the app and the codes: an operator does that.
   *
   * @return whether somebody has the address
   */
  public boolean disableFor(String email) {
    return database.write(
        tx -> {
          Optional<Person> found =
              PersonStore.findByEmail(tx, email)
                  .flatMap(known -> PersonStore.lock(tx, known.person().id()))
                  .map(PersonStore.WithHash::person);
          found.ifPresent(
              person ->
                  PersonStore.accountOf(tx, person.id())
                      .ifPresent(root -> switchOff(tx, person, root)));
          return found.isPresent();
        });
  }

  /** How many recovery codes are left. */
  public int codesLeft(Principal caller) {
    return database.read(tx -> TotpStore.codesLeft(tx, Sessions.credentialOf(caller).person()));
  }

  /** Counts a guess before it is checked. */
  void beginGuess(PersonId person, Optional<String> browser) {
    guesses.begin(Guesses.Secret.code(person), browser);
  }

  /** Takes a code or a recovery code, each once; empty if it is neither. */
  Optional<Shown> use(Tx tx, Person of, String given, Optional<String> browser) {
    PersonId person = of.id();
    String code = given.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
    TotpStore.Secret known = TotpStore.lock(tx, person);
    Optional<Shown> shown = Optional.empty();
    if (known.isEnabled()) {
      OptionalLong step = stepOf(tx, known, person, code);
      if (step.isPresent() && step.getAsLong() > known.lastStep()) {
        TotpStore.used(tx, person, step.getAsLong());
        shown = Optional.of(Shown.CODE);
      } else if (TotpStore.useCode(tx, person, digest(code))) {
        Notices.tell(tx, outbox, of, letters.recoveryCodeUsed());
        shown = Optional.of(Shown.RECOVERY_CODE);
      }
    }
    shown.ifPresent(s -> guesses.succeeded(tx, Guesses.Secret.code(person), browser));
    return shown;
  }

  private OptionalLong stepOf(Tx tx, TotpStore.Secret known, PersonId person, String code) {
    return known.sealed().isEmpty()
        ? OptionalLong.empty()
        : Totp.stepOf(sealer.open(known.sealed().get(), boundTo(person)), code, tx.now());
  }

  private static byte[] digest(String recoveryCode) {
    return Digests.sha256("recovery code " + recoveryCode.replace("-", ""));
  }

  /** A sealed secret opens for its own person only. */
  private static byte[] boundTo(PersonId person) {
    byte[] purpose = "totp".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(purpose.length + 2 * Long.BYTES)
        .put(purpose)
        .putLong(person.uuid().getMostSignificantBits())
        .putLong(person.uuid().getLeastSignificantBits())
        .array();
  }
}
