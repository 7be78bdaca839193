package postern.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.util.function.Consumer;

/**
 * A connection's writer that sends of an answer what its client expects.
 *
 * @param watch runs each write, and counts the time that it waits for the other side
 */
record WatchedWriter(DataWriter writer, AnswerFilter filter, Consumer<Runnable> watch)
    implements DataWriter {
  @Override
  public void write(BufferData... buffers) {
    write(BufferData.create(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    BufferData sent = filter.sent(buffer);
    watch.accept(() -> writer.write(sent));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    writeNow(BufferData.create(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    BufferData sent = filter.sent(buffer);
    watch.accept(() -> writer.writeNow(sent));
  }

  @Override
  public void flush() {
    watch.accept(writer::flush);
  }

  @Override
  public void close() {
    writer.close();
  }
}
