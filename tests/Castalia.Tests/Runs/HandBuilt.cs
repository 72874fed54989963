using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Tests.Runs;

/// <summary>Runs whose readings are computed from vectors of two dimensions, small enough to check by hand.</summary>
static class HandBuilt
{
    /// <summary>Block l adds attn (0.3, 0.4)·(1 + position/10) and mlp (0, 0.1·l − 0.2)·scale to h, which starts at (1, 0).</summary>
    public static PromptReadings Readings(int tokens, int layers, double scale, bool parallel = false, bool lens = false)
    {
        var blocks = new BlockReading[layers][];
        double[] x = new double[tokens], y = new double[tokens];
        Array.Fill(x, 1.0);
        for (int layer = 0; layer < layers; layer++)
        {
            blocks[layer] = new BlockReading[tokens];
            for (int t = 0; t < tokens; t++)
            {
                double ax = 0.3 * (1 + t / 10.0), ay = 0.4 * (1 + t / 10.0), my = (0.1 * layer - 0.2) * scale;
                blocks[layer][t] = new()
                {
                    NormPre = Math.Sqrt(x[t] * x[t] + y[t] * y[t]),
                    NormAttnIn = 2,
                    NormZ = 3,
                    NormAttnOut = Math.Sqrt(ax * ax + ay * ay),
                    NormMid = parallel ? double.NaN : Math.Sqrt((x[t] + ax) * (x[t] + ax) + (y[t] + ay) * (y[t] + ay)),
                    NormMlpIn = 4,
                    NormMlpPost = 5,
                    NormMlpOut = Math.Abs(my),
                    NormPost = Math.Sqrt((x[t] + ax) * (x[t] + ax) + (y[t] + ay + my) * (y[t] + ay + my)),
                    NormDelta = Math.Sqrt(ax * ax + (ay + my) * (ay + my)),
                    AttnDotPre = ax * x[t] + ay * y[t],
                    MlpDotPre = my * y[t],
                    AttnDotMlp = ay * my,
                };
                x[t] += ax;
                y[t] += ay + my;
            }
        }
        var output = new OutputReading?[tokens];
        output[^1] = new(EntropyNats: 2 + scale, TopToken: 1, TopProbability: 0.25, TopMarginNats: 0.5, LossNats: double.NaN);
        return new()
        {
            Tokens = tokens,
            Blocks = blocks,
            FinalNorm = [.. Enumerable.Range(0, tokens).Select(t => 7.0 + t)],
            Outputs = output,
            Lens = lens ? [.. Enumerable.Range(0, layers).Select(l => Enumerable.Range(0, tokens).Select(t => t == tokens - 1 ? new OutputReading(l, 2, 0.5, 0.1, double.NaN) : (OutputReading?)null).ToArray())] : null,
        };
    }

    public static ModelRun Model(string name, IReadOnlyList<(string? Category, PromptReadings Readings)> prompts, int layers, CheckpointFile? file = null) => new()
    {
        Name = name,
        Path = $"/models/{name}",
        Format = CheckpointFormat.Safetensors,
        Files = file is null ? [] : [file],
        Config = new JsonObject { ["model_type"] = "llama" },
        Description = new JsonObject { ["family"] = "llama", ["n_layers"] = layers, ["d_vocab"] = 6, ["activation"] = "Silu" },
        Tokenizer = new ThreePieces([]),
        Measurement = new()
        {
            Architecture = Architecture(layers),
            Parameters = 1_234_567,
            Prompts = [.. prompts.Select((p, i) => new TokenizedPrompt(
                new() { Name = $"p{i + 1}", Category = p.Category, Text = $"text {i + 1}", Place = $"prompts.jsonl, line {i + 1}" },
                [.. Enumerable.Range(0, p.Readings.Tokens).Select(t => t % 3)], Added: 1, DroppedBytes: 0))],
            Readings = [.. prompts.Select(p => p.Readings)],
            PaddedVocabularyRows = 3,
            Notes = ["1 tensor known to be unused: a.masked_bias"],
        },
    };

    public static Run Run(params ModelRun[] models) => new()
    {
        StartedUtc = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Options = new() { Threads = 2, Bos = BosPolicy.Always, AllPositions = false, LogitLens = false, Seed = 1 },
        PromptSet = "prompts.jsonl",
        Models = models,
    };

    /// <summary>Ten prompts in two categories.</summary>
    public static ModelRun TenPrompts(string name = "tiny", int layers = 4) => Model(
        name, [.. Enumerable.Range(0, 10).Select(i => ((string?)(i < 5 ? "factual" : "novel"), Readings(3 + i % 2, layers, scale: i - 3)))], layers);

    static Architecture Architecture(int layers) => new()
    {
        Family = Families.Llama,
        Tensors = Families.Llama.Tensors,
        NLayers = layers,
        DModel = 2,
        NHeads = 1,
        NKvHeads = 1,
        HeadDim = 2,
        DFf = 4,
        DVocab = 6,
        NCtx = 16,
        Norm = NormKind.RmsNorm,
        NormEpsilon = 1e-5,
        Wiring = Wiring.Sequential,
        Rotary = new() { Dims = 2, Pairing = RotaryPairing.HalfSplit, Base = 10000 },
        Activation = Activation.Silu,
        Mlp = MlpKind.Gated,
        QkvBias = false,
        AttnOutBias = false,
        MlpBias = false,
        TiedUnembedding = false,
        AttentionScale = 0.5,
        Defaults = [new("rope_theta", "10000", "transformers LlamaConfig")],
    };

    /// <summary>A vocabulary of &lt;s&gt;, a and b; ids from 3 are padding.</summary>
    public sealed record ThreePieces(IReadOnlyList<int> Suffix) : ITokenizer
    {
        static readonly string[] Pieces = ["<s>", "a", "b"];

        public string Source => "/models/tiny/tokenizer.json";
        public int IdCount => Pieces.Length;
        public int? BosId => 0;
        public IReadOnlyList<int> DefaultPrefix => [0];
        public IReadOnlyList<int> DefaultSuffix => Suffix;
        public IReadOnlyList<string> Notes => [];
        public IReadOnlyList<int> Encode(string text, out int droppedBytes) => throw new NotSupportedException();
        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Select(Piece));
        public string Piece(int id) => Pieces[id];
    }
}
