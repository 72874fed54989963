using System.Globalization;
using Castalia.Architectures;
using Castalia.Errors;

namespace Castalia.Conversion;

/// <summary>The description of the same model as its family on the Hugging Face hub has it.</summary>
static class HubDescription
{
    const double StoredDivisorPrecision = 1.0 / (1 << 22); // divisors are float32

    /// <summary>Describes it.</summary>
    /// <param name="a">A description read from a checkpoint.</param>
    /// <param name="path">The checkpoint, for messages.</param>
    /// <param name="notes">Told what the hub's form states in another way.</param>
    /// <exception cref="InputException">The hub has no form that says the same.</exception>
    public static Architecture Of(Architecture a, string path, List<string> notes)
    {
        if (a.Family.Config == ConfigKind.HuggingFace) return a;
        Family hub = a.Family.Hub is { } form && (form.Wired ?? a.Wiring) == a.Wiring
            ? Families.All.Single(f => f.Config == ConfigKind.HuggingFace && f.ModelType == form.ModelType)
            : throw ConversionErrors.NoHubForm(a.Family, path);
        return a with
        {
            Family = hub,
            Tensors = hub.Tensors,
            NormWeightPlusOne = hub.NormWeightPlusOne,
            Rotary = a.Rotary is { StoredDivisors: not null } rotary ? Stated(rotary, path, notes) : a.Rotary,
        };
    }

    /// <summary>
    /// Divisors of rotary frequencies, which only GGUF stores, as the rule they were computed from: Llama 3.1's, with the numbers of every
    /// published model.
    /// </summary>
    static Rotary Stated(Rotary stored, string path, List<string> notes)
    {
        Rotary plain = stored with { StoredDivisors = null };
        if (stored.StoredDivisors!.All(divisor => divisor == 1)) return plain;
        double factor = stored.StoredDivisors!.Max();
        if (stored.Scaling is not null || factor < 1) throw ConversionErrors.StoredDivisors(path);
        var rule = new RotaryScaling.Llama3(factor, LowFrequencyFactor: 1, HighFrequencyFactor: 4, OriginalContext: 8192);
        Rotary stated = plain with { Scaling = rule };
        double largest = RotaryFrequencies.Of(stated, 1).Zip(RotaryFrequencies.Of(stored, 1), (x, y) => Math.Abs(x - y) / y).Max();
        if (!(largest <= StoredDivisorPrecision)) throw ConversionErrors.StoredDivisors(path);
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"The rotary divisors stored in the file are written as the rule they come from, rope_scaling llama3 with factor {factor}: the same " +
            $"frequencies to {largest:0.0e0} of their size, so figures may differ in their last digits."));
        return stated;
    }
}
