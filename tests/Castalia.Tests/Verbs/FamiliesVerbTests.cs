using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class FamiliesVerbTests
{
    [Fact]
    public void In_a_pipe_it_prints_the_listing_in_80_columns() =>
        Assert.Equal((0, TerminalPrinter.Of(FamiliesReport.Listing(), 80), ""), CommandLineTests.Castalia(["families"]));

    [Fact]
    public void Two_names_are_compared_and_one_is_printed_whole()
    {
        Family gptJ = FamilyNames.Find("gptj")!, neoX = FamilyNames.Find("gpt_neox")!;
        Assert.Equal((0, TerminalPrinter.Of(FamiliesReport.Comparison(gptJ, neoX), 80), ""), CommandLineTests.Castalia(["families", "GPT-J", "PYTHIA"]));
        Assert.Equal((0, TerminalPrinter.Of(FamiliesReport.One(gptJ), 80), ""), CommandLineTests.Castalia(["families", "gptj"]));
    }

    [Fact]
    public void Json_is_one_object_of_all_of_one_or_of_two()
    {
        Assert.Equal(Families.All.Count, JsonNode.Parse(CommandLineTests.Castalia(["families", "--json"]).Output)!["families"]!.AsArray().Count);
        Assert.Equal("gptj", (string?)JsonNode.Parse(CommandLineTests.Castalia(["families", "GPT-J", "--json"]).Output)!["model_type"]);
        Assert.NotEmpty(JsonNode.Parse(CommandLineTests.Castalia(["families", "GPT-J", "Pythia", "--json"]).Output)!["differences"]!.AsArray());
    }

    [Theory]
    [InlineData("pythai", "Unknown family 'pythai'. Did you mean 'Pythia'? 'castalia families' lists them.")]
    [InlineData("qqqqqqqq", "Unknown family 'qqqqqqqq'. 'castalia families' lists them.")]
    [InlineData("gptj pythia llama", "Unrecognized command or argument 'llama'.")]
    [InlineData("gptj --markdown", "--markdown prints every family and goes with nothing else.")]
    public void What_it_cannot_answer_is_a_usage_error(string args, string error) =>
        Assert.Equal((2, "", $"castalia: {error}\nSee 'castalia families --help'.\n"), CommandLineTests.Castalia(["families", .. args.Split(' ')]));
}
