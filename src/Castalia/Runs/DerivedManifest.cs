using System.Text.Json.Nodes;
using Castalia.Attribution;
using Castalia.Checkpoints;

namespace Castalia.Runs;

/// <summary>What figures were derived from, as the manifest states it.</summary>
static class DerivedManifest
{
    /// <summary>Of a model that was explained; null where nothing was derived.</summary>
    public static JsonObject? Of(AttributedRun run)
    {
        if (run.Reference is null && run.Bands is null && run.DerivedOptions.DirectionsFile is null) return null;
        return new()
        {
            ["reference"] = run.Reference is { } reference
                ? new JsonObject
                {
                    ["set"] = reference.Name,
                    ["texts"] = reference.Texts.Count,
                    ["positions"] = reference.Positions,
                    ["prompts_sha256"] = PromptHash.Of(reference.Texts.Select(text => text.Prompt)),
                    ["seed"] = run.Seed,
                    ["random_sets"] = CoordinateSets.Count,
                }
                : null,
            ["bands"] = run.Bands is { } bands
                ? new JsonObject { ["rows"] = bands.Rows, ["directions"] = bands.Directions.Count, ["final_norm_has_weight"] = bands.HasWeight, ["mean_free"] = bands.IsMeanFree }
                : null,
            ["directions"] = run.DerivedOptions.DirectionsFile is { } file
                ? new JsonObject { ["path"] = Path.GetFullPath(file), ["sha256"] = run.DirectionsSha256, ["orthonormalised"] = run.DerivedOptions.Orthonormalise }
                : null,
        };
    }
}
