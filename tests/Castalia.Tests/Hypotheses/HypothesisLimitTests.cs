using Castalia.Errors;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Reading;
using Castalia.YamlFiles;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Hypotheses;

/// <summary>What a hypothesis file may ask of the reader is bounded before the work begins.</summary>
public sealed class HypothesisLimitTests
{
    static readonly string Whole = Yaml("('a', 'p1', 1.5)");

    [Theory]
    [InlineData("title: Gains lie above 1", "title: &name Gains", "An anchor (&name) or an alias (*name) stands there.", 2, 8)]
    [InlineData("title: Gains lie above 1", "title: *name", "An anchor (&name) or an alias (*name) stands there.", 2, 8)]
    [InlineData("sources: [nowhere]", "sources: &all [nowhere]", "An anchor (&name) or an alias (*name) stands there.", 6, 10)]
    public void Anchors_and_aliases_are_refused(string text, string instead, string cause, int line, int column) => Refused(Whole.Replace(text, instead), cause, line, column);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Depth_is_bounded_whether_what_is_nested_ends_or_not(string open, string close)
    {
        string nested = string.Concat(Enumerable.Repeat(open, 300));
        string cause = "The file is nested more than 20 deep; no hypothesis does.";
        // Stream, document and mapping are the first three levels, so it is the eighteenth of these that is one too many.
        int column = "title: ".Length + 1 + 17 * open.Length;
        Assert.StartsWith("own.yaml, line 2, ", Assert.Throws<InputException>(() => Read(Whole.Replace("title: Gains lie above 1", "title: " + nested))).Place);
        Refused(Whole.Replace("title: Gains lie above 1", "title: " + nested + string.Concat(Enumerable.Repeat(close, 300))), cause, 2, column);
    }

    [Fact]
    public void The_number_of_values_is_bounded()
    {
        string many = $"sources: [{string.Join(", ", Enumerable.Repeat("x", 20_001))}]";
        Assert.Equal("The file has more than 20000 values; no hypothesis does.", Assert.Throws<InputException>(() => Read(Whole.Replace("sources: [nowhere]", many))).Cause);
    }

    [Fact]
    public void The_size_of_a_file_is_bounded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("large.yaml", new string('#', (1 << 20) + 1));
        Assert.Contains("1048577 bytes", Assert.Throws<InputException>(() => SourceText.Read(path, HypothesisReader.Format)).Cause);
    }

    [Fact]
    public void A_line_break_in_a_flow_mapping_is_read()
    {
        Read(Whole.Replace("above: { statistic: proportion, from", "above: { statistic: proportion,\n    from"));
        Read(Whole.Replace("above: { statistic: proportion, from", "above: {\n    statistic:\n      proportion,\n    from").Replace("gain > 1 }", "gain\n      > 1\n  }"));
    }

    [Fact]
    public void Where_the_library_fails_at_a_line_break_the_error_is_of_the_file()
    {
        // At the line's beginning, where the library throws an exception of its own code, and not of YAML.
        var e = Assert.Throws<InputException>(() => Read("id: {a: b,\nc: d}\n"));
        Assert.StartsWith("The file is not valid YAML: ", e.Cause);
        Assert.StartsWith("own.yaml, line 1, column ", e.Place);
    }

    [Fact]
    public void Conditions_have_at_most_a_thousand_words()
    {
        string chain = string.Join(" and ", Enumerable.Repeat("a", 500));
        Assert.NotEmpty(ConditionText.Of(ConditionParser.Parse(chain))); // 999 words
        Assert.Equal("more than 1000 words", Assert.Throws<ConditionException>(() => ConditionParser.Parse(chain + " and a and a")).Message);
        Assert.StartsWith("more than 100 levels", Assert.Throws<ConditionException>(() => ConditionParser.Parse(new string('(', 300))).Message);
    }

    static void Refused(string yaml, string cause, int line, int column)
    {
        var e = Assert.Throws<InputException>(() => Read(yaml));
        Assert.Equal((cause, $"own.yaml, line {line}, column {column}"), (e.Cause, e.Place));
    }
}
