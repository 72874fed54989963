using Castalia.Store;

namespace Castalia.Curves;

/// <summary>A reading of the last block at the last token that can be followed over training.</summary>
/// <param name="Key">As the command line and JSON name it.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">Unit; empty for ratios.</param>
/// <param name="Reference">The value whose crossings are sought; null for none.</param>
/// <param name="Verb">Which verb's runs hold it, as a person calls it.</param>
sealed record CurveReading(string Key, string Title, string Unit, double? Reference, string Verb)
{
    const string Measure = "castalia measure";

    /// <summary>Its value in a row of the view gains; null where it is read by <see cref="Sql"/>.</summary>
    internal Func<GainRow, double?>? OfGain { get; init; }

    /// <summary>A query of run, model, prompt_index and value; null where it is in the view gains.</summary>
    internal string? Sql { get; init; }

    /// <summary>Change per unit of ln step within which it counts as settled, after hypothesis h9; null where none is stated.</summary>
    internal double? Settled { get; init; }

    /// <summary>All of them, the gain first.</summary>
    public static IReadOnlyList<CurveReading> All { get; } =
    [
        new("gain", "gain of the last block", "", 1, Measure) { OfGain = row => row.Gain, Settled = 0.02 },
        new("cos", "cos θ of the last block", "", 0, Measure) { OfGain = row => row.CosTheta },
        new("ratio", "r = ‖Δ‖/‖h‖ of the last block", "", null, Measure) { OfGain = row => row.R },
        new("set_point", "S = r/(2|cos θ|) of the last block, of prompts with cos θ < 0", "", 1, Measure) { OfGain = SetPoint },
        new("entropy", "entropy of the next token", "nats", null, Measure) { OfGain = row => row.Entropy },
        new("loss", "loss of a text's own tokens", "nats", null, $"{Measure} --positions all") { Sql = "SELECT run, model, prompt_index, loss FROM texts" },
        new("attribution_attn", "attention's part of gain² − 1", "", 0, Measure) { OfGain = row => row.AttributionAttn },
        new("attribution_mlp", "the MLP's part of gain² − 1", "", 0, Measure) { OfGain = row => row.AttributionMlp },
        new("kappa_attn", "κ of attention in the last block", "", null, "castalia dynamics") { Sql = OfDynamics("kappa_attn") },
        new("kappa_mlp", "κ of the MLP in the last block", "", null, "castalia dynamics") { Sql = OfDynamics("kappa_mlp") },
        new("kappa", "κ of attention and MLP together in the last block", "", null, "castalia dynamics") { Sql = OfDynamics("kappa_attn + kappa_mlp") },
    ];

    /// <summary>The reading of a key.</summary>
    public static CurveReading Of(string key) => All.First(reading => reading.Key == key);

    static double? SetPoint(GainRow row) => row is { R: { } r, CosTheta: { } cos and < 0 } ? r / (2 * -cos) : null;

    static string OfDynamics(string column) => $"SELECT run, model, prompt_index, {column} FROM dynamics JOIN (SELECT run, model, n_layers FROM models) USING (run, model) WHERE layer = n_layers - 1";
}
