package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} says, of every command that there is. */
class HelpTest {
  static Stream<CommandLine> commands() {
    return withThoseBelow(Main.commandLine());
  }

  private static Stream<CommandLine> withThoseBelow(CommandLine command) {
    Stream<CommandLine> below =
        command.getSubcommands().values().stream()
            .filter(each -> !(each.getCommand() instanceof CommandLine.HelpCommand))
            .filter(each -> !each.getCommandSpec().usageMessage().hidden())
            .flatMap(HelpTest::withThoseBelow);
    return Stream.concat(Stream.of(command), below);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void describesTheCommandAndHasExamples(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
        .startsWith("Usage: " + command.getCommandSpec().qualifiedName())
        .containsPattern("(?m)^Examples?:\\R +\\S");
    assertThat(command.getCommandSpec().optionsMap()).containsKey("--help");
  }
}
