namespace Castalia.Audit;

/// <summary>A rule by which weights are drawn before training, normal with mean 0.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Formula">Its standard deviation as a formula.</param>
/// <param name="Deviation">The same as a number.</param>
public sealed record InitialScheme(string Name, string Formula, double Deviation)
{
    /// <summary>small_init of GPT-NeoX: √(2/(5d)) (Nguyen and Salazar 2019, arXiv 1910.05895).</summary>
    public static InitialScheme Small(int dModel) => new("small_init", "√(2/(5d))", Math.Sqrt(2.0 / (5.0 * dModel)));

    /// <summary>wang_init of GPT-NeoX: 2/(L√d).</summary>
    public static InitialScheme Wang(int dModel, int nLayers) => new("wang_init", "2/(L√d)", 2 / (nLayers * Math.Sqrt(dModel)));

    /// <summary>GPT-2's, and GPT-NeoX's where nothing is said.</summary>
    public static InitialScheme Normal { get; } = new("normal", "0.02", 0.02);

    /// <summary>The same for what writes to the stream: 0.02/√(2L).</summary>
    public static InitialScheme ScaledNormal(int nLayers) => new("scaled normal", "0.02/√(2L)", 0.02 / Math.Sqrt(2.0 * nLayers));

    /// <summary>All four.</summary>
    public static IReadOnlyList<InitialScheme> All(int dModel, int nLayers) => [Small(dModel), Wang(dModel, nLayers), Normal, ScaledNormal(nLayers)];
}
