using Castalia.Architectures;
using Castalia.Machine;

namespace Castalia.Anatomy.Spectra;

/// <summary>What the spectra of a model will take.</summary>
/// <param name="Operations">Floating-point operations, float64.</param>
/// <param name="Seconds">At the machine's peak and the shares of it that the parts reach.</param>
readonly record struct SpectralCost(double Operations, double Seconds)
{
    // Steps that random and trained matrices of up to 8192 rows took, and a few more; measured shares of the peak.
    const int Steps = 160, DirectionSteps = 320;
    const double MatrixVector = 0.04, Products = 0.35, Decompositions = 0.03;

    /// <summary>From the description alone, at this machine's peak, which is measured in a tenth of a second.</summary>
    /// <param name="a">The model.</param>
    /// <param name="threads">Threads.</param>
    public static SpectralCost Of(Architecture a, int threads) => Of(a, FmaPeak.Measure(threads) / 2);

    /// <summary>From the description and a peak.</summary>
    /// <param name="a">The model.</param>
    /// <param name="peak">Operations a second, float64: half of the float32 peak.</param>
    public static SpectralCost Of(Architecture a, double peak)
    {
        double d = a.DModel, heads = (double)a.NHeads * a.HeadDim, shared = (double)a.NKvHeads * a.HeadDim, experts = a.Mixture?.Experts ?? 1;
        double pairs = Steps * 4 * (d * heads + experts * d * a.DFf + d * heads + d * shared);
        double product = 2 * d * shared * d;
        double triangles = (a.NHeads + a.NKvHeads) * (2 * d * a.HeadDim * a.HeadDim + 20 * Math.Pow(a.HeadDim, 3));
        double folded = Steps * 4.0 * a.DVocab * d;
        double ends = a.TiedUnembedding ? 0
            : 2 * (a.DModel <= LeadingDirections.MostWhole ? 4.0 * a.DVocab * d * d + 20 * d * d * d : DirectionSteps * (4.0 * a.DVocab * d + 4 * DirectionSteps * (a.DVocab + d)));
        double vectors = a.NLayers * pairs + folded + ends;
        return new(
            vectors + a.NLayers * (product + triangles),
            (vectors / MatrixVector + a.NLayers * (product / Products + triangles / Decompositions)) / peak);
    }
}
