using System.Globalization;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>The rotary part of a config.</summary>
static class RotaryReader
{
    /// <summary>Reads it.</summary>
    /// <param name="config">The config.</param>
    /// <param name="family">Whose <see cref="RotaryRule"/> says where to look.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="tensors">The checkpoint's tensors, of which one may hold divisors.</param>
    public static Rotary Read(ConfigReader config, Family family, int headDim, IReadOnlyDictionary<string, Tensor> tensors)
    {
        RotaryRule rule = family.Rotary;
        double theta = config.Number(rule.Base.Names, v => v > 0, "a number above 0") ?? Absent(rule.Base);
        int dims = Dims(config, family, headDim);
        return new Rotary
        {
            Dims = dims,
            Pairing = rule.Pairing,
            Base = theta,
            Llama3 = rule.Scaling is { } keys ? Scaling(config, keys) : null,
            StoredDivisors = rule.StoredDivisors is { } name && tensors.TryGetValue(name, out Tensor? tensor)
                ? Divisors(tensor, dims)
                : null,
        };

        double Absent(NumberKey key) => key.Default is { } value
            ? config.Default(key.Names[0], value)
            : throw ArchitectureErrors.Missing(key.Names[0], config.File, family);
    }

    static int Dims(ConfigReader config, Family family, int headDim)
    {
        RotaryRule rule = family.Rotary;
        int dims;
        string key, value;
        if (rule.Dims is { } stated)
        {
            key = stated.Names[0];
            dims = config.Size(stated.Names) ?? config.Default(key, headDim, "the width of a head");
            value = string.Create(CultureInfo.InvariantCulture, $"{dims}");
        }
        else
        {
            double? given = config.Number(rule.Fraction.Names, f => f is > 0 and <= 1, "a number above 0, at most 1");
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

    static Llama3RotaryScaling? Scaling(ConfigReader config, ScalingKeys keys)
    {
        if (config.Text(keys.Type) is not { } type)
        {
            config.Default(keys.Type[0], "default");
            return null;
        }
        switch (type.Value)
        {
            case "default":
                return null;
            case "llama3":
                double factor = Number(keys.Factor, v => v >= 1, "a number of at least 1");
                double low = Number(keys.LowFrequencyFactor, v => v > 0, "a number above 0");
                double high = Number(keys.HighFrequencyFactor, v => v > low, "a number above low_freq_factor");
                int original = config.Size(keys.OriginalContext.Names) ?? throw Missing(keys.OriginalContext.Names);
                return new(factor, low, high, original);
            default:
                throw ArchitectureErrors.UnknownScaling(type.Name, type.Value, config.File);
        }

        double Number(NumberKey key, Func<double, bool> isAllowed, string allowed) =>
            config.Number(key.Names, isAllowed, allowed) ?? throw Missing(key.Names);

        InputException Missing(IReadOnlyList<string> names) =>
            ArchitectureErrors.MissingScaling(ConfigReader.Shown(names[0]).Split('.')[^1], type.Name, type.Value, config.File);
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
