using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Runs;

namespace Castalia.Twins;

/// <summary>The one run of a network: a folder of the study's runs, named by <c>run.txt</c> in the network's folder.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="WeightsSha256">SHA-256 of the network's weights, as the run's manifest states it.</param>
sealed record TwinRun(string Folder, string WeightsSha256)
{
    const string Marker = "run.txt", Manifest = "manifest.json";

    /// <summary>The run that is there, also where a kill left it without its name in the network's folder; or else a new one.</summary>
    /// <param name="run">What was measured: one model.</param>
    /// <param name="network">The network's folder.</param>
    /// <param name="runs">The study's runs.</param>
    /// <param name="hashing">Told how far the hashing has come.</param>
    /// <param name="named">The name of a new one's folder; null for time and network.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays behind.</param>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static TwinRun Of(Run run, string network, string runs, IProgress<HashProgress> hashing, string? named, CancellationToken cancellation)
    {
        var model = run.Models[0];
        string marker = Path.Combine(network, Marker);
        try
        {
            if (File.Exists(marker) && Path.Combine(runs, File.ReadAllText(marker).Trim()) is var there && File.Exists(Path.Combine(there, Manifest)))
                return new(there, Hashed());
            if (Candidates(model, runs) is { Count: > 0 } candidates)
            {
                string weights = Hashed();
                if (candidates.FirstOrDefault(folder => Holds(folder, run, weights)) is { } left) return Named(new(left, weights));
            }
            if (named is null)
            {
                var written = RunFolder.WriteAndTell(run, runs, cancellation, hashing);
                return Named(new(written.Folder, written.Weights[model.Name]));
            }
            return Named(RunFolder.WriteAs(run, [], runs, named, known: null, cancellation) is { } own ? new(own.Folder, own.Weights[model.Name]) : new(Path.Combine(runs, named), Hashed()));
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NotWritable(Path.GetDirectoryName(runs)!, e);
        }

        string Hashed() => model.Weights!.Sha256(run.Options.Threads, hashing, cancellation);

        TwinRun Named(TwinRun of)
        {
            WholeFile.Write(marker, Path.GetFileName(of.Folder) + "\n");
            return of;
        }
    }

    /// <summary>Runs that have the model's name.</summary>
    static List<string> Candidates(ModelRun model, string runs) =>
        Directory.Exists(runs) ? [.. Directory.EnumerateDirectories(runs, $"*-{ModelNames.ForFolder(model.Name)}*").Order(StringComparer.Ordinal)] : [];

    /// <summary>Whether a run is of the same weights and prompts, with the same seed.</summary>
    static bool Holds(string folder, Run run, string weights)
    {
        try
        {
            var manifest = JsonFile.ReadObject(Path.Combine(folder, Manifest));
            return manifest["models"] is JsonArray { Count: 1 } models && models[0] is JsonObject model && Is(model["model"], run.Models[0].Name) && Is(model["weights_sha256"], weights)
                && Is(model["prompts_sha256"], PromptHash.Of(run.Models[0].Measurement.Prompts.Select(prompt => prompt.Prompt)))
                && manifest["options"]?["seed"] is JsonValue seed && seed.TryGetValue(out long of) && of == run.Options.Seed;
        }
        catch (InputException)
        {
            return false; // no run that could be taken for this one
        }

        static bool Is(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue(out string? of) && of == text;
    }
}
