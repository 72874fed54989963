using BenchmarkDotNet.Attributes;
using Castalia.Kernels;

namespace Castalia.Benchmarks;

/// <summary>What one position of one block costs besides its linear layers: the reading and the norms.</summary>
public class BlockReadings
{
    float[] _h = [], _a = [], _m = [], _y = [];

    /// <summary>Width of the stream: GPT-2 small, Pythia-6.9B.</summary>
    [Params(768, 4096)]
    public int DModel { get; set; }

    /// <summary>Seeded vectors.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        float[] Vector() => [.. Enumerable.Range(0, DModel).Select(_ => (float)(random.NextDouble() - 0.5))];
        (_h, _a, _m, _y) = (Vector(), Vector(), Vector(), new float[DModel]);
    }

    /// <summary>The eight sums, one multiplication at a time.</summary>
    [Benchmark(Baseline = true)]
    public double PlainSums()
    {
        double pre = 0, attn = 0, mlp = 0, attnPre = 0, mlpPre = 0, attnMlp = 0, delta = 0, post = 0;
        for (int i = 0; i < _h.Length; i++)
        {
            double h = _h[i], a = _a[i], m = _m[i], d = a + m, p = h + d;
            pre += h * h;
            attn += a * a;
            mlp += m * m;
            attnPre += a * h;
            mlpPre += m * h;
            attnMlp += a * m;
            delta += d * d;
            post += p * p;
        }
        return pre + attn + mlp + attnPre + mlpPre + attnMlp + delta + post;
    }

    /// <summary>The kernel that is measured with.</summary>
    [Benchmark]
    public double Sums() => ResidualSums.Of(_h, _a, _m).Post;

    /// <summary>RMSNorm.</summary>
    [Benchmark]
    public float Rms()
    {
        Norms.Rms(_h, _a, 1e-5, _y);
        return _y[0];
    }

    /// <summary>LayerNorm.</summary>
    [Benchmark]
    public float Layer()
    {
        Norms.Layer(_h, _a, _m, 1e-5, _y);
        return _y[0];
    }
}
