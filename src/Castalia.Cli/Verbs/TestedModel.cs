using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Hypotheses.Each;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint as stored runs know it.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Identity">SHA-256 of its weights.</param>
/// <param name="Description">Its description, flat, by column of the view models.</param>
sealed record TestedModel(string Name, string Identity, IReadOnlyDictionary<string, object?> Description)
{
    /// <summary>Reads the description and hashes the weights.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="threads">Files hashed at a time.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    public static TestedModel Of(CheckpointSource source, int threads, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(source.Path);
        var architecture = ArchitectureReader.Read(checkpoint).With(GeluChoice.Config, checkpoint.Path);
        var weights = WeightMap.Bind(architecture, checkpoint);
        return new(
            ModelNames.Of([source.Name])[0], WeightsLayout.Of(checkpoint, weights).Sha256(threads, progress: null, cancellation),
            ModelColumns.Flatten(AsStored(DescriptionJson.Of(architecture, weights, checkpoint.Path))).ToDictionary(field => field.Name, field => field.Value));
    }

    /// <summary>As it comes back from a manifest: numbers as JSON has them.</summary>
    static JsonObject AsStored(JsonObject description) => JsonNode.Parse(description.ToJsonString())!.AsObject();

    /// <summary>Whether rules for one model say something of it.</summary>
    public bool IsMeant(EachModel each) => each.Applies is not { } rule || EachEvaluation.Applies(rule, Description) != false;
}
