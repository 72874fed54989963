using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;

namespace Castalia.Conversion;

/// <summary>Writes any checkpoint that can be read as a Hugging Face folder in safetensors.</summary>
static class Converter
{
    /// <summary>Writes the folder and reads it back; it appears when it is complete and right, or not at all.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="folder">The folder; it must not exist, or be empty.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after every tensor; may be null.</param>
    /// <param name="cancellation">Stops between some rows and the next; nothing stays behind.</param>
    /// <exception cref="InputException">A checkpoint, a folder, a type or a disk that will not do.</exception>
    public static ConversionReport Write(
        Checkpoint checkpoint, string folder, ConvertOptions options, IProgress<ConvertProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        OutputFolder.CheckFree(folder);
        ConversionPlan plan = ConversionPlan.Of(checkpoint, options.DType);
        IReadOnlyList<Shard> shards = Shards.Of(plan.Tensors, options.ShardSize);
        using OutputFolder output = OutputFolder.Begin(folder, plan.Bytes);
        var weights = new WeightsWriter(plan, progress, cancellation);
        string? noTokenizer = null;
        IReadOnlyList<string> copied = [], left = [];
        try
        {
            WriteConfig(plan, checkpoint, output.Partial);
            if (checkpoint.Metadata is { } metadata) noTokenizer = TokenizerWriter.Write(metadata, checkpoint.Files[0].Path, output.Partial);
            // A folder's own files; of a folder that holds a GGUF file where the file has no vocabulary.
            if (checkpoint.Metadata is null || (noTokenizer == TokenizerWriter.NoVocabulary && Directory.Exists(checkpoint.Path)))
                (copied, left) = FolderFiles.Copy(checkpoint, output.Partial);
            if (copied.Contains("tokenizer.json")) noTokenizer = null;
            weights.Write(output.Partial, shards);
            if (shards.Count > 1) WriteJson(Path.Combine(output.Partial, Shards.IndexFile), Shards.Index(shards));
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw ConversionErrors.NotWritable(folder, e);
        }
        CheckWritten(plan, weights, output.Partial);
        cancellation.ThrowIfCancellationRequested();
        output.Publish();
        return new()
        {
            From = checkpoint.Path,
            Folder = folder,
            Architecture = plan.Target,
            Tensors = plan.Tensors.Count,
            Bytes = plan.Bytes,
            Types = plan.Tensors.GroupBy(tensor => tensor.DType).ToDictionary(group => group.Key, group => group.Count()),
            WeightFiles = shards.Count,
            Rounding = weights.Cost,
            LeftOut = plan.LeftOut,
            Copied = copied,
            LeftBehind = left,
            NoTokenizer = noTokenizer,
            Notes = plan.Notes,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
    }

    static void WriteConfig(ConversionPlan plan, Checkpoint checkpoint, string folder)
    {
        string to = Path.Combine(folder, "config.json");
        if (plan.Config is { } config) WriteJson(to, config);
        else File.WriteAllBytes(to, InputFile.Bytes(Path.Combine(checkpoint.Path, "config.json")));
    }

    static void WriteJson(string path, JsonObject document) => File.WriteAllText(path, PythonJson.Text(document, JsonFile.Readable) + "\n");

    static void CheckWritten(ConversionPlan plan, WeightsWriter weights, string folder)
    {
        using Checkpoint written = Checkpoint.Open(folder);
        Architecture found = ArchitectureReader.Read(written);
        if (DescriptionCheck.Difference(plan.Target, found) is var (property, expected, other))
            throw ConversionErrors.NotStated(plan.Target.Family, folder, property, expected, other);
        WeightMap.Bind(found, written);
        weights.Check(written);
    }
}
