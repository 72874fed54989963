using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One block of one model, means over prompts.</summary>
/// <param name="Layer">Index from 0.</param>
/// <param name="SubmoduleGainAttn">‖attn_out‖/‖attn_in‖, each norm averaged over the tokens of a prompt, then over prompts; null where undefined.</param>
/// <param name="SubmoduleGainMlp">The same of the MLP.</param>
sealed record BlockGains(int Layer, double? SubmoduleGainAttn, double? SubmoduleGainMlp);

/// <summary>One size in a study of scaling.</summary>
/// <param name="Run">Run folder.</param>
/// <param name="Model">Name of the model there.</param>
/// <param name="Family">Its model_type.</param>
/// <param name="Parameters">Counted from the checkpoint's own tensors.</param>
/// <param name="Blocks">Every block, in order.</param>
/// <param name="ResidualGain">Gain of the last block at the last token, over prompts.</param>
sealed record ScaledModel(string Run, string Model, string Family, long Parameters, IReadOnlyList<BlockGains> Blocks, Estimate ResidualGain)
{
    /// <summary>What it is called on a page: its name, with digits of its hash where another has that name too.</summary>
    public string Label { get; init; } = Model;

    /// <summary>By what its weights are told from others.</summary>
    public string Weights { get; init; } = Model;

    /// <summary>Share of blocks whose attention has a submodule gain below 1.</summary>
    public Figure<double> AttentionContracts =>
        Blocks.Count == 0 ? Figure<double>.Undefined("no block was read")
        : Blocks.Any(b => b.SubmoduleGainAttn is null) ? Figure<double>.Undefined("a block's attention has no submodule gain")
        : Figure<double>.Of(Blocks.Count(b => b.SubmoduleGainAttn < 1) / (double)Blocks.Count);

    /// <summary>Submodule gain of the last block's MLP.</summary>
    public Figure<double> LastMlpGain =>
        Blocks.Count > 0 && Blocks[^1].SubmoduleGainMlp is { } gain ? Figure<double>.Of(gain) : Figure<double>.Undefined("the last MLP has no submodule gain");

    /// <summary>Whether a word names its family (model_type, whole) or is part of its name; capitals do not count.</summary>
    public bool IsOf(string family) =>
        Family.Equals(family, StringComparison.OrdinalIgnoreCase) || Model.Contains(family, StringComparison.OrdinalIgnoreCase);
}
