using System.CommandLine;
using Castalia.Cli;
using Castalia.Errors;
using Castalia.Literature;
using Xunit;

namespace Castalia.Tests.Literature;

public sealed class BibliographyTests
{
    const string Work = "- { id: a, authors: A, title: T, year: 2024, identifier: arXiv 1, found: Much., verified: id, hypotheses: [h1] }\n";

    [Fact]
    public void Every_work_that_ships_says_what_it_found_and_how_far_we_looked()
    {
        Assert.True(Bibliography.BuiltIn.Count > 60);
        Assert.All(Bibliography.BuiltIn, work =>
        {
            Assert.InRange(work.Year, 2017, 2026);
            Assert.InRange(work.Found.Split(' ').Length, 5, 70);
            Assert.NotEmpty(work.Verified.InWords());
        });
        Assert.Equal(Bibliography.BuiltIn.Count, Bibliography.BuiltIn.Select(work => work.Identifier).Distinct().Count());
        Assert.Contains("pythia", Bibliography.On("h8-initialisation").Select(work => work.Id));
        Assert.Equal("Biderman et al., 2023, Pythia: A Suite for Analyzing Large Language Models Across Training and Scaling [arXiv 2304.01373]", Bibliography.Named("pythia").Citation);
        Assert.Equal("Did you mean 'pythia'?", Assert.Throws<InputException>(() => Bibliography.Named("pithia")).Remedy);
    }

    [Fact]
    public void The_studys_own_series_is_cited_as_such() => Assert.Equal(
        ["doi 10.5281/zenodo.18110161", "doi 10.5281/zenodo.18142454", "doi 10.5281/zenodo.18165365"], Bibliography.BuiltIn.Where(work => work.IsOfSeries).Select(work => work.Identifier));

    [Fact]
    public void Every_hypothesis_that_ships_has_a_work_that_speaks_to_it() =>
        Assert.Equal("", string.Join(", ", Castalia.Hypotheses.HypothesisFiles.BuiltIn().Select(h => h.Id).Where(id => !Bibliography.On(id).Any())));

    [Theory]
    [InlineData("year: 2024, ", "", "A work has no 'year'.", 1, 3)]
    [InlineData("year: 2024", "year: soon", "'year' is 'soon'; a whole number of at least 1 was expected.", 1, 40)]
    [InlineData("verified: id", "verified: surely", "'verified' is 'surely'.", 1, 91)]
    [InlineData("found:", "finds:", "'finds' is no key of a work.", 1, 67)]
    [InlineData("[h1]", "[h2]", "There is no hypothesis 'h2'.", 1, 108)]
    [InlineData("[h1] }\n", "[h1] }\n" + Work, "The id 'a' is there twice.", 2, 9)]
    [InlineData("- {", "x: {", "The file is a mapping; a list of mappings was expected.", 1, 1)]
    public void What_is_no_list_of_works_is_refused_with_file_line_and_column(string text, string instead, string cause, int line, int column)
    {
        Assert.Single(Read(Work));
        var e = Assert.Throws<InputException>(() => Read(Work.Replace(text, instead)));
        Assert.Equal((cause, $"works.yaml, line {line}, column {column}"), (e.Cause, e.Place));
        Assert.NotEmpty(e.Remedy);
    }

    [Fact]
    public void Analogies_name_commands_and_works_that_there_are()
    {
        var verbs = CommandLine.Root().Subcommands.Select(command => command.Name).ToHashSet();
        Assert.True(Analogies.BuiltIn.Count >= 15);
        Assert.All(Analogies.BuiltIn.Where(analogy => analogy.Command is not null), analogy => Assert.Contains(analogy.Command!.Split(' ')[1], verbs));
        Assert.All(Analogies.BuiltIn, analogy => Assert.NotEmpty(analogy.Hypotheses));
    }

    [Theory]
    [InlineData("command: none", "command: rm", "'rm' is no command of Castalia.")]
    [InlineData("literature: [w]", "literature: [v]", "There is no work 'v' in the bibliography.")]
    [InlineData("hypotheses: [h1]", "hypotheses: [h2]", "There is no hypothesis 'h2'.")]
    [InlineData(", false_if: F", "", "An analogy has no 'false_if'.")]
    [InlineData("map: M", "mop: M", "'mop' is no key of an analogy.")]
    public void What_is_no_list_of_analogies_is_refused_with_file_and_line(string text, string instead, string cause)
    {
        const string yaml = "- { id: a, science: S, pattern: P, map: M, quantity: Q, command: none, false_if: F, hypotheses: [h1], literature: [w] }\n";
        IReadOnlyList<Analogy> Of(string words) => Analogies.Read(new("a.yaml", words, Analogies.Format), ["h1"], ["w"]);
        Assert.Null(Assert.Single(Of(yaml)).Command);
        var e = Assert.Throws<InputException>(() => Of(yaml.Replace(text, instead)));
        Assert.Equal(cause, e.Cause);
        Assert.StartsWith("a.yaml, line 1, column ", e.Place);
    }

    static IReadOnlyList<Work> Read(string yaml) => Bibliography.Read(new("works.yaml", yaml, Bibliography.Format), ["h1"]);
}
