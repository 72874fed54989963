using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Forward;
using Castalia.Tests.Architectures;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>Tensors put together from the parts of another layout, and descriptions written as configs.</summary>
public sealed class LayoutTests
{
    /// <summary>Every layout of the hub: fused by group, in turn, in quarters, gate and up, transposed, one tensor a head, experts.</summary>
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void A_model_taken_apart_role_by_role_is_put_together_again(string @case)
    {
        using var hub = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        Architecture target = ArchitectureReader.Read(hub);
        WeightMap whole = WeightMap.Bind(target, hub);
        Architecture apart = target with { Tensors = Apart(target) };
        using var taken = new Checkpoint
        {
            Path = InMemory.FolderPath,
            Format = CheckpointFormat.Safetensors,
            Files = [],
            Tensors = Taken(target, apart, whole).ToDictionary(tensor => tensor.Name),
        };
        var plans = new TensorPlans(WeightMap.Bind(apart, taken), target, DType.F32).All();
        Assert.Equal(whole.Tensors.Select(t => t.Name).Order(), plans.Select(p => p.Name).Order());
        foreach (TensorPlan plan in plans)
        {
            Tensor original = hub.Tensors[plan.Name];
            Assert.Equal(original.Shape, plan.Shape);
            var values = new double[plan.Count];
            int step = plan.RowStep == 1 ? 3 : plan.RowStep;
            for (long row = 0; row < plan.Rows; row += step)
            {
                int rows = (int)Math.Min(step, plan.Rows - row);
                plan.Read(row, rows, values.AsSpan((int)row * plan.Columns, rows * plan.Columns));
            }
            Assert.True(StoredValues.Whole(original).AsSpan().SequenceEqual(values), $"{plan.Name} differs.");
        }
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void A_description_written_as_a_config_is_read_back_as_itself(string @case)
    {
        using var hub = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        Architecture a = ArchitectureReader.Read(hub);
        if (@case == "gpt_neo/gpt_neo")
        {
            Assert.Throws<NotSupportedException>(() => ConfigWriter.Of(a));
            return;
        }
        var config = ConfigWriter.Of(a);
        Architecture found = ArchitectureReader.Read(InMemory.Folder(config.ToJsonString(), hub.Tensors.Values));
        Assert.Null(DescriptionCheck.Difference(a, found));
    }

    [Theory]
    [InlineData(64, 3)]
    [InlineData(2048, 1.1)]
    [InlineData(1000, 1.0000001)]
    [InlineData(131072, 40)]
    public void A_stretched_context_is_written_as_the_length_that_was_stretched(int stated, double factor)
    {
        Architecture a = InMemory.OfSizes(2, 1, 64) with
        {
            NCtx = (int)(stated * factor),
            Rotary = new() { Dims = 64, Pairing = RotaryPairing.HalfSplit, Base = 1, Scaling = new RotaryScaling.Linear(factor) },
        };
        Assert.Equal(stated, RotaryConfigWriter.StatedContext(a));
    }

    [Fact]
    public void Any_property_that_differs_is_named()
    {
        Architecture a = InMemory.OfSizes(2, 1, 4);
        Family other = Families.LlamaGguf;
        Assert.Null(DescriptionCheck.Difference(a, a with { Family = other, Tensors = other.Tensors, Defaults = [new("k", "1", "r")] }));
        Assert.Equal(("NormEpsilon", "1E-05", "1E-06"), DescriptionCheck.Difference(a, a with { NormEpsilon = 1e-6 }));
        Assert.Equal(("Windows", "[4, nothing]", "[4, 4]"), DescriptionCheck.Difference(a with { Windows = [4, null] }, a with { Windows = [4, 4] }));
        Assert.Null(DescriptionCheck.Difference(a with { Windows = [4, null] }, a with { Windows = [4, null] }));
        var rotary = new Rotary { Dims = 2, Pairing = RotaryPairing.HalfSplit, Base = 1 };
        Assert.Equal("Rotary", DescriptionCheck.Difference(a, a with { Rotary = rotary })?.Property);
    }

    /// <summary>A slot of its own for every role, rows in order.</summary>
    static Dictionary<WeightRole, TensorSlot> Apart(Architecture a) => a.Tensors.Keys.ToDictionary(role => role, role => new TensorSlot(
        (WeightShapes.IsPerLayer(role) ? $"{{layer}}.{role}" : $"{role}") + (WeightShapes.IsPerExpert(a, role) ? ".{part}" : "")));

    /// <summary>The tensors of those slots, read by the reader of the forward pass.</summary>
    static IEnumerable<Tensor> Taken(Architecture target, Architecture apart, WeightMap whole)
    {
        var reader = new WeightReader(whole, target with { NormWeightPlusOne = false });
        foreach (WeightRole role in WeightShapes.Needed(apart))
        {
            bool perLayer = WeightShapes.IsPerLayer(role);
            for (int layer = 0; layer < (perLayer ? target.NLayers : 1); layer++)
            {
                for (int part = 0; part < WeightShapes.Parts(apart, role); part++)
                {
                    int? at = perLayer ? layer : null;
                    float[] values;
                    if (WeightShapes.IsVector(role))
                    {
                        bool isBias = role.ToString().EndsWith("Bias", StringComparison.Ordinal);
                        var matrix = isBias ? Enum.Parse<WeightRole>(role.ToString()[..^4]) : role;
                        values = !isBias ? reader.Norm(role, at).Weight
                            : WeightShapes.IsVector(matrix) ? reader.Norm(matrix, at).Bias! : reader.Linear(matrix, at).Bias!;
                    }
                    else
                    {
                        var rows = reader.Linear(role, at, part).Weight;
                        values = new float[rows.Rows * rows.Columns];
                        for (int row = 0; row < rows.Rows; row++) rows.Widen(row, 0, values.AsSpan(row * rows.Columns, rows.Columns));
                    }
                    yield return InMemory.Values(apart.Tensors[role].NameIn(layer, part), values, WeightShapes.Stored(apart, [role]));
                }
            }
        }
    }
}
