using Castalia.Anatomy;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Tests.Architectures;
using Xunit;

namespace Castalia.Tests.Anatomy;

/// <summary>One tensor of a checkpoint changed, and read back: that tensor differs and no other, and no fact does.</summary>
public sealed class ChangedTensorTests
{
    static readonly Change[] s_changes = Enum.GetValues<Change>();

    public static TheoryData<string> Cases =>
    [
        "bloom/bloom", "falcon/new-decoder", "gemma/gemma", "gemma2/gemma2", "gpt2/as-shipped", "gpt_bigcode/starcoder", "gpt_neox/bin-legacy", "gpt_neox/fp16-sharded", "gptj/gptj", "llama/gqa",
        "mixtral/mixtral", "mpt/mpt", "olmo2/olmo2", "phi/qk-norm", "phi3/phi3", "qwen3/qwen3",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void A_changed_tensor_is_the_one_that_differs(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var facts = Facts(golden.Open);
        int changed = 0;
        var tensors = golden.Open.Weights.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        for (int i = 0; i < tensors.Count; i++)
        {
            var change = s_changes[(i + @case.Length) % s_changes.Length];
            if (ChangedTensor.Of(tensors[i], change, seed: i) is not { } other) continue;
            var model = With(golden.Open, other);
            Assert.Empty(AnatomyDifference.Of(facts, Facts(model)).Differing);
            var compared = Compare(model, golden.Open);
            Assert.True(compared.DifferingTensors.SequenceEqual([other.Name]), $"{change} of {other.Name}: {string.Join(", ", compared.DifferingTensors)}");
            Assert.All(compared.Weights.Where(one => !one.Differs), one => Assert.True(one.Norm == one.OtherNorm && one.Dot == one.Norm * one.Norm || Math.Abs(one.Cosine ?? 1) > 1 - 1e-12, one.Tensor));
            changed++;
        }
        Assert.InRange(changed, tensors.Count * 3 / 4, tensors.Count);
    }

    [Fact]
    public void What_the_arithmetic_does_not_read_is_no_weight()
    {
        using var golden = new GoldenWeights("gpt2/as-shipped");
        var read = golden.Open.Weights.Tensors.Select(tensor => tensor.Name).ToHashSet();
        var unread = golden.Checkpoint.Tensors.Values.Where(tensor => !read.Contains(tensor.Name)).ToList();
        Assert.NotEmpty(unread);
        Assert.All(unread, tensor => Assert.Empty(Compare(With(golden.Open, InMemory.Values(tensor.Name, [.. Enumerable.Repeat(7f, (int)tensor.Count)], [.. tensor.Shape])), golden.Open).Differing));
    }

    [Theory]
    [InlineData("gpt_neox/fp16-sharded")]
    [InlineData("gemma/gemma")]
    public void Alpha_cosine_and_distance_are_those_of_float64_sums(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var others = golden.Open.Weights.Tensors.Select((tensor, i) => ChangedTensor.Of(tensor, s_changes[i % s_changes.Length], seed: i)).OfType<Tensor>().ToList();
        var model = With(golden.Open, [.. others]);
        var compared = Compare(model, golden.Open);
        Assert.Equal(others.Count, compared.DifferingTensors.Count);
        double dot = 0, squares = 0, first = 0, apart = 0;
        foreach (var one in compared.Weights)
        {
            double plus = golden.Open.Architecture.NormWeightPlusOne && WeightShapes.IsVector(one.Role) && !$"{one.Role}".EndsWith("Bias", StringComparison.Ordinal) ? 1 : 0;
            double[] x = Values(model), y = Values(golden.Open);
            double xy = x.Zip(y, (a, b) => a * b).Sum(), xx = x.Sum(a => a * a), yy = y.Sum(b => b * b), d = x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();
            Near(xy / yy, one.Alpha);
            Near(xy / Math.Sqrt(xx * yy), one.Cosine);
            Near(Math.Sqrt(d / yy), one.RelativeDistance);
            if (one.Role == WeightRole.MlpDown) (dot, squares, first, apart) = (dot + xy, squares + xx, first + yy, apart + d);

            double[] Values(OpenWeights from) => [.. Plain.Values(Plain.Matrix(from, one.Role, one.Layer, one.Part)).Select(value => (double)(float)(value + plus))];
        }
        var totals = compared.Kinds.Single(kind => kind.Role == WeightRole.MlpDown).Totals;
        Near(dot / first, totals.Alpha);
        Near(dot / Math.Sqrt(squares * first), totals.Cosine);
        Near(Math.Sqrt(apart / first), totals.RelativeDistance);

        static void Near(double plain, double? read) => Assert.InRange(Math.Abs(read!.Value - plain), 0, 1e-9 * Math.Max(1, Math.Abs(plain)));
    }

    static RevisionComparison Compare(OpenWeights model, OpenWeights first) => WeightAnatomies.Compare(model, first, 1, null, TestContext.Current.CancellationToken);

    static AnatomyFacts Facts(OpenWeights model) => AnatomyFacts.Of("m", model.Weights, model.Checkpoint);

    static OpenWeights With(OpenWeights model, params Tensor[] others)
    {
        var checkpoint = model.Checkpoint.With(others);
        return new("other", WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
    }
}
