using System.Globalization;
using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Twins;

/// <summary>A column of networks.csv.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type: VARCHAR, BOOLEAN, BIGINT, HUGEINT or DOUBLE.</param>
/// <param name="Unit">Unit; empty for names, counts and ratios.</param>
/// <param name="Description">What it is and when it is empty.</param>
/// <param name="Of">Its value in a row: text, truth, whole or real number, or null.</param>
sealed record TwinColumn(string Name, string Type, string Unit, string Description, Func<MeasuredTwin, object?> Of)
{
    /// <summary>All of them, in order: which network it is, every factor, what came of it.</summary>
    public static IReadOnlyList<TwinColumn> All { get; } =
    [
        new("plan", "VARCHAR", "", "Name of the plan.", m => m.Plan),
        new("cell", "VARCHAR", "", "Its cell: factor=level of each crossed factor, as the plan writes it.", m => m.Twin.Cell.Name),
        new("seed", "HUGEINT", "", "Its seed.", m => m.Twin.Seed),
        .. Factors.All.Select(factor => new TwinColumn(factor.Name, factor.Type, "", factor.Name == "family" ? "Whose form it has." : factor.What, m => factor.Of(m.Twin))),
        new("parameters", "BIGINT", "", "Weights.", m => m.Twin.Cell.Form.Architecture.ExpectedParameters),
        new("trained_tokens", "BIGINT", "", "Tokens it was trained on: steps times batch times tokens.", m => (long)m.Trained.Steps.Count * m.Twin.Recipe.Options.Batch * m.Twin.Recipe.Options.Tokens),
        new("loss", "DOUBLE", "nats", "Mean cross-entropy over the last 50 steps, before each.", m => m.Trained.Loss),
        new("least_loss", "DOUBLE", "nats", "Entropy of the language over the same texts; empty where nobody knows it.", m => m.Trained.LeastLoss),
        new("prompts", "BIGINT", "", "Prompts that it was measured on.", m => m.Estimates.All.Prompts),
        new("gain", "DOUBLE", "", "Gain of the last block at the last token, mean over prompts.", m => m.Estimates.All.Gain.Mean.Value),
        new("gain_sd", "DOUBLE", "", "Its standard deviation over prompts.", m => m.Estimates.All.Gain.Sd.Value),
        new("gain_low", "DOUBLE", "", "Lower end of the mean's 95 % BCa bootstrap interval over prompts.", m => m.Estimates.All.Gain.Interval95.Value?.Low),
        new("gain_high", "DOUBLE", "", "Upper end.", m => m.Estimates.All.Gain.Interval95.Value?.High),
        new("below_one_share", "DOUBLE", "", "Share of prompts with a gain below 1.", m => m.Estimates.All is { Gain.N: > 0 } all ? all.BelowOne / (double)all.Gain.N : null),
        .. new[] { "settled", "open", "long-range" }.Select(kind => new TwinColumn($"gain_{kind.Replace('-', '_')}", "DOUBLE", "", $"Mean gain over {kind} contexts.",
            m => m.Estimates.Categories.FirstOrDefault(category => category.Name == kind)?.Estimate.Gain.Mean.Value)),
        new("r_true", "DOUBLE", "", "Pearson correlation of gain and the true entropy of what follows, over prompts.", m => m.GainTrueEntropy.Value),
        new("r_model", "DOUBLE", "", "The same with the entropy that the model gives it.", m => m.Estimates.GainEntropy.Value),
        new("slope_true", "DOUBLE", "1/nat", "Slope of gain on true entropy, least squares over prompts.", m => SlopeTrue(m)),
        new("cos", "DOUBLE", "", "Cosine of h and Δ of the last block at the last token, mean over prompts.", m => OfBlock(m, block => block.CosTheta)),
        new("ratio", "DOUBLE", "", "‖Δ‖/‖h‖ there, mean over prompts.", m => OfBlock(m, block => block.R)),
        new("attribution_attn", "DOUBLE", "", "Attention's part of gain² − 1 there, mean over prompts.", m => OfBlock(m, block => 2 * block.AlignAttn + block.SizeAttn + block.Cross / 2)),
        new("attribution_mlp", "DOUBLE", "", "The MLP's part; both add up to it.", m => OfBlock(m, block => 2 * block.AlignMlp + block.SizeMlp + block.Cross / 2)),
        new("entropy", "DOUBLE", "nats", "Entropy that the model gives what follows, mean over prompts.", m => m.Estimates.All.EntropyNats.Mean.Value),
        new("true_entropy", "DOUBLE", "nats", "True entropy of what follows, mean over prompts; empty where nobody knows it.", m => Mean(m.Model.Measurement.Prompts.Select(prompt => prompt.Prompt.TrueEntropy))),
        new("recipe_version", "BIGINT", "", "Raised when the same recipe gives other bits.", _ => (long)Recipes.Version),
        new("weights_sha256", "VARCHAR", "", "SHA-256 of its last weights, as docs/store.md defines it.", m => m.WeightsSha256),
    ];

    /// <summary>A value as a field: real numbers with nine significant digits, so that the last bits of a logarithm decide nothing.</summary>
    public static string? Field(object? value) => value switch
    {
        null or double.NaN => null,
        bool truth => truth ? "true" : "false",
        double real => Text(real),
        string text => text,
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    /// <summary>A real number with nine significant digits.</summary>
    public static string Text(double real) => real.ToString("G9", CultureInfo.InvariantCulture);

    /// <summary>Whether a field is of the column's type.</summary>
    public bool Fits(string field) => Type switch
    {
        "BOOLEAN" => field is "true" or "false",
        "BIGINT" => long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "HUGEINT" => ulong.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "DOUBLE" => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real),
        _ => true,
    };

    /// <summary>A field as its type has it.</summary>
    public object Value(string field) => Type switch
    {
        "BOOLEAN" => field == "true",
        "BIGINT" => long.Parse(field, CultureInfo.InvariantCulture),
        "HUGEINT" => ulong.Parse(field, CultureInfo.InvariantCulture),
        "DOUBLE" => double.Parse(field, CultureInfo.InvariantCulture),
        _ => field,
    };

    /// <summary>The table of docs/twins.md: what is no factor.</summary>
    public static string Documentation() => string.Concat(All.Where(column => column.Name == "family" || !Factors.Names.Contains(column.Name))
        .Select(column => $"| `{column.Name}` | {column.Type} | {column.Unit} | {column.Description} |\n").Prepend("| column | type | unit | what it is |\n| --- | --- | --- | --- |\n"));

    static double? SlopeTrue(MeasuredTwin m)
    {
        var pairs = TwinMeasuring.GainsAndTrueEntropies(m.Model);
        if (pairs.Count == 0) return null;
        double meanX = Describe.Mean([.. pairs.Select(pair => pair.Entropy)]), meanY = Describe.Mean([.. pairs.Select(pair => pair.Gain)]);
        double square = pairs.Sum(pair => (pair.Entropy - meanX) * (pair.Entropy - meanX));
        return square == 0 ? null : pairs.Sum(pair => (pair.Entropy - meanX) * (pair.Gain - meanY)) / square;
    }

    static double? OfBlock(MeasuredTwin m, Func<BlockReading, double> of) =>
        Mean(m.Model.Measurement.Readings.Select(reading => of(reading.Blocks[^1][reading.Tokens - 1])).Select(value => double.IsFinite(value) ? (double?)value : null));

    static double? Mean(IEnumerable<double?> values)
    {
        double[] some = [.. values.OfType<double>()];
        return some.Length == 0 ? null : Describe.Mean(some);
    }
}
