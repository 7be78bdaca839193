package postern.bench;

/** One turn of both, one right after the other, in the same unit. */
record Round(double yardstick, double postern) {
  double ratio() {
    return postern / yardstick;
  }
}
