namespace Castalia.Architectures;

/// <summary>A family at given sizes: everything the arithmetic needs to know besides the weights. Printed by <c>castalia describe</c>.</summary>
sealed record Architecture
{
    /// <summary>The family it was read as.</summary>
    public required Family Family { get; init; }

    /// <summary>Blocks.</summary>
    public required int NLayers { get; init; }

    /// <summary>Width of the stream.</summary>
    public required int DModel { get; init; }

    /// <summary>Query heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>Key/value heads; NHeads is a multiple of it.</summary>
    public required int NKvHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Inner width of the MLP.</summary>
    public required int DFf { get; init; }

    /// <summary>Rows of the embedding as the config states them (may be padded).</summary>
    public required int DVocab { get; init; }

    /// <summary>Longest prompt the model was made for, tokens.</summary>
    public required int NCtx { get; init; }

    /// <summary>Kind of every norm.</summary>
    public required NormKind Norm { get; init; }

    /// <summary>ε of every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Where the norms of a block stand.</summary>
    public NormPlacement NormPlacement { get; init; }

    /// <summary>Norms multiply by 1 + weight: Gemma.</summary>
    public bool NormWeightPlusOne { get; init; }

    /// <summary>How queries and keys are normed.</summary>
    public QkNorm QkNorm { get; init; }

    /// <summary>How attention and MLP are wired.</summary>
    public required Wiring Wiring { get; init; }

    /// <summary>Rotary embedding; null where positions enter another way.</summary>
    public required Rotary? Rotary { get; init; }

    /// <summary>Rotary embedding of the blocks that see a window, where it is another one (Gemma 3); null for the same.</summary>
    public Rotary? WindowedRotary { get; init; }

    /// <summary>Penalty on distance; null for none.</summary>
    public Alibi? Alibi { get; init; }

    /// <summary>Learned positions; null for none.</summary>
    public LearnedPositions? LearnedPositions { get; init; }

    /// <summary>For each block how many positions a query sees, its own included, null for all before it; null where every block sees all.</summary>
    public IReadOnlyList<int?>? Windows { get; init; }

    /// <summary>Nonlinearity of the MLP.</summary>
    public required Activation Activation { get; init; }

    /// <summary>What the config states, where <see cref="GeluChoice"/> put an activation in its place; null where nothing was chosen.</summary>
    public Activation? StatedActivation { get; init; }

    /// <summary>Shape of the MLP.</summary>
    public required MlpKind Mlp { get; init; }

    /// <summary>Query, key and value projections have biases.</summary>
    public required bool QkvBias { get; init; }

    /// <summary>Attention's output projection has a bias.</summary>
    public required bool AttnOutBias { get; init; }

    /// <summary>The MLP's projections have biases.</summary>
    public required bool MlpBias { get; init; }

    /// <summary>The unembedding is the embedding.</summary>
    public required bool TiedUnembedding { get; init; }

    /// <summary>The unembedding has a bias.</summary>
    public bool UnembeddingBias { get; init; }

    /// <summary>Factor on query·key before softmax; 1/√HeadDim unless the family says otherwise.</summary>
    public required double AttentionScale { get; init; }

    /// <summary>Block ℓ, from 0, divides its scores by ℓ + 1 besides: GPT-2 as trained by Mistral's authors at Stanford.</summary>
    public bool AttentionScaleByBlock { get; init; }

    /// <summary>Scores s become c·tanh(s/c) before softmax; null for none.</summary>
    public double? AttentionSoftcap { get; init; }

    /// <summary>Queries, keys and values are held to [−c, c] after their projections; null for none.</summary>
    public double? ClipQkv { get; init; }

    /// <summary>Experts; null unless the MLP is a mixture.</summary>
    public Mixture? Mixture { get; init; }

    /// <summary>Factor on the embedding: √d_model in Gemma, exactly.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor on what attention and MLP add to the stream.</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>Factor on the logits.</summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>Logits x become c·tanh(x/c); null for none.</summary>
    public double? LogitSoftcap { get; init; }

    /// <summary>The stored tensor behind each role: the family's, under the names this checkpoint has.</summary>
    public required IReadOnlyDictionary<WeightRole, TensorSlot> Tensors { get; init; }

    /// <summary>Config keys that were absent, with the value taken and the reference implementation it is the default of.</summary>
    public required IReadOnlyList<ConfigDefault> Defaults { get; init; }

    /// <summary>Config keys that ask for nothing and are not read, each with its value.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Parameters the description implies; a tied matrix counts once.</summary>
    public long ExpectedParameters => WeightShapes.Parameters(this);

    /// <summary>What every name in the checkpoint begins with because the model was saved in a wrapper; the slots' names hold it. Empty for nothing.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>Name patterns of tensors that the arithmetic does not read, under the names this checkpoint has.</summary>
    public IEnumerable<string> KnownUnused
    {
        get
        {
            bool isBare = Tensors[WeightRole.Embedding].Name != NamePrefix + Family.Tensors[WeightRole.Embedding].Name;
            return Family.KnownUnused.Concat(RotaryBuffers()).Distinct()
                .Select(pattern => NamePrefix + (isBare ? TensorNames.Bare(pattern, Family.BasePrefix) : pattern));
        }
    }

    /// <summary>
    /// Rotary tables that programs store with the weights, once for the model or once for each block. The reference computes its own from the config
    /// and passes over those in a file.
    /// </summary>
    IEnumerable<string> RotaryBuffers()
    {
        if (Family.Config != ConfigKind.HuggingFace || Family.Rotary is null) return [];
        string query = Family.Tensors[WeightRole.Query].Name; // model.layers.{layer}.self_attn.q_proj.weight
        string attention = query[..(query.LastIndexOf('.', query.LastIndexOf('.') - 1) + 1)];
        return from place in new[] { Family.BasePrefix, attention }
               from table in RotaryTables
               select place + table;
    }

    static readonly string[] RotaryTables =
    [
        "rotary_emb.inv_freq", "rotary_emb.original_inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached",
        "rotary_emb_local.inv_freq", "rotary_emb_local.original_inv_freq",
    ];

    /// <summary>What a run of this model must say.</summary>
    public IEnumerable<string> Caveats => new[] { Family.Caveat, Alibi is null ? null : Family.Alibi?.Caveat, Passed }.OfType<string>();

    string? Passed
    {
        get
        {
            const int Most = 8;
            if (PassedOver.Count == 0) return null;
            string more = PassedOver.Count > Most ? $" and {PassedOver.Count - Most} more" : "";
            return $"Keys that ask for nothing and are not read: {string.Join(", ", PassedOver.Take(Most))}{more}.";
        }
    }

    /// <summary>How many positions a query of a block sees, its own included; null for all before it.</summary>
    public int? WindowOf(int layer) => Windows?[layer];

    /// <summary>Rotary embedding of a block; null where positions enter another way.</summary>
    public Rotary? RotaryOf(int layer) => WindowedRotary is { } windowed && WindowOf(layer) is not null ? windowed : Rotary;

    /// <summary>Factor on query·key in a block.</summary>
    public double AttentionScaleOf(int layer) => AttentionScaleByBlock ? AttentionScale / (layer + 1) : AttentionScale;
}

/// <summary>A config key that was absent.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value taken, as text.</param>
/// <param name="Source">Whose documented default it is.</param>
sealed record ConfigDefault(string Key, string Value, string Source);
