using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Which activations to write.</summary>
sealed record TraceOptions
{
    /// <summary>Worker threads; results do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary>Sites of every block; resid_mid is left out where the wiring has none.</summary>
    public required IReadOnlySet<ResidualSite> Sites { get; init; }

    /// <summary>The only blocks of a site, from 0; of sites that are not named here, every block.</summary>
    public IReadOnlyDictionary<ResidualSite, IReadOnlySet<int>> Blocks { get; init; } = new Dictionary<ResidualSite, IReadOnlySet<int>>();

    /// <summary>How sites are named: <c>p{prompt}.blocks.{layer}.resid_post</c> or <c>p{prompt}.blocks.{layer}.hook_resid_post</c>.</summary>
    public SiteNaming Naming { get; init; }

    /// <summary>Write final_norm_out too.</summary>
    public required bool FinalNorm { get; init; }

    /// <summary>Write the logits too, padded vocabulary rows included.</summary>
    public required bool Logits { get; init; }

    /// <summary>Every position, or the last of each prompt as one row.</summary>
    public required bool AllPositions { get; init; }

    /// <summary>Whether a site of a block is written, where the architecture has it.</summary>
    public bool Wants(ResidualSite site, int layer) => Sites.Contains(site) && (!Blocks.TryGetValue(site, out var blocks) || blocks.Contains(layer));

    /// <summary>How a site of a block is named.</summary>
    internal string NameOf(int prompt, int layer, ResidualSite site) =>
        (Naming == SiteNaming.TransformerLens ? HookNames.Of(site, layer) : null) is { } hook ? $"p{prompt}.{hook}" : $"p{prompt}.blocks.{layer}.{site.Name()}";
}

/// <summary>What a file of activations says of itself.</summary>
/// <param name="Texts">By key; null for nothing.</param>
/// <param name="Late">A text that is asked for when all activations are written, as long as the one that stands in its place; null for none.</param>
sealed record TraceMetadata(IReadOnlyDictionary<string, string>? Texts, (string Key, Func<string> Value)? Late)
{
    /// <summary>Nothing.</summary>
    public static TraceMetadata None { get; } = new(null, null);
}

/// <summary>Writes activations as they pass to a safetensors file, float32, [position × width].</summary>
/// <remarks>
/// Names: <c>p{prompt}.blocks.{layer}.{site}</c>, or TransformerLens's, <c>p{prompt}.final_norm_out</c>, <c>p{prompt}.logits</c>; indices from 0.
/// The file appears under its name only when it is complete.
/// </remarks>
static class Trace
{
    /// <summary>Runs the prompts as the checkpoint describes itself, and writes the file.</summary>
    /// <exception cref="InputException">As Measurement.Take.</exception>
    public static void Write(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, TraceOptions options, string outFile,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation) =>
        Write(checkpoint, ArchitectureReader.Read(checkpoint), prompts, options, outFile, progress, cancellation);

    /// <summary>Runs the prompts by a description that the checkpoint's tensors fit, and writes the file.</summary>
    /// <exception cref="InputException">As Measurement.Take.</exception>
    public static void Write(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, TraceOptions options, string outFile,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation) =>
        Write(checkpoint, architecture, prompts, options, outFile, TraceMetadata.None, progress, cancellation);

    /// <summary>The same, with what the file is in its metadata.</summary>
    /// <exception cref="InputException">As Measurement.Take.</exception>
    public static void Write(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, TraceOptions options, string outFile, TraceMetadata metadata,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation)
    {
        PromptLimits.Check(prompts, architecture);
        using var pass = new ForwardPass(checkpoint, architecture, prompts, options.Threads, progress, cancellation);
        using var file = SafetensorsWriter.Create(outFile, [.. Entries(pass, options)], metadata.Texts);
        var recording = new Recording(pass.Batch, pass.Crew, pass.Architecture.NLayers);
        pass.Run(new SiteWriter(pass, options, file, recording));
        WriteOutputs(pass, options, file);
        pass.ReportDone();
        if (metadata.Late is { } late) file.Restate(late.Key, late.Value());
        file.Complete();
    }

    static IEnumerable<SafetensorsEntry> Entries(ForwardPass pass, TraceOptions options)
    {
        for (int p = 0; p < pass.Batch.Prompts.Count; p++)
        {
            long positions = options.AllPositions ? pass.Batch.Prompts[p].Ids.Count : 1;
            for (int layer = 0; layer < pass.Architecture.NLayers; layer++)
                foreach (var site in ResidualSites.All.Where(site => options.Wants(site, layer)))
                    if (BlockActivations.WidthOf(pass.Architecture, site) is > 0 and int width)
                        yield return new(options.NameOf(p, layer, site), DType.F32, [positions, width]);
            if (options.FinalNorm) yield return new($"p{p}.final_norm_out", DType.F32, [positions, pass.Architecture.DModel]);
            if (options.Logits) yield return new($"p{p}.logits", DType.F32, [positions, pass.Architecture.DVocab]);
        }
    }

    static void WriteOutputs(ForwardPass pass, TraceOptions options, SafetensorsWriter file)
    {
        if (!options.FinalNorm && !options.Logits) return;
        var batch = pass.Batch;
        int[] rows = [.. Enumerable.Range(0, batch.Tokens).Where(row => Wanted(batch, options, row, out _, out _))];
        object writing = new();
        pass.Unembedding.Run(pass.Stream, rows, (index, normed, logits) =>
        {
            Wanted(batch, options, rows[index], out int prompt, out long place);
            int position = batch.At(rows[index]).Position;
            if (options.FinalNorm) Outputs.RefuseNotFinite(batch, prompt, position, "final_norm_out", normed);
            if (options.Logits) Outputs.RefuseNotFinite(batch, prompt, position, "logits", logits);
            lock (writing)
            {
                if (options.FinalNorm) file.Write($"p{prompt}.final_norm_out", place * normed.Length, normed);
                if (options.Logits) file.Write($"p{prompt}.logits", place * logits.Length, logits);
            }
        });
    }

    /// <summary>Whether a row of the batch is written, to which prompt's arrays, and at which row of them.</summary>
    static bool Wanted(RaggedBatch batch, TraceOptions options, int row, out int prompt, out long place)
    {
        (prompt, int position) = batch.At(row);
        place = options.AllPositions ? position : 0;
        return options.AllPositions || position == batch.Prompts[prompt].Ids.Count - 1;
    }

    /// <summary>Writes the sites asked for; the recording beside it stops the run at a NaN or infinity.</summary>
    sealed class SiteWriter(ForwardPass pass, TraceOptions options, SafetensorsWriter file, Recording recording) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations)
        {
            recording.Seen(layer, chunk, activations);
            foreach (var site in activations.Sites.Where(site => options.Wants(site, layer)))
            {
                float[] values = new float[activations.Width(site)];
                for (int t = 0; t < chunk.Tokens; t++)
                {
                    if (!Wanted(pass.Batch, options, chunk.FirstToken + t, out int prompt, out long place)) continue;
                    activations.Read(site, t, values);
                    file.Write(options.NameOf(prompt, layer, site), place * values.Length, values);
                }
            }
        }
    }
}
