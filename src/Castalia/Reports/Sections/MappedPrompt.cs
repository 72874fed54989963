using Castalia.Derivatives;

namespace Castalia.Reports.Sections;

/// <summary>The last block that was read as a map, near the pass of one prompt; what is undefined is null.</summary>
/// <param name="Index">Index of the prompt.</param>
/// <param name="Layer">The block, from 0.</param>
/// <param name="Width">Of the stream.</param>
/// <param name="Gain">‖h′‖/‖h‖.</param>
/// <param name="StepRatio">r = ‖Δ‖/‖h‖.</param>
/// <param name="CosTheta">Cosine of Δ and h.</param>
/// <param name="LogAbsDet">ln|det J|, nats.</param>
/// <param name="ShareContracting">Share of singular values below 1.</param>
/// <param name="LawDeparture">Of G(s) from the quadratic law, root mean square over s.</param>
/// <param name="Logs">ln σ: largest, upper quartile, median, lower quartile, smallest; nats.</param>
/// <param name="Gains">Of the stream made s times as long, for each of <see cref="DynamicsOptions.Scales"/>.</param>
/// <param name="Stretches">For each of <see cref="DynamicsOptions.Sizes"/>: in random directions, the same by J, what is not linear, along h.</param>
sealed record MappedPrompt(
    int Index, int Layer, int Width, double? Gain, double? StepRatio, double? CosTheta, double? LogAbsDet, double? ShareContracting, double? LawDeparture,
    IReadOnlyList<double?> Logs, IReadOnlyList<double?> Gains, IReadOnlyList<IReadOnlyList<double?>> Stretches)
{
    /// <summary>Columns of ln σ, from the largest down.</summary>
    public static IReadOnlyList<string> LogColumns { get; } = ["ln_sigma_first", "ln_sigma_q75", "ln_sigma_q50", "ln_sigma_q25", "ln_sigma_last"];

    /// <summary>What they are called.</summary>
    public static IReadOnlyList<string> LogNames { get; } = ["largest", "upper quartile", "median", "lower quartile", "smallest"];

    /// <summary>Of each model the last block that was read, prompts in order.</summary>
    public static ILookup<ReportedModel, MappedPrompt> OfLastBlocks(ReportEvidence e)
    {
        string[] kinds = ["stretch", "stretch_linear", "nonlinear", "stretch_along"];
        string[] columns =
        [
            "gain", "step_ratio", "cos_theta", "log_abs_det", "share_contracting", "law_departure", .. LogColumns, .. DynamicsOptions.Scales.Select(s => $"gain_at_{Named(s)}"),
            .. DynamicsOptions.Sizes.SelectMany(size => kinds.Select(kind => $"{kind}_{Named(size)}")),
        ];
        return e.RowsOfOneRun($"SELECT run, model, prompt_index, layer, d_model, {string.Join(", ", columns)} FROM dynamics QUALIFY layer = max(layer) OVER (PARTITION BY run, model) ORDER BY run, model, prompt_index")
            .SelectMany(model => model.Select(row => (model.Key, Prompt: Of(row, kinds.Length)))).ToLookup(pair => pair.Key, pair => pair.Prompt);
    }

    static MappedPrompt Of(object?[] row, int kinds)
    {
        double?[] values = [.. row.Skip(5).Select(value => (double?)value)];
        int logs = 6, gains = logs + LogColumns.Count, stretches = gains + DynamicsOptions.Scales.Count;
        return new(
            Whole(row[2]), Whole(row[3]), Whole(row[4]), values[0], values[1], values[2], values[3], values[4], values[5], values[logs..gains], values[gains..stretches],
            [.. values[stretches..].Chunk(kinds)]);
    }

    static string Named(double value) => FormattableString.Invariant($"{value}").Replace('.', '_');

    static int Whole(object? value) => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
}
