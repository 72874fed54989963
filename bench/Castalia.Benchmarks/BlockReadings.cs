using BenchmarkDotNet.Attributes;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Benchmarks;

/// <summary>What a strip of sixteen positions of one block costs besides its linear layers: the reading and the norms.</summary>
public unsafe class BlockReadings : IDisposable
{
    readonly FloatBuffer _h = new(), _a = new(), _m = new(), _y = new();
    float[] _weight = [];

    /// <summary>Width of the stream: GPT-2 small, Pythia-6.9B.</summary>
    [Params(768, 4096)]
    public int DModel { get; set; }

    /// <summary>Seeded vectors.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        foreach (var buffer in (FloatBuffer[])[_h, _a, _m, _y])
            foreach (ref float value in buffer.Resize((long)DModel * Strip.Tokens).Span(0, DModel * Strip.Tokens)) value = (float)(random.NextDouble() - 0.5);
        _weight = [.. Enumerable.Range(0, DModel).Select(_ => (float)random.NextDouble())];
    }

    /// <summary>The eight sums of each position, one multiplication at a time.</summary>
    [Benchmark(Baseline = true)]
    public double PlainSums()
    {
        double all = 0;
        for (int token = 0; token < Strip.Tokens; token++)
        {
            double pre = 0, attn = 0, mlp = 0, attnPre = 0, mlpPre = 0, attnMlp = 0, delta = 0, post = 0;
            for (int i = token; i < DModel * Strip.Tokens; i += Strip.Tokens)
            {
                double h = _h.Data[i], a = _a.Data[i], m = _m.Data[i], d = a + m, p = h + d;
                pre += h * h;
                attn += a * a;
                mlp += m * m;
                attnPre += a * h;
                mlpPre += m * h;
                attnMlp += a * m;
                delta += d * d;
                post += p * p;
            }
            all += pre + attn + mlp + attnPre + mlpPre + attnMlp + delta + post;
        }
        return all;
    }

    /// <summary>The kernel that is measured with.</summary>
    [Benchmark]
    public double Sums()
    {
        Span<ResidualSums> sums = stackalloc ResidualSums[Strip.Tokens];
        StripSums.Of(Of(_h), Of(_a), Of(_m), sums);
        return sums[0].Post;
    }

    /// <summary>RMSNorm.</summary>
    [Benchmark]
    public float Rms()
    {
        StripNorms.Statistics statistics;
        StripNorms.Rms(Of(_h), 1e-5, &statistics);
        StripNorms.Apply(&statistics, Of(_h), _weight, null, Of(_y));
        return *_y.Data;
    }

    /// <summary>LayerNorm.</summary>
    [Benchmark]
    public float Layer()
    {
        StripNorms.Statistics statistics;
        StripNorms.Layer(Of(_h), 1e-5, &statistics);
        StripNorms.Apply(&statistics, Of(_h), _weight, _weight, Of(_y));
        return *_y.Data;
    }

    Strip Of(FloatBuffer buffer) => new(buffer.Data, Strip.Tokens, DModel);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var buffer in (FloatBuffer[])[_h, _a, _m, _y]) buffer.Dispose();
        GC.SuppressFinalize(this);
    }
}
