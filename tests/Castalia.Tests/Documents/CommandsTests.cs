using System.Text.RegularExpressions;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Documents;

/// <summary>Every command that the pages show is one that the command line takes: its verb, its options, their values.</summary>
public sealed partial class CommandsTests
{
    /// <summary>What stands for a value in the pages, where the option takes no text as it likes.</summary>
    static readonly Dictionary<string, string> s_stands = new(StringComparer.Ordinal) { ["N"] = "1", ["SIZE"] = "5GB", ["NAME"] = "gain", ["VERB"] = "measure" };

    [Fact]
    public void Every_command_in_a_block_of_code_is_taken()
    {
        var commands = MarkdownPage.All.SelectMany(page => page.Blocks.SelectMany(Commands).Select(command => (page.File, Command: command))).ToList();
        string faults = string.Join('\n', commands.SelectMany(shown => Faults(shown.Command).Select(fault => $"{shown.File}: {shown.Command}: {fault}")));
        Assert.True(faults == "", faults);
        Assert.True(commands.Count > 20, $"{commands.Count} commands were found");
    }

    /// <summary>In a sentence what a verb requires may be left out.</summary>
    [Fact]
    public void Every_command_in_a_sentence_is_taken()
    {
        var commands = from page in MarkdownPage.All
                       from span in page.Spans
                       where span.StartsWith("castalia ", StringComparison.Ordinal) && span != "castalia weights 1" // what manifests call a way of hashing
                       select (page.File, Command: span);
        string faults = string.Join('\n', from shown in commands.ToList()
                                          from fault in Faults(shown.Command)
                                          where !LeftOut().IsMatch(fault)
                                          select $"{shown.File}: {shown.Command}: {fault}");
        Assert.True(faults == "", faults);
    }

    [Theory]
    [InlineData("castalia mesure", "Unknown verb")]
    [InlineData("castalia gains --runs d | head --qqqq", "")]
    [InlineData("~/castalia/castalia measure --bos alwys # as trained", "--bos takes")]
    [InlineData("castalia convert IN OUT [--dtype keep|f23] [--shard-size SIZE]", "--dtype takes")]
    [InlineData("castalia convert IN OUT [--dtype keep|f32] [--shard-size SIZE]", "")]
    [InlineData("castalia query \"SELECT * FROM gains", "unclosed")]
    public void What_is_not_taken_is_found(string line, string fault)
    {
        var faults = Commands([line]).SelectMany(Faults).ToList();
        if (fault == "") Assert.Empty(faults);
        else Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    /// <summary>The lines of a block that are commands, each as one.</summary>
    static IEnumerable<string> Commands(IReadOnlyList<string> block) =>
        from line in string.Join('\n', block).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        let command = Prompt().Replace(line.Trim(), "castalia ")
        where command.StartsWith("castalia ", StringComparison.Ordinal)
        select command;

    /// <summary>What is wrong with a command, in any of the forms that its brackets and bars stand for.</summary>
    static IEnumerable<string> Faults(string command) =>
        Forms(command).Select(words => words.Contains("\"") ? "an unclosed quote" : InProcess.Fault(words)).OfType<string>().Distinct();

    /// <summary>The words after "castalia" without what is optional, then with each optional part, each alternative in its turn.</summary>
    static IEnumerable<string[]> Forms(string command)
    {
        var parts = Optional().Matches(command).Select(match => match.Groups[1].Value).ToList();
        string bare = Optional().Replace(command, "");
        foreach (string form in (string[])[bare, .. parts.Select(part => $"{bare} {part}")])
        {
            string[] words = [.. Word().Matches(form).Select(match => match.Value).TakeWhile(word => word is not ("|" or "#" or ">")).Skip(1)];
            int alternatives = words.Max(word => Alternatives(word).Length);
            for (int i = 0; i < alternatives; i++)
                yield return [.. words.Select(word => Alternatives(word)).Select(of => of[Math.Min(i, of.Length - 1)]).Select(word => s_stands.GetValueOrDefault(word, word)).Select(Unquoted)];
        }
    }

    static string[] Alternatives(string word) => word[0] is '"' or '\'' ? [word] : word.Split('|');

    static string Unquoted(string word) => word.Length > 1 && word[0] is '"' or '\'' ? word[1..^1] : word;

    [GeneratedRegex(@"^(Required argument .*missing for command|Which |Option '.*' is required)")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^(\$ )?(~/\S*/)?castalia ")]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\[([^\[\]]+)\]")]
    private static partial Regex Optional();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\"|[^\\s\"]+")]
    private static partial Regex Word();
}
