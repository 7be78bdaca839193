package postern.bench;

/** What became of a goal. */
enum Verdict {
  REACHED("reached"),
  MISSED("not reached"),
  /** The machine did too much else, or too unevenly, for either to be said. */
  NOISY("too noisy to judge"),
  /** There is no goal: the figure is for information. */
  NONE("–");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
