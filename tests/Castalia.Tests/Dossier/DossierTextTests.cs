using System.Text.RegularExpressions;
using Castalia.Dossier;
using Castalia.Hypotheses;
using Castalia.Literature;
using Castalia.Published;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Dossier;

/// <summary>The dossier says nothing that was typed by hand: its figures are computed, its citations resolve, and it is whole without a stored run.</summary>
public sealed partial class DossierTextTests
{
    static readonly Lazy<DossierEvidence> s_evidence = new(() => DossierEvidence.Of(store: null, TestContext.Current.CancellationToken));

    static IEnumerable<string> Texts => DossierText.Shipped.SelectMany(section => section.Parts).SelectMany(part => part switch
    {
        Castalia.Dossier.Prose prose => [prose.Text],
        Points points => points.Items,
        _ => (IEnumerable<string>)[],
    });

    [Fact]
    public void A_number_typed_by_hand_would_be_found()
    {
        Assert.All(Texts, text => Assert.Equal("", string.Join(' ', HandTyped(text))));
        Assert.Equal(["0.8"], HandTyped("The mean is 0.8 below 1."));
        Assert.Equal(["25"], HandTyped("Over 25 prompts of Pythia-6.9B."));
    }

    /// <summary>Digits that are no part of a name, a figure's name, a command, a formula's index, or the 1 that gains are compared with.</summary>
    static string[] HandTyped(string text) => [.. Digits().Matches(Allowed().Replace(text, "")).Select(match => match.Value)];

    [GeneratedRegex(@"\{[a-z][^}]*\}|`[^`]*`|\[[a-z][a-z0-9-]*\]|Pythia-\d+(\.\d+)?B|GPT-J|\{L−1\}|\b1 \+ 2\S|float64|r/2|(below|above|of|exactly|√\() ?1\b|(?<=[−] )1\b|1 − G")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Digits();

    [Fact]
    public void Every_figure_that_it_names_is_computed_and_says_from_what()
    {
        var figures = new DossierFigures(s_evidence.Value);
        string[] names = [.. Texts.SelectMany(DossierText.FiguresOf).Distinct()];
        Assert.True(names.Length > 20);
        Assert.All(names, name => Assert.False(string.IsNullOrWhiteSpace(figures.Of(name).Text) || string.IsNullOrWhiteSpace(figures.Of(name).Source), name));
        Assert.Throws<InvalidOperationException>(() => figures.Of("no.such"));
    }

    [Fact]
    public void Figures_are_those_of_the_published_readings()
    {
        var figures = new DossierFigures(s_evidence.Value);
        var pythia = PublishedStudy.Shipped.Models.Single(model => model.Model == "Pythia-6.9B");
        double mean = pythia.Readings.Average(r => r.Gain), cosine = pythia.Readings.Average(r => -Math.Sqrt(1 - r.Gain * r.Gain));
        Assert.Equal(mean.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), figures.Of("mean:pythia-6.9b").Text);
        Assert.Equal($"−{(-cosine).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture)}", figures.Of("cosine:pythia-6.9b").Text);
        Assert.Equal($"{PublishedStudy.Shipped.Models.Count}", figures.Of("study.models").Text);
    }

    [Fact]
    public void Every_citation_resolves_and_every_measurement_to_come_is_of_hypotheses_that_ship()
    {
        string[] cited = [.. Texts.SelectMany(text => Regex.Matches(text, @"\[([a-z][a-z0-9-]*)\]").Select(match => match.Groups[1].Value)).Distinct()];
        Assert.NotEmpty(cited);
        Assert.All(cited, id => Bibliography.Named(id));
        string[] known = [.. HypothesisFiles.BuiltIn().Select(h => h.Id)];
        Assert.All(NextMeasurement.Shipped.SelectMany(next => next.Hypotheses), id => Assert.Contains(id, known));
        int[] counts = [.. NextMeasurement.Shipped.Select(next => next.Hypotheses.Count)];
        Assert.Equal(counts.OrderDescending(), counts);
    }

    [Fact]
    public void Without_a_stored_run_it_is_a_complete_document_in_every_format()
    {
        var page = DossierReport.Of(s_evidence.Value, section: null);
        string[] headings = [.. page.Blocks.OfType<Heading>().Where(heading => heading.Level == 2).Select(heading => heading.Text)];
        Assert.All(DossierText.Shipped, section => Assert.Contains(section.Title, headings));
        string markdown = MarkdownPrinter.Of(page), html = HtmlPrinter.Of(page, "dossier"), terminal = TerminalPrinter.Of(page, 80);
        Assert.Contains("castalia measure EleutherAI/pythia-70m", terminal.Replace("\n    ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{", Regex.Replace(string.Concat(Texts.Select(text => DossierText.Filled(text, _ => "", _ => ""))), @"_\{[^}]*\}", ""), StringComparison.Ordinal);
        Assert.True(markdown.Length > 20_000);
    }

    [Fact]
    public void A_section_stands_alone()
    {
        var page = DossierReport.Of(s_evidence.Value, "standing");
        Assert.Equal("What is settled, what is open, what to measure next", page.Blocks.OfType<Heading>().First().Text);
        Assert.DoesNotContain(page.Blocks.OfType<Heading>(), heading => heading.Text == "Literature review");
    }

    /// <summary>A folder may be called anything, and a repository holds more than its last step.</summary>
    [Theory]
    [InlineData("EleutherAI/pythia-70m", null, "a run")]
    [InlineData("EleutherAI/pythia-70m@step1000", null, null)]
    [InlineData("pythia-70m", 70426624L, "a run, by its folder's name")]
    [InlineData("pythia-70m", 70426625L, null)]
    [InlineData("other", 70426624L, null)]
    public void A_blank_of_the_scaling_table_is_filled_by_that_model_alone(string name, long? parameters, string? source)
    {
        var stored = s_evidence.Value with { Stored = [new(name, "parallel", "LayerNorm", 1.5, 1.4, 1.6, 200, "a run", "standard-200", parameters)] };
        var line = ScalingLine.All(stored).Single(one => one.Card.Model == "pythia-70m");
        Assert.Equal(source, line.Gain?.Source);
        Assert.Equal("the study", ScalingLine.All(stored).Single(one => one.Card.Model == "pythia-6.9b").Gain?.Source);
    }
}
