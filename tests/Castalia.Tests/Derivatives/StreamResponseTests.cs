using Castalia.Analyses;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>What a longer stream does, by wiring: the law that separates the families.</summary>
public sealed class StreamResponseTests
{
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void What_departs_from_the_law_is_the_wiring_and_the_norms_epsilon(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var law = RecoveryLaws.Of(ArchitectureReader.Read(checkpoint));
        var (found, _) = Mapped.Of(checkpoint, [golden.Prompts[TangentTests.Longest(golden)]], BlockChoice.All);
        Assert.All(found[0], block =>
        {
            var departure = block.Departure;
            if (law == RecoveryLaw.NoNormBefore)
            {
                Assert.Equal((null, null), (block.KappaAttn, block.KappaMlp));
                Assert.True(double.IsNaN(departure.Epsilon) && double.IsNaN(departure.Wiring));
                return;
            }
            Assert.True(double.IsFinite(block.KappaAttn!.Value) && double.IsFinite(block.KappaMlp!.Value));
            Assert.InRange(departure.Unexplained, 0, 1e-12);
            if (law == RecoveryLaw.Quadratic)
            {
                Assert.Equal(0, departure.Wiring);
                Assert.Equal(departure.Total, departure.Epsilon, 1e-12);
                Assert.All(block.Recovery, r => Assert.Equal(r.LawWithEpsilon, r.Gain, 1e-6));
            }
            else
            {
                Assert.True(departure.Wiring > 100 * departure.Epsilon);
            }
        });
    }

    [Fact]
    public void Results_do_not_depend_on_the_batch_or_its_order()
    {
        var golden = Golden.Load("llama/gqa");
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var (forth, jForth) = Mapped.Of(checkpoint, [golden.Prompts[0], golden.Prompts[1]], BlockChoice.All);
        var (back, jBack) = Mapped.Of(checkpoint, [golden.Prompts[1], golden.Prompts[0]], BlockChoice.All, threads: 3);
        for (int block = 0; block < forth[0].Count; block++)
        {
            Assert.Equal(jForth[(0, block)], jBack[(1, block)]);
            Assert.Equal(forth[0][block].Spectrum.SingularValues, back[1][block].Spectrum.SingularValues);
            Assert.Equal(forth[0][block].Recovery, back[1][block].Recovery);
            Assert.Equal(forth[0][block].Perturbations.SelectMany(p => p.Stretches), back[1][block].Perturbations.SelectMany(p => p.Stretches));
        }
    }

    [Fact]
    public void Small_perturbations_stretch_as_the_Jacobian_does()
    {
        var golden = Golden.Load("gptj/gptj");
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var (found, _) = Mapped.Of(checkpoint, [golden.Prompts[0]], BlockChoice.Last);
        var perturbations = Assert.Single(found[0]).Perturbations;
        Assert.Equal(DynamicsOptions.Sizes, perturbations.Select(p => p.Epsilon));
        Assert.All(perturbations[0].Stretches.Zip(perturbations[0].Linear), pair => Assert.Equal(pair.Second, pair.First, 0.05));
        Assert.True(perturbations[0].Departures.Average() < perturbations[1].Departures.Average() && perturbations[1].Departures.Average() < perturbations[2].Departures.Average());
    }
}
