using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Estimates of samples, which several hypotheses ask of the same rows: the same values, bit for bit and in their order, have the same estimate.</summary>
/// <param name="seed">Seed of their bootstraps.</param>
sealed class RememberedEstimates(long seed)
{
    const int MostValues = 1 << 20; // 8 MiB

    readonly ConcurrentDictionary<Sample, Estimate> _known = [];
    int _values;

    /// <summary>The estimate of a sample, which is kept and must not change.</summary>
    public Estimate Of(double[] values)
    {
        var sample = new Sample(values);
        if (_known.TryGetValue(sample, out var known)) return known;
        var estimate = Describe.Of(values, seed);
        if (Interlocked.Add(ref _values, values.Length) <= MostValues) _known[sample] = estimate;
        return estimate;
    }

    readonly struct Sample(double[] values) : IEquatable<Sample>
    {
        ReadOnlySpan<byte> Bits => MemoryMarshal.AsBytes<double>(values);

        public bool Equals(Sample other) => Bits.SequenceEqual(other.Bits);

        public override bool Equals(object? obj) => obj is Sample other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(Bits);
            return hash.ToHashCode();
        }
    }
}
