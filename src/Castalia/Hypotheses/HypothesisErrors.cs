using Castalia.Errors;
using Castalia.Hypotheses.Reading;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses;

/// <summary>What can be wrong with a hypothesis that is written as a file, and with what is asked of it.</summary>
static class HypothesisErrors
{
    /// <summary>A key that is none of the format's.</summary>
    public static InputException UnknownKey(string place, string key, string what, IEnumerable<string> known) => YamlErrors.UnknownKey(HypothesisReader.Format, place, key, what, known);

    /// <summary>A key that must be there.</summary>
    public static InputException MissingKey(string place, string key, string what) => YamlErrors.MissingKey(HypothesisReader.Format, place, key, what);

    /// <summary>A name that cannot be written in a condition.</summary>
    public static InputException BadName(string place, string name) => new(
        $"'{name}' cannot be a name here.", place, "Names begin with a lower-case letter and go on with lower-case letters, digits and _; and, or, not, each, twins, networks, models and prompts are taken.");

    /// <summary>An identifier that cannot be typed.</summary>
    public static InputException BadId(string place, string id) => new($"'{id}' cannot be an id.", place, "Use lower-case letters, digits and hyphens, such as my-own-1.");

    /// <summary>One name for two things.</summary>
    public static InputException NameTwice(string place, string name) => new(
        $"'{name}' is there twice.", place, "Evidence and tests share one set of names; give each a name of its own.");

    /// <summary>Two hypotheses of one id.</summary>
    public static InputException IdTwice(string place, string id, string other) => new(
        $"The id '{id}' is taken by another hypothesis.", place, $"The other is {other}; give this one another id.");

    /// <summary>A condition that is none.</summary>
    public static InputException Condition(string place, string why) => new(
        $"The condition cannot be read: {why}.", place, "Conditions are made of names, numbers, <, <=, >, >=, =, and, or, not and parentheses, as in: slope.high < 0 and slope.p < 0.01.");

    /// <summary>A name that stands for nothing.</summary>
    public static InputException UnknownName(string place, string name, IEnumerable<string> known) => new(
        $"'{name}' names nothing here.", place, known.Any() ? $"Known here: {string.Join(", ", known)}." : "No names are known here.");

    /// <summary>A rule or sentence that takes the result of one model for that of all.</summary>
    public static InputException ResultOfEachModel(string place, string name, IEnumerable<string> known) => new(
        $"'{name}' is a result of each model, and rules and sentences are about all models.", place,
        $"Take a test over them, such as 'expands: {{ statistic: count, over: models, where: {name} > 1 }}', and name its result. Known here: {string.Join(", ", known)}.");

    /// <summary>A number where a truth belongs, or the other way round.</summary>
    public static InputException WrongType(string place, string name, string found, string expected) => new(
        $"'{name}' is {found}; {expected} was expected.", place, "Compare numbers (n.share > 0.5); write a column that is true or false by itself (layer_norm).");

    /// <summary>A brace in a text that opens or closes nothing.</summary>
    public static InputException Brace(string place, string text) => new(
        $"The braces in '{text}' do not pair.", place, "Write a result as {test.field}; there is no other use of braces.");

    /// <summary>A key that its statistic has no use for, or one that it must have.</summary>
    public static InputException StatisticKey(string place, string statistic, string key, bool missing, IEnumerable<string> known) => new(
        missing ? $"The statistic '{statistic}' needs '{key}'." : $"The statistic '{statistic}' has no '{key}'.", place,
        $"It takes {string.Join(", ", known)}.");

    /// <summary>Kendall's τ with clusters, for which no interval is implemented.</summary>
    public static InputException KendallOfClusters(string place) => new(
        "The method 'kendall' takes no 'clusters': Castalia has no interval of τ over clusters.", place, "Take pearson or spearman, or a row for each cluster.");

    /// <summary>More factors than are analysed together.</summary>
    public static InputException ManyFactors(string place, int factors) => new(
        $"There are {factors} factors; one or two are analysed together.", place, "Average over the others in the query, or ask of their levels one by one.");

    /// <summary>SQL that the views refuse.</summary>
    public static InputException Sql(string place, string query, InputException refusal) => new(
        $"The query '{query}' does not fit the views: {refusal.Cause}", place, $"Correct it there; nothing was evaluated. {refusal.Remedy}", refusal);

    /// <summary>A query without a column that every query must give.</summary>
    public static InputException MissingColumn(string place, string column, IEnumerable<string> present) => new(
        $"The query gives no column '{column}'.", place,
        $"It gives {string.Join(", ", present)}. Every query gives run and model, so that each row is known to belong to one model of one run; a column prompt (one row each) or prompts (a count) says how many prompts stand behind it.");

    /// <summary>Required prompts that no query counts.</summary>
    public static InputException PromptsUncounted(string place) => new(
        "Prompts are required, and no query has a column prompt or prompts that would count them.", place,
        "Add the column to a query, or leave 'prompts' out of 'requires'.");

    /// <summary>A column of a type that nothing can be computed from.</summary>
    public static InputException ColumnType(string place, string column, string type, string expected) => new(
        $"The column '{column}' is {type}; {expected} was expected.", place, "Cast it in the query.");

    /// <summary>A key of a run that its verb has no use for.</summary>
    public static InputException NotOfVerb(string place, string key, string verb) => new(
        $"A run by '{verb}' has no '{key}'.", place, $"'weights', 'reference' and 'bands' are of explain, 'do' is of intervene. {HypothesisReader.Format.Pointer}");

    /// <summary>More than one row for a model where its facts are asked for.</summary>
    public static InputException ManyRows(string place, string evidence, string model, int rows) => new(
        $"'{evidence}' has {rows} rows for {model}, so its columns are no facts of a model.", place, "Give one row for each run and model, or test its rows with 'from'.");

    /// <summary>An id that was asked for and is not there.</summary>
    public static InputException NoSuchId(string id, string? nearest, IEnumerable<string> known) => new(
        $"There is no hypothesis '{id}'.", "castalia hypotheses",
        nearest is null ? $"Known: {string.Join(", ", known)}." : $"Did you mean '{nearest}'? 'castalia hypotheses' lists all.");

    public static InputException SeveralIds(string id, IReadOnlyList<string> begun) => new(
        $"The ids of {begun.Count} hypotheses begin with '{id}'.", "castalia hypotheses", $"Write more of the id: {string.Join(", ", begun)}.");

    /// <summary>Nothing to separate.</summary>
    public static InputException NothingToSeparate(string place, int dampeners, int expanders, IReadOnlyList<string> notCompared) => new(
        $"There is nothing to separate: {dampeners} models dampen and {expanders} expand{(notCompared.Count == 0 ? "" : $"; not compared: {string.Join("; ", notCompared)}")}.", place,
        "Measure models on the same texts until there is at least one of each; a model whose interval contains 1 is neither.");
}
