using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>What <c>castalia intervene --json</c> prints; prompts and interventions are made as they are written, for with every neuron they are many.</summary>
sealed record InterventionDocument(
    string Format, string Software, string Model, string Path, string PromptSet, string Definition, int NLayers, int Portions, IReadOnlyList<DoFileDocument> DoFiles,
    IEnumerable<IntervenedPromptDocument> Prompts)
{
    static readonly InterventionJson s_json = new(new JsonSerializerOptions(InterventionJson.Default.Options) { Encoder = JsonFile.Readable.Encoder });

    /// <summary>The document's text, ended by LF.</summary>
    /// <param name="run">The model.</param>
    /// <param name="promptSet">The prompt set's name.</param>
    public static string Text(IntervenedRun run, string promptSet) => JsonSerializer.Serialize(
        new InterventionDocument(
            "castalia intervene 1", Machine.Software.NameAndVersion, run.Model.Name, run.Model.Path, promptSet,
            "gains of every block at the last position, over the length of what the block then reads; entropy, kl (clean to do) and loss in nats; blocks, positions and units from 0",
            run.Model.Measurement.Architecture.NLayers, run.Measured.Portions, [.. run.Files.Select(file => new DoFileDocument(file.Name, file.Sha256))],
            run.Measured.Prompts.Select((_, i) => IntervenedPromptDocument.Of(run, i))),
        s_json.InterventionDocument) + "\n";
}

/// <summary>A file of interventions.</summary>
sealed record DoFileDocument(string Name, string Sha256);

/// <summary>A prompt: its clean pass, and each intervention in the order of the files.</summary>
sealed record IntervenedPromptDocument(string Name, string? Category, int Tokens, CleanDocument Clean, IEnumerable<UnderDocument> Interventions)
{
    public static IntervenedPromptDocument Of(IntervenedRun run, int index)
    {
        var prompt = run.Model.Measurement.Prompts[index];
        return new(prompt.Prompt.Name, prompt.Prompt.Category, prompt.Ids.Count, CleanDocument.Of(run.Model.Measurement.Readings[index]),
            run.Measured.Interventions.Select((_, k) => UnderDocument.Of(run, index, k)));
    }
}

/// <summary>The clean pass.</summary>
sealed record CleanDocument(IReadOnlyList<double> Gains, double Entropy, int TopToken, double TopProbability, double Loss)
{
    public static CleanDocument Of(PromptReadings readings)
    {
        var output = readings.Outputs[^1]!.Value;
        return new([.. readings.Blocks.Select(block => block[^1].Gain)], output.EntropyNats, output.TopToken, output.TopProbability, MeanLoss.Of(readings));
    }
}

/// <summary>The pass under an intervention; where it cannot be made on the prompt, why.</summary>
sealed record UnderDocument(
    string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LengthMismatch, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NotMade, IReadOnlyList<double>? Gains, double? Entropy, double? Kl, int? TopToken, double? TopProbability, double? Loss,
    string? Form, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AlongReading>? Along)
{
    public static UnderDocument Of(IntervenedRun run, int prompt, int k)
    {
        var (intervention, r) = (run.Measured.Interventions[k], run.Measured.Prompts[prompt][k]);
        string? source = r is not null && run.Measured.SourceOf(prompt, k) is { } from ? run.Model.Measurement.Prompts[from].Prompt.Name : null;
        return new(
            intervention.Name, intervention.Seed, intervention.LengthMismatch, source, run.Measured.MissingOf(prompt, k), r?.Gains, r?.EntropyNats, r?.KlNats, r?.TopToken, r?.TopProbability, r?.LossNats,
            r is null ? null : r.Form == EffectForm.Pass ? "pass" : "rank_one", r is { Along.Count: > 0 } ? r.Along : null);
    }
}

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(InterventionDocument))]
sealed partial class InterventionJson : JsonSerializerContext;
