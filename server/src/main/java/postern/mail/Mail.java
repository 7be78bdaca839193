package postern.mail;

import java.time.Instant;
import postern.core.MailId;

/** A mail to somebody. */
public record Mail(MailId id, String recipient, Letter letter, int attempts, Instant createdAt) {}
