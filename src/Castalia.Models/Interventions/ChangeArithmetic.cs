using Castalia.Architectures;

namespace Castalia.Interventions;

/// <summary>What a change makes of one position's vector, in float64; the caller rounds once.</summary>
static class ChangeArithmetic
{
    /// <summary>Changes whole vectors, or the slices of some units.</summary>
    /// <param name="deed">What becomes of it.</param>
    /// <param name="x">The unit, changed.</param>
    /// <param name="source">Mean or patch; empty where the deed has none.</param>
    public static void Apply(Deed deed, Span<double> x, ReadOnlySpan<double> source)
    {
        switch (deed)
        {
            case Deed.Zero:
                x.Clear();
                break;
            case Deed.Scale scale:
                for (int i = 0; i < x.Length; i++) x[i] *= scale.Factor;
                break;
            case Deed.Mean or Deed.Patch or Deed.PatchMatched:
                source.CopyTo(x);
                break;
            case Deed.Add add:
                for (int i = 0; i < x.Length; i++) x[i] += add.Factor * add.Of.Values[i];
                break;
            case Deed.Round round:
                for (int i = 0; i < x.Length; i++) x[i] = Rounded(round.Type, x[i]);
                break;
            default:
                throw new ArgumentException($"{deed} is of no whole unit.", nameof(deed));
        }
    }

    /// <summary>Changes the component along a direction; false where the direction has length 0.</summary>
    public static bool ApplyAlong(Deed deed, Span<double> x, ReadOnlySpan<double> direction, ReadOnlySpan<double> source)
    {
        double square = Dot(direction, direction);
        if (!(square > 0)) return false;
        double along = Dot(x, direction) / square;
        if (deed is Deed.Keep) x.Clear();
        double becomes = Becomes(deed, along, deed is Deed.Mean or Deed.Patch or Deed.PatchMatched ? Dot(source, direction) / square : 0);
        for (int i = 0; i < x.Length; i++) x[i] += (deed is Deed.Keep ? becomes : becomes - along) * direction[i];
        return true;
    }

    /// <summary>Changes the component within the span of orthonormal directions.</summary>
    public static void ApplyWithin(Deed deed, Span<double> x, Attribution.DirectionSet directions, ReadOnlySpan<double> source)
    {
        double[] along = new double[directions.Count];
        for (int k = 0; k < along.Length; k++) along[k] = Dot(x, directions[k]);
        if (deed is Deed.Keep) x.Clear();
        for (int k = 0; k < along.Length; k++)
        {
            double becomes = Becomes(deed, along[k], deed is Deed.Mean or Deed.Patch or Deed.PatchMatched ? Dot(source, directions[k]) : 0);
            Attribution.LaneSums.Add(deed is Deed.Keep ? becomes : becomes - along[k], directions[k], x);
        }
    }

    static double Becomes(Deed deed, double along, double ofSource) => deed switch
    {
        Deed.Zero => 0,
        Deed.Keep => along,
        Deed.Scale scale => scale.Factor * along,
        Deed.Mean or Deed.Patch or Deed.PatchMatched => ofSource,
        _ => throw new ArgumentException($"{deed} is of no component.", nameof(deed)),
    };

    /// <summary>Changes what an output bias puts there: residual scale · bias.</summary>
    public static void ApplyToBias(Architecture a, Deed deed, Span<double> x, ReadOnlySpan<float> bias)
    {
        double factor = deed switch
        {
            Deed.Zero => 0,
            Deed.Scale scale => scale.Factor,
            _ => throw new ArgumentException($"{deed} is of no bias.", nameof(deed)),
        };
        for (int i = 0; i < x.Length; i++) x[i] += (factor - 1) * a.ResidualScale * bias[i];
    }

    static double Rounded(HalfType type, double x)
    {
        if (type == HalfType.Float16) return (double)(Half)x;
        double length = Residual.NormPrecisions.Round(Residual.NormPrecision.BFloat16, Math.Abs(x));
        return double.IsNegative(x) ? -length : length;
    }

    static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Attribution.Wide.Dot(x, y);
}
