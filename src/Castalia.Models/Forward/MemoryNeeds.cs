using Castalia.Architectures;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Forward;

/// <summary>What a run takes of memory, from the description and the prompts alone; bytes.</summary>
/// <remarks>
/// <para>T tokens in all, C of the largest chunk, P of the longest prompt, L blocks, w threads, float32 values of 4 bytes:</para>
/// <para>Activations: the stream, T·d_model; every site of a block but the first, which is the stream, C·Σ widths, z twice, as rows and laid out for
/// the kernels; queries, keys and values, C·(n_heads + 2·n_kv_heads)·head_dim, keys and values again as attention reads them; the gate, C·d_ff; for
/// a mixture what its experts read and give; for each thread the keys and values of one head, 2·P·head_dim, with a tile of scores, and the running
/// sums of a linear layer. What is laid out for the kernels has room for whole panels of 32 tokens, an odd number of pages each.</para>
/// <para>Logits: a tile of at most 32 MiB, but of at least 16 rows, R·(d_vocab + 2·d_model) with R rows.</para>
/// <para>Weights: the rows that each thread copies; and what is read as it lies in the mapped file (transposed matrices and PyTorch views),
/// of which a model above 512 MiB lets the pages of a block go when it is done. The file cache is the system's and not counted.</para>
/// <para>Readings: for every token and block one record; outputs; rotary tables.</para>
/// <para>Program: the runtime with its compiled code, and the vocabulary.</para>
/// <para>Writing comes when activations, logits and weights are given back, so that of the two the larger counts.</para>
/// </remarks>
/// <param name="Activations">Stream, sites and scratch.</param>
/// <param name="Logits">A tile of logits.</param>
/// <param name="Weights">Copied rows and mapped blocks.</param>
/// <param name="Readings">What is kept to the end.</param>
/// <param name="Program">What any run takes.</param>
/// <param name="Writing">What the run folder takes while it is written; 0 where none is.</param>
sealed record MemoryNeeds(long Activations, long Logits, long Weights, long Readings, long Program, long Writing)
{
    const long RuntimeBytes = 72L << 20, BytesPerToken = 300; // a vocabulary entry: text, id, hash and its merge
    const long TileBytes = 32L << 20;
    const int LeastTile = 16, MostTile = 512, RecordBytes = 13 * sizeof(double), ThreadBytes = 1 << 20, Alignment = 32;

    /// <summary>All of it.</summary>
    public long Total => Program + Readings + Math.Max(Activations + Logits + Weights, Writing);

    /// <summary>Of a run.</summary>
    /// <param name="weights">The weights, found.</param>
    /// <param name="prompts">The prompts with their ids.</param>
    /// <param name="tokenizer">The tokenizer; null for none.</param>
    /// <param name="options">What is read.</param>
    public static MemoryNeeds Of(WeightMap weights, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options)
    {
        var a = weights.Architecture;
        var batch = new RaggedBatch(prompts);
        int most = batch.Chunks.Max(c => c.Tokens);
        long chunk = Up(most), longest = Up(batch.Longest), tokens = batch.Tokens, heads = (long)a.NHeads * a.HeadDim, shared = (long)a.NKvHeads * a.HeadDim;
        long rows = options.AllPositions ? tokens : prompts.Count;
        long stream = batch.Chunks.Count * Packed(a.DModel);
        long sites = Packed(a.NHeads * a.HeadDim) + ResidualSites.All.Where(site => site is not (ResidualSite.Pre or ResidualSite.Z))
            .Sum(site => Packed(BlockActivations.WidthOf(a, site)));
        long perToken = 2 * heads + 4 * shared; // z and q; k and v, twice
        long gate = Packed(a.DFf);
        long experts = a.Mixture is { } mixture ? Packed(a.DFf) + Packed(a.DModel) + chunk * (2L + mixture.PerToken) * a.DModel : 0;
        long perThread = (2L * a.HeadDim + 2 * Alignment) * longest * sizeof(float) + ThreadBytes;
        long tile = Math.Min(rows, Math.Clamp(TileBytes / ((long)a.DVocab * sizeof(float)), LeastTile, MostTile));
        long rotary = ((a.Rotary?.Dims ?? 0) + (a.WindowedRotary?.Dims ?? 0L)) * longest * sizeof(float);
        long read = rows * (options.LogitLens ? a.NLayers : 1) * 40 + tokens * a.NLayers * RecordBytes;
        return new(
            (stream + sites + gate + experts + chunk * perToken) * sizeof(float) + options.Threads * perThread,
            tile * (a.DVocab + 2L * a.DModel) * sizeof(float),
            Resident(weights, options.Threads),
            read + rotary,
            RuntimeBytes + (tokenizer?.IdCount ?? 0) * BytesPerToken,
            Writing: 0);

        long Packed(int width) => PackedTokens.LengthOf(most, width);
    }

    /// <summary>Rows copied by each thread; and what is read as it lies: all blocks of a model that keeps its pages, else two neighbours.</summary>
    static long Resident(WeightMap weights, int threads)
    {
        long[] mapped = [.. Enumerable.Range(0, weights.Architecture.NLayers).Select(weights.MappedBytes)];
        long kept = weights.Bytes <= WeightStream.MostMapped ? mapped.Sum()
            : mapped.Length == 1 ? mapped[0]
            : Enumerable.Range(1, mapped.Length - 1).Max(layer => mapped[layer - 1] + mapped[layer]);
        return kept + threads * LinearPass.MostRows * weights.WidestRow;
    }

    static long Up(int tokens) => (tokens + Alignment - 1L) / Alignment * Alignment;
}
