using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Architectures;

/// <summary>The rotary part of a config.</summary>
static class RotaryReader
{
    const double LeastBase = 1e-300; // a normal number, whose logarithm is taken

    /// <summary>Reads it.</summary>
    /// <param name="config">The config.</param>
    /// <param name="family">The family.</param>
    /// <param name="rule">Where to look.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="tensors">The checkpoint's tensors, of which one may hold divisors.</param>
    public static Rotary Read(ConfigReader config, Family family, RotaryRule rule, Sizes sizes, IReadOnlyDictionary<string, Tensor> tensors)
    {
        double theta = config.Number(rule.Base, v => v >= LeastBase, "a number above 0, of at least 1e-300", !config.IsNull(rule.Base.Names.Take(1)));
        int dims = Dims(config, family, rule, sizes.HeadDim);
        var rotary = new Rotary
        {
            Dims = dims,
            Pairing = rule.Pairing,
            Base = theta,
            Scaling = rule.Scaling is { } keys ? RotaryScalingReader.Read(config, keys, theta, dims, sizes.NCtx) : null,
            StoredDivisors = rule.StoredDivisors is { } name && tensors.TryGetValue(name, out Tensor? tensor)
                ? Divisors(tensor, dims)
                : null,
        };
        double largest = RotaryFrequencies.Largest(rotary);
        if (largest <= Rotary.LargestAngle) return rotary;
        throw rotary.StoredDivisors is null
            ? ArchitectureErrors.TooFast(BaseKey(config, rule), theta, largest, config.File)
            : WeightErrors.TooFast(tensors[rule.StoredDivisors!], largest);
    }

    /// <summary>The spelling in which the base is stated.</summary>
    static string BaseKey(ConfigReader config, RotaryRule rule) =>
        ConfigReader.Shown(rule.Base.Names.FirstOrDefault(name => config.Raw(name) is not null) ?? rule.Base.Names.FirstOrDefault("rope_theta"));

    static int Dims(ConfigReader config, Family family, RotaryRule rule, int headDim)
    {
        int dims;
        string key, value;
        if (rule.Dims is { } stated)
        {
            key = stated.Names[0];
            dims = config.Size(stated.Names) ?? (stated.Default is { } standard
                ? config.Default(key, standard)
                : config.Default(key, headDim, "the width of a head"));
            value = string.Create(CultureInfo.InvariantCulture, $"{dims}");
        }
        else
        {
            double? given = config.Number(
                rule.Fraction.Names, f => f is > 0 and <= 1, "a number above 0, at most 1",
                nullIsAbsent: rule.Fraction.Default is 1 || !config.IsNull(rule.Fraction.Names.Take(1)));
            // Where only whole heads turn there is nothing to state: nothing is missing, and only the head can be wrong.
            bool settled = given is null && (rule.WholeHead || rule.Fraction.Names.Count == 0);
            key = settled ? family.Sizes.HeadDim.Names.FirstOrDefault("head_dim") : rule.Fraction.Names[0];
            double fraction = given ?? rule.Fraction.Default!.Value;
            if (given is null && !settled) config.Default(key, fraction);
            dims = (int)(headDim * fraction); // truncated, as the reference does
            value = string.Create(CultureInfo.InvariantCulture, $"{(settled ? headDim : fraction)}");
        }
        if (dims < 2 || dims % 2 != 0 || dims > headDim || (rule.WholeHead && dims != headDim))
            throw ArchitectureErrors.RotaryDims(ConfigReader.Shown(key), value, dims, headDim, rule.WholeHead, config.File);
        return dims;
    }

    static float[] Divisors(Tensor tensor, int dims)
    {
        if (tensor.DType != DType.F32 || tensor.Shape is not [var length] || length != dims / 2)
            throw WeightErrors.DivisorsUnreadable(tensor, dims / 2);
        float[] divisors = new float[dims / 2];
        Widen.Row(tensor, 0, 0, divisors);
        for (int i = 0; i < divisors.Length; i++)
            if (!float.IsFinite(divisors[i]) || divisors[i] <= 0) throw WeightErrors.BadDivisor(tensor, i, divisors[i]);
        return divisors;
    }
}
