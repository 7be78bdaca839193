package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files and methods that can be read in one go, and nothing put off. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 60;
  // Written apart, so that this file does not find itself.
  private static final List<String> PUT_OFF = List.of("TO" + "DO", "FIX" + "ME");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of("src"))) {
      List<Path> found = walk.filter(path -> path.toString().endsWith(".java")).toList();
      assertThat(found).hasSizeGreaterThan(100);
      return found;
    }
  }

  @Test
  void filesAreShortAndPutNothingOff() throws IOException {
    for (Path path : sources()) {
      List<String> lines = Files.readAllLines(path);
      assertThat(lines.size()).as("lines of %s", path).isLessThanOrEqualTo(FILE_LINES_MAX);
      assertThat(lines).as("%s", path).noneMatch(line -> PUT_OFF.stream().anyMatch(line::contains));
    }
  }

  @Test
  void methodsAreShort() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> tooLong = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(unit, positions, tooLong).scan(unit, null);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static final class Methods extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> tooLong;

    Methods(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
      this.unit = unit;
      this.positions = positions;
      this.tooLong = tooLong;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
      long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
      if (last - first + 1 > METHOD_LINES_MAX) {
        tooLong.add(unit.getSourceFile().getName() + ": " + method.getName());
      }
      return super.visitMethod(method, null);
    }
  }
}
