package postern.json;

/** Something that can write itself as one JSON document. */
@FunctionalInterface
public interface JsonBody {
  void writeTo(JsonOut out);
}
