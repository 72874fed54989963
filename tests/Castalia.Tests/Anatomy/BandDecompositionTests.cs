using System.Runtime.InteropServices;
using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Tests.Attribution;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class BandDecompositionTests
{
    /// <summary>LayerNorm with and without a bias and without a weight, RMSNorm, its weight plus one, tied and untied.</summary>
    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("cohere/command-r")]
    [InlineData("olmo/olmo")]
    [InlineData("llama/gqa")]
    [InlineData("gemma2/gemma2")]
    public void The_bands_are_those_of_the_folded_unembedding(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var model = Open(checkpoint);
        var a = model.Architecture;
        int ids = a.DVocab - 5; // the last rows are padding
        var bands = Of(model, ids);
        Assert.Equal((ids, a.Norm == NormKind.LayerNorm, @case != "olmo/olmo"), (bands.Rows, bands.IsMeanFree, bands.HasWeight));
        Assert.Equal(UnembeddingBands.Count, bands.Directions.Sizes.Count);
        Assert.Equal([.. Enumerable.Repeat(a.DModel / 20, 19), (bands.IsMeanFree ? a.DModel - 1 : a.DModel) - 19 * (a.DModel / 20)], bands.Directions.Sizes);

        double[,] m = Plain.Centred(Plain.Rows(Plain.Matrix(model, WeightRole.Unembedding), 0, ids));
        for (int row = 0; row < ids; row++)
        {
            for (int d = 0; d < a.DModel; d++) m[row, d] *= model.FinalGain[d];
            double mean = bands.IsMeanFree ? Enumerable.Range(0, a.DModel).Average(d => m[row, d]) : 0;
            for (int d = 0; d < a.DModel; d++) m[row, d] -= mean;
        }
        var (values, right) = Plain.Svd(m);
        for (int i = 0; i < bands.Values.Count; i++) Assert.Equal(values[i], bands.Values[i], 1e-11 * values[0]);
        var random = new Random(1);
        double[] pre = [.. Enumerable.Range(0, a.DModel).Select(_ => random.NextDouble() - 0.3)], post = [.. pre.Select(x => x * random.NextDouble())];
        var split = DirectionSplit.Of(bands.Directions, pre, post);
        for (int band = 0, first = 0; band < UnembeddingBands.Count; first += bands.Directions.Sizes[band++])
        {
            double Share(double[] h) => Enumerable.Range(first, bands.Directions.Sizes[band]).Sum(i => Math.Pow(PlainDerived.Dot(h, right[i]), 2)) / PlainDerived.Dot(h, h);
            Assert.Equal(Share(pre), split.Before[band], 1e-9);
            Assert.Equal(Share(post), split.After[band], 1e-9);
        }
        Assert.Empty(bands.Undetermined);
        Assert.Equal(bands.IsMeanFree ? Math.Pow(pre.Sum(), 2) / a.DModel / PlainDerived.Dot(pre, pre) : 0, split.BeforeOutside, 1e-12);
    }

    [Fact]
    public void They_are_made_once_and_kept_by_what_they_are_made_of()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(Golden.Load("llama/gqa").Checkpoint);
        var model = Open(checkpoint);
        var cache = new BandCache(Path.Combine(folder.Path, "cache"));
        int made = 0;
        UnembeddingBands Take(int? ids = null) => BandDecomposition.Of(model, ids, cache, 2, _ => made++, TestContext.Current.CancellationToken);
        var first = Take();
        var kept = Take();
        Assert.Equal(1, made);
        Assert.Equal(Bits(first), Bits(kept));
        Take(ids: 200); // other rows
        Assert.Equal(2, made);
        string[] files = Directory.GetFiles(Path.Combine(folder.Path, "cache"));
        Assert.Equal(2, files.Length);
        foreach (string file in files) // damaged: as if it were not there, and made anew
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^100] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        Assert.Equal(Bits(first), Bits(Take()));
        Assert.Equal(3, made);
        File.WriteAllBytes(files[0], []);
        File.WriteAllBytes(files[1], []);
        Assert.Equal(Bits(first), Bits(Take()));
        Assert.Equal(4, made);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        using var checkpoint = Checkpoint.Open(Golden.Load("gpt_neox/pythia").Checkpoint);
        var model = Open(checkpoint);
        Assert.Equal(Bits(Of(model, null, threads: 1)), Bits(Of(model, null, threads: 3)));
    }

    [Fact]
    public void An_edge_between_equal_singular_values_is_said_and_a_narrow_stream_has_no_bands()
    {
        double[] rows = new double[40 * 40];
        for (int i = 0; i < 40; i++) rows[i * 41] = 1;
        var bands = new UnembeddingBands
        {
            Directions = DirectionSet.Of("bands", 40, rows, UnembeddingBands.Sizes(40, 40)),
            Values = [.. Enumerable.Range(0, 40).Select(i => i is 3 or 4 ? 30.0 : 40 - i)],
            Rows = 50,
            HasWeight = true,
            IsMeanFree = false,
        };
        Assert.Equal([1], bands.Undetermined);
        var refused = Assert.Throws<InputException>(() => Of(Open(new SmallLlama(0).Checkpoint), null));
        Assert.Equal("The stream is 16 wide: 20 bands of the unembedding need as many directions.", refused.Cause);
    }

    static OpenWeights Open(Checkpoint checkpoint) => new("m", WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);

    static UnembeddingBands Of(OpenWeights model, int? ids, int threads = 2) => BandDecomposition.Of(model, ids, null, threads, null, TestContext.Current.CancellationToken);

    static string Bits(UnembeddingBands bands) => Convert.ToHexString(MemoryMarshal.AsBytes<double>(
        (double[])[.. bands.Values, .. Enumerable.Range(0, bands.Directions.Count).SelectMany(i => bands.Directions[i].ToArray())]));
}
