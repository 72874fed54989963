using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Analyses;

/// <summary>What <c>castalia explain --json</c> prints; prompts and blocks are made as they are written, for with every part they are many.</summary>
sealed record ExplainDocument(
    string Format, string Software, string Model, string Path, string PromptSet, string Definition, int NLayers, bool AllParts, ReferenceDocument? Reference, BandsDocument? Bands,
    IEnumerable<ExplainedPromptDocument> Prompts, UnitsDocument UnitsOverPrompts)
{
    static readonly ExplainJson s_json = new(new JsonSerializerOptions(ExplainJson.Default.Options) { Encoder = JsonFile.Readable.Encoder });

    /// <summary>The document's text, ended by LF.</summary>
    /// <param name="run">The model.</param>
    /// <param name="promptSet">The prompt set's name.</param>
    /// <param name="units">Of the last block that was attributed.</param>
    /// <param name="weights">Of every block that was, where weights were read; else empty.</param>
    public static string Text(AttributedRun run, string promptSet, UnitsOverPrompts units, IReadOnlyList<BlockUnitWeights> weights) =>
        JsonSerializer.Serialize(Of(run, promptSet, units, weights), s_json.ExplainDocument) + "\n";

    static ExplainDocument Of(AttributedRun run, string promptSet, UnitsOverPrompts units, IReadOnlyList<BlockUnitWeights> weights) => new(
        "castalia explain 1", Machine.Software.NameAndVersion, run.Model.Name, run.Model.Path, promptSet, "A_p = ⟨Δ_p, h + h′⟩/‖h‖², h resid_pre, h′ resid_post; blocks, positions and units from 0",
        run.Model.Measurement.Architecture.NLayers, run.Options.AllParts, ReferenceDocument.Of(run), run.Bands is { } bands ? BandsDocument.Of(bands) : null,
        run.Prompts.Select((prompt, i) => ExplainedPromptDocument.Of(run, i)), UnitsDocument.Of(run.Means, units, weights));
}

/// <summary>A prompt.</summary>
sealed record ExplainedPromptDocument(string Name, string? Category, int Tokens, IEnumerable<ExplainedBlockDocument> Blocks)
{
    public static ExplainedPromptDocument Of(AttributedRun run, int index)
    {
        var prompt = run.Model.Measurement.Prompts[index];
        return new(prompt.Prompt.Name, prompt.Prompt.Category, prompt.Ids.Count, run.Prompts[index].Blocks.GroupBy(b => b.Block).Select(block => ExplainedBlockDocument.Of(block.Last()) with // positions ascend
        {
            Positions = run.Options.AllPositions ? block.Select(ExplainedBlockDocument.Of) : null,
        }));
    }
}

/// <summary>A block at a position. Of units either all stand here, or the largest under a name that says so.</summary>
sealed record ExplainedBlockDocument(
    int Block, int Position, double GainSquaredMinusOne, double Attn, double Mlp, double AttnBias, double MlpBias, double Rounding, double RoundingLength, double CosTheta, double StepRatio,
    double CosThetaBound, double SetPoint, double NeuronsNegative, double NeuronsPositive, int NeuronsHalfOfNegative, double NeuronsNegativeParticipation, IReadOnlyList<double> Heads,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Neurons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<PartDocument>? LargestNeurons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Dimensions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<PartDocument>? LargestDimensions,
    DerivedDocument Derived, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IReadOnlyList<double>>? HeadSources)
{
    /// <summary>The block at every position, where these were kept; the figures beside are of the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<ExplainedBlockDocument>? Positions { get; init; }

    public static ExplainedBlockDocument Of(BlockAttribution b) => new(
        b.Block, b.Position, b.GainSquaredMinusOne, b.Attn, b.Mlp, b.AttnBias, b.MlpBias, b.Rounding, b.RoundingLength, b.CosTheta, b.StepRatio, b.CosThetaBound, b.SetPoint, b.Neurons.Negative,
        b.Neurons.Positive, b.Neurons.HalfOfNegative, b.Neurons.NegativeParticipation, b.Heads, b.Neurons.All, PartDocument.Largest(b.Neurons), b.Dimensions.All, PartDocument.Largest(b.Dimensions),
        DerivedDocument.Of(b.Derived), b.Sources);
}

/// <summary>One unit of several.</summary>
sealed record PartDocument(int Index, double Value)
{
    public static IEnumerable<PartDocument>? Largest(Parts parts) => parts.All is null ? parts.Leading.Select(part => new PartDocument(part.Index, part.Value)) : null;
}

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(ExplainDocument))]
sealed partial class ExplainJson : JsonSerializerContext;
