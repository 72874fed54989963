using Castalia.Errors;
using Castalia.Hypotheses;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Hypotheses;

public sealed class HypothesisReaderTests
{
    static readonly string Whole = Yaml("('a', 'p1', 1.5)");

    [Theory]
    [InlineData("title:", "titel:", "'titel' is no key of a hypothesis.", 2, 1)]
    [InlineData("title: Gains lie above 1\n", "", "A hypothesis has no 'title'.", 1, 1)]
    [InlineData("title: Gains lie above 1", "title: ''", "'title' is empty.", 2, 8)]
    [InlineData("title: Gains lie above 1", "title: ~", "'title' is empty.", 2, 8)]
    [InlineData("title: Gains lie above 1", "title: [a]", "'title' is a list; a text or a number was expected.", 2, 8)]
    [InlineData("id: own-1", "id: Own 1", "'Own 1' cannot be an id.", 1, 5)]
    [InlineData("sources: [nowhere]", "sources: []", "'sources' is empty.", 6, 10)]
    [InlineData("{ models: 1, prompts: 1 }", "{ models: 0 }", "'models' is '0'; a whole number of at least 1 was expected.", 7, 21)]
    [InlineData("{ models: 1, prompts: 1 }", "{ prompts: 1 }", "'requires' has no 'models'.", 7, 11)]
    [InlineData("{ models: 1, prompts: 1 }", "all", "'requires' is a text or a number; a mapping (key: value) was expected.", 7, 11)]
    [InlineData("statistic: proportion", "statistic: median", "'statistic' is 'median'.", 13, 23)]
    [InlineData("from: rows", "from: row", "'row' names nothing here.", 13, 10)]
    [InlineData("from: rows", "from: rows, of: gain", "The statistic 'proportion' has no 'of'.", 13, 47)]
    [InlineData(", where: gain > 1", "", "The statistic 'proportion' needs 'where'.", 13, 10)]
    [InlineData("where: gain > 1", "where: gain >", "The condition cannot be read: the condition ends where a name or a number was expected.", 13, 60)]
    [InlineData("from: rows", "from: rows, holm: yes", "'holm' is no key of a test without a p-value for each model.", 13, 47)]
    [InlineData("above: {", "each: {", "'each' cannot be a name here.", 13, 3)]
    [InlineData("above: {", "models: {", "'models' cannot be a name here.", 13, 3)]
    [InlineData("above: {", "rows: {", "'rows' is there twice.", 13, 9)]
    [InlineData("supported: above.share = 1", "supported: above.share == 1", "The condition cannot be read: '=' stands where a name or a number was expected.", 15, 25)]
    [InlineData("supported: above.share = 1", "supported: above.shore = 1", "'above.shore' names nothing here.", 15, 12)]
    [InlineData("where: gain > 1 }", "where: gain > 1, per: model }", "'above.share' is a result of each model, and rules and sentences are about all models.", 15, 12)]
    [InlineData("supported: above.share = 1", "supported: models = 1 and above.share", "'above.share' is a number; true or false was expected.", 15, 27)]
    [InlineData("supported: above.share = 1", "supported: >-\n  models = 1\n  and nothing.here > 1", "'nothing.here' names nothing here.", 17, 7)]
    [InlineData("supported: above.share = 1\n", "", "A hypothesis has no 'supported'.", 1, 1)]
    [InlineData("{above.count} of", "{above.kount} of", "'above.kount' names nothing here.", 17, 12)]
    [InlineData("{above.count} of", "{above.count of", "The braces in '{above.count of {above.n}' do not pair.", 17, 12)]
    [InlineData("id: own-1", "id: own-1\nid: own-2", "The file is not valid YAML: Duplicate key id.", 2, 1)]
    [InlineData("id: own-1", "id: own-1\n- x", "The file is not valid YAML: While parsing a block mapping, did not find expected key.", 2, 1)]
    [InlineData("id: own-1", "id: own-1\n---\nid: own-2", "The file holds 2 YAML documents.", 0, 0)]
    public void What_is_no_hypothesis_is_refused_with_file_line_and_column(string text, string instead, string cause, int line, int column)
    {
        Assert.Contains(text, Whole);
        var e = Assert.Throws<InputException>(() => Read(Whole.Replace(text, instead)));
        Assert.Equal((cause, line == 0 ? "own.yaml" : $"own.yaml, line {line}, column {column}"), (e.Cause, e.Place));
        Assert.NotEmpty(e.Remedy);
    }

