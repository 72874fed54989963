using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia dynamics --json</c> prints; prompts and blocks are made as they are written, for all singular values are many.</summary>
sealed record DynamicsDocument(
    string Format, string Software, string Model, string Path, string PromptSet, string Definition, int NLayers, int DModel, string Law, long Seed,
    IEnumerable<DynamicPromptDocument> Prompts, IReadOnlyList<IsomorphismDocument> Isomorphisms)
{
    static readonly DynamicsJson s_json = new(new JsonSerializerOptions(DynamicsJson.Default.Options) { Encoder = JsonFile.Readable.Encoder });

    /// <summary>The document's text, ended by LF.</summary>
    /// <param name="run">The model.</param>
    /// <param name="promptSet">The prompt set's name.</param>
    /// <param name="isomorphisms">What other sciences would measure.</param>
    public static string Text(DynamicRun run, string promptSet, IReadOnlyList<Isomorphism> isomorphisms) => JsonSerializer.Serialize(
        new DynamicsDocument(
            "castalia dynamics 1", Machine.Software.NameAndVersion, run.Model.Name, run.Model.Path, promptSet,
            "J = ∂resid_post/∂resid_pre at the last position, the others held; h resid_pre; blocks and positions from 0; logarithms in nats",
            run.Model.Measurement.Architecture.NLayers, run.Model.Measurement.Architecture.DModel, RecoveryLaws.Of(run.Model.Measurement.Architecture).Name(), run.Options.Seed,
            run.Prompts.Select((_, i) => DynamicPromptDocument.Of(run, i)), [.. isomorphisms.Select(IsomorphismDocument.Of)]),
        s_json.DynamicsDocument) + "\n";
}

/// <summary>A prompt.</summary>
sealed record DynamicPromptDocument(string Name, string? Category, int Tokens, IEnumerable<DynamicBlockDocument> Blocks)
{
    public static DynamicPromptDocument Of(DynamicRun run, int index)
    {
        var prompt = run.Model.Measurement.Prompts[index];
        return new(prompt.Prompt.Name, prompt.Prompt.Category, prompt.Ids.Count, run.Prompts[index].Select(DynamicBlockDocument.Of));
    }
}

/// <summary>A block near one pass; what is undefined is null.</summary>
sealed record DynamicBlockDocument(
    int Block, int Position, double Along, double JhMinusH, double JhEpsilon, double JhWiring, double JhUnexplained, double? KappaAttn, double? KappaMlp, double Gain, double CosTheta, double StepRatio,
    double SetPoint, string Spectrum, IReadOnlyList<double>? SingularValues, double LargestSingularValue, double LargestSingularValueBound, double LogAbsDet, double ShareContracting,
    double ShareContractingError, double ParticipationBefore, double ParticipationAfter, IEnumerable<RecoveryDocument> Recovery, IEnumerable<PerturbationDocument> Perturbations)
{
    public static DynamicBlockDocument Of(BlockDynamics b) => new(
        b.Block, b.Position, b.Along, b.Departure.Total, b.Departure.Epsilon, b.Departure.Wiring, b.Departure.Unexplained, b.KappaAttn, b.KappaMlp, b.Gain, b.CosTheta, b.StepRatio, b.SetPoint,
        b.Spectrum.Method == SpectrumMethod.Exact ? "exact" : "randomised", b.Spectrum.Method == SpectrumMethod.Exact ? b.Spectrum.SingularValues : null, b.Spectrum.SingularValues[0], b.Spectrum.LeadingBound,
        b.Spectrum.LogAbsDet, b.Spectrum.ShareContracting, b.Spectrum.ShareContractingError, b.ParticipationBefore, b.ParticipationAfter,
        b.Recovery.Select(r => new RecoveryDocument(r.Scale, r.Gain, r.Law, r.LawWithEpsilon)), b.Perturbations.Select(PerturbationDocument.Of));
}

/// <summary>The gain of a longer or a shorter stream.</summary>
sealed record RecoveryDocument(double Scale, double Gain, double Law, double LawWithEpsilon);

/// <summary>Finite perturbations of one size; means over random directions.</summary>
sealed record PerturbationDocument(double Epsilon, int Directions, double Stretch, double LeastStretch, double MostStretch, double StretchLinear, double Nonlinear, double StretchAlong)
{
    public static PerturbationDocument Of(Perturbation p) =>
        new(p.Epsilon, p.Stretches.Count, p.Stretches.Average(), p.Stretches.Min(), p.Stretches.Max(), p.Linear.Average(), p.Departures.Average(), p.Along);
}

/// <summary>What another science would measure.</summary>
sealed record IsomorphismDocument(string Science, string Quantity, int N, double? Value, string? UndefinedBecause, IReadOnlyList<double>? Interval95, string? Interval95UndefinedBecause, string FalseIf)
{
    public static IsomorphismDocument Of(Isomorphism i) =>
        new(i.Science, i.Quantity, i.N, i.Value.Value, i.Value.UndefinedBecause, StatisticDocuments.Ends(i.Interval95), i.Interval95.UndefinedBecause, i.FalseIf);
}

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(DynamicsDocument))]
sealed partial class DynamicsJson : JsonSerializerContext;
