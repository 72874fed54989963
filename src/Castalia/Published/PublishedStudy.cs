using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Published;

/// <summary>The figures of a published study of last-layer gains. Numbers only: prompts are known by category and number.</summary>
sealed record PublishedStudy
{
    /// <summary>What it is and where it is from.</summary>
    public required StudyIdentity Study { get; init; }

    /// <summary>The result files the figures were read from.</summary>
    public required IReadOnlyList<StudySource> Sources { get; init; }

    /// <summary>The prompts, in the order every model was fed them.</summary>
    public required IReadOnlyList<StudyPrompt> Prompts { get; init; }

    /// <summary>Eight models by the block convention at the last token.</summary>
    public required IReadOnlyList<StudyModel> Models { get; init; }

    /// <summary>Submodule gains of the Pythia sizes, and the power law fitted to them.</summary>
    public required SubmoduleSeries Scaling { get; init; }

    /// <summary>Three series of gains taken from <c>hidden_states</c>.</summary>
    public required IReadOnlyList<HiddenStateSeries> HiddenStates { get; init; }

    /// <summary>What the result files say of the hypotheses they tested.</summary>
    public required IReadOnlyList<StudyVerdict> Verdicts { get; init; }

    /// <summary>The study that ships with Castalia.</summary>
    public static PublishedStudy Shipped => Loaded.Value;

    static readonly Lazy<PublishedStudy> Loaded = new(() => StudyJson.Read(EmbeddedText.Of("published-study.json")));
}

/// <summary>Title, author, place and licence of a study.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Author">Its author.</param>
/// <param name="Year">Year of publication.</param>
/// <param name="Doi">Digital object identifier.</param>
/// <param name="Repository">Repository of its results, and the folder in it.</param>
/// <param name="Licence">Licence of the results, one line each: copyright notice and permission.</param>
sealed record StudyIdentity(string Title, string Author, int Year, string Doi, string Repository, IReadOnlyList<string> Licence);

/// <summary>One result file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
sealed record StudySource(string File, string Sha256);

/// <summary>One prompt of the study, without its text.</summary>
/// <param name="Index">Index in the study's order, from 0.</param>
/// <param name="Category">Category, in Castalia's spelling.</param>
/// <param name="Number">Number within the category, from 1.</param>
/// <param name="Complexity">The study's own rank of its category, 1 to 5.</param>
sealed record StudyPrompt(int Index, string Category, int Number, int Complexity)
{
    /// <summary>Name in tables; not that of any prompt Castalia ships.</summary>
    [JsonIgnore]
    public string Name => FormattableString.Invariant($"study-{Category}-{Number}");
}

/// <summary>One model of the study.</summary>
/// <param name="Model">Name the study gives it.</param>
/// <param name="File">Result file.</param>
/// <param name="Norm">Norm the study states.</param>
/// <param name="Layers">Blocks the study states.</param>
/// <param name="NormPrecision">The coarsest type whose norms every gain and amplification is a ratio of (<see cref="NormGrid"/>); null where there is none.</param>
/// <param name="Published">Statistics that the study published of these readings, by <see cref="PublishedStatistic"/> name.</param>
/// <param name="Readings">One for each prompt, in the prompts' order.</param>
sealed record StudyModel(
    string Model, string File, string Norm, int Layers, NormPrecision? NormPrecision,
    IReadOnlyDictionary<string, double> Published, IReadOnlyList<StudyReading> Readings)
{
    /// <summary>The gains, in the prompts' order.</summary>
    public IReadOnlyList<double> Gains() => [.. Readings.Select(r => r.Gain)];

    /// <summary>The output entropies, nats, in the prompts' order.</summary>
    public IReadOnlyList<double> Entropies() => [.. Readings.Select(r => r.Entropy)];
}

/// <summary>What was read of one prompt.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="Gain">‖h_L‖/‖h_{L−1}‖ at the last token.</param>
/// <param name="Entropy">Output entropy, nats.</param>
/// <param name="TotalAmplification">‖h_L‖/‖h_1‖ at the last token.</param>
/// <param name="TopProbability">Probability of the most probable token.</param>
sealed record StudyReading(int Prompt, double Gain, double Entropy, double TotalAmplification, double TopProbability);

/// <summary>What a result file says of a hypothesis.</summary>
/// <param name="Hypothesis">The hypothesis, in the file's words.</param>
/// <param name="Verdict">The verdict, in the file's words.</param>
/// <param name="File">Result file.</param>
sealed record StudyVerdict(string Hypothesis, string Verdict, string File);
