package postern.mail;

/** What stands in a mail: plain text, which every reader shows and nobody has to trust. */
public record Letter(String subject, String text) {
  /** Without its text, which may hold what opens something. */
  @Override
  public String toString() {
    return "Letter[" + subject + "]";
  }
}