    [Theory]
    [InlineData("FROM (VALUES", "FROM gainz, (VALUES", "The query 'rows' does not fit the views: Table with name gainz does not exist!", 11)]
    [InlineData("'r' AS run, model", "nothing, 'r' AS run, model", "The query 'rows' does not fit the views: Referenced column \"nothing\" not found in FROM clause!", 10)]
    [InlineData("'r' AS run, model, prompt", "model, prompt", "The query gives no column 'run'.", 9)]
    [InlineData("'r' AS run, model", "1 AS run, model", "The column 'run' is a number; a text was expected.", 9)]
    [InlineData("where: gain > 1", "where: gein > 1", "'gein' names nothing here.", 13)]
    [InlineData("where: gain > 1", "where: gain", "'gain' is a number; true or false was expected.", 13)]
    [InlineData("where: gain > 1", "where: expands > 1", "'expands' is true or false; a number was expected.", 13)]
    [InlineData("statistic: proportion, from: rows, where: gain > 1", "statistic: mean, from: rows, of: model, against: 1", "The column 'model' is a text; a number was expected.", 13)]
    [InlineData("model, prompt, gain, gain", "model, prompt AS name, gain, gain", "Prompts are required, and no query has a column prompt or prompts that would count them.", 7)]
    [InlineData("SELECT 'r'", "COPY SELECT 'r'", null, 10)]
    public void What_does_not_fit_the_views_is_refused_with_file_and_line(string text, string instead, string? cause, int line)
    {
        Assert.Contains(text, Whole);
        string yaml = Whole.Replace(text, instead);
        if (instead.Contains("statistic: mean")) yaml = yaml.Replace("above.share", "above.mean").Replace("{above.count} of ", "");
        var e = Assert.Throws<InputException>(() => Verdict(yaml));
        if (cause is not null) Assert.Equal(cause, e.Cause);
        Assert.StartsWith($"own.yaml, line {line},", e.Place);
    }

    /// <summary>The same with rules for one model, from line 18 on.</summary>
    static readonly string WithEach = Whole + """
        each:
          runs:
            plain: { verb: measure, prompts: standard-25 }
          evidence:
            own: { from: plain, sql: "SELECT run, model, prompt, gain FROM gains" }
          tests:
            gain: { statistic: mean, from: own, of: gain, against: 1 }
          supported: gain.low > 1
          falsified: gain.high < 1
          strength: "{gain.mean}"
        needs:
          - { measurement: two models, for: supported, met: each.supported >= 2 }
        """;

    [Theory]
    [InlineData("verb: measure", "verb: measures", "'verb' is 'measures'.", 20, 20)]
    [InlineData("prompts: standard-25", "prompts: standard-26", "'prompts' is 'standard-26'.", 20, 38)]
    [InlineData("prompts: standard-25", "prompts: standard-25, do: rescale", "A run by 'measure' has no 'do'.", 20, 51)]
    [InlineData("verb: measure", "verb: intervene", "'plain' has no 'do'.", 20, 12)]
    [InlineData("verb: measure", "do: [rescales], verb: intervene", "'do' is 'rescales'.", 20, 19)]
    [InlineData("prompts: standard-25", "prompts: standard-25, weights: yes", "A run by 'measure' has no 'weights'.", 20, 51)]
    [InlineData("from: plain", "from: plane", "'plane' names nothing here.", 22, 30)]
    [InlineData("from: own", "from: rows", "'rows' names nothing here.", 24, 11)]
    [InlineData("against: 1 }", "against: 1, per: model }", "'per' is no key of 'gain'.", 24, 63)]
    [InlineData("supported: gain.low > 1", "supported: above.share > 1", "'above.share' names nothing here.", 25, 14)]
    [InlineData("{gain.mean}", "{gain.kean}", "'gain.kean' names nothing here.", 27, 14)]
    [InlineData("each.supported >= 2", "each.proved >= 2", "'each.proved' names nothing here.", 29, 53)]
    [InlineData("  supported: gain.low > 1\n  falsified: gain.high < 1\n", "", "'each' has no 'falsified'.", 19, 3)]
    public void Rules_for_one_model_that_are_none_are_refused_with_file_line_and_column(string text, string instead, string cause, int line, int column)
    {
        Assert.Contains(text, WithEach);
        int at = WithEach.LastIndexOf(text, StringComparison.Ordinal);
        var e = Assert.Throws<InputException>(() => Read(WithEach[..at] + instead + WithEach[(at + text.Length)..]));
        Assert.Equal((cause, $"own.yaml, line {line}, column {column}"), (e.Cause, e.Place));
        Assert.NotEmpty(e.Remedy);
    }

    [Fact]
    public void A_column_that_a_query_for_one_model_lacks_is_refused()
    {
        var e = Assert.Throws<InputException>(() => Verdict(WithEach.Replace("of: gain, against", "of: gein, against", StringComparison.Ordinal)));
        Assert.Equal("'gein' names nothing here.", e.Cause);
    }

    [Fact]
    public void One_id_for_two_hypotheses_is_refused_and_both_places_are_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("mine.yaml", Whole.Replace("id: own-1", "id: study-h1"));
        var e = Assert.Throws<InputException>(() => HypothesisFiles.With([path]));
        Assert.Equal(("The id 'study-h1' is taken by another hypothesis.", $"{path}, line 1, column 5"), (e.Cause, e.Place));
        Assert.Contains("study-h1.yaml, line 1", e.Remedy);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_no_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith("The file cannot be opened", Assert.Throws<InputException>(() => HypothesisFiles.With([Path.Combine(folder.Path, "no.yaml")])).Cause);
        string binary = folder.Write("binary.yaml", [0xff, 0xfe, 0x00]);
        Assert.StartsWith("The file cannot be read", Assert.Throws<InputException>(() => HypothesisFiles.With([binary])).Cause);
    }
}
