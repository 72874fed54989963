using Castalia.Hypotheses;
using Castalia.Twins;
using Xunit;
using static Castalia.Tests.Hypotheses.OverTwins.WrittenOverTwins;
using static Castalia.Tests.Twins.MadeUpStudy;

namespace Castalia.Tests.Hypotheses.OverTwins;

/// <summary>What the rules of the shipped hypotheses decide over twins, of networks whose readings are made up.</summary>
public sealed class ShippedOverTwinsTests
{
    static readonly Dictionary<string, TwinTable[]> s_cases = new()
    {
        ["h3-bias-offset supported"] = [Gains("bias-multiplicity", t => 1.3 - 0.06 * Math.Log2(Number(t, "bias_multiplicity")) + Noise(t))],
        ["h3-bias-offset falsified"] = [Gains("bias-multiplicity", t => 1.3 + Noise(t) / 4)],
        ["h3-bias-offset undecided"] = [Gains("bias-multiplicity", t => 1.3 + 0.06 * Math.Log2(Number(t, "bias_multiplicity")) + Noise(t))],
        ["h6-final-norm supported"] = [Gains("final-norm", t => 1.3 + 0.15 * Number(t, "hold_final_norm") + Noise(t))],
        ["h6-final-norm falsified"] = [Gains("final-norm", t => 1.3 + 0.02 * Number(t, "hold_final_norm") + Noise(t))],
        ["h6-final-norm undecided"] = [Gains("final-norm", t => 1.3 + 0.08 * Number(t, "hold_final_norm") + 2 * Noise(t))],
        ["h7-unembedding supported"] = [Gains("tied", t => 1.3 + 0.15 * Number(t, "tied") + Noise(t))],
        ["h7-unembedding falsified"] = [Gains("tied", t => 1.3 + Noise(t))],
        ["h7-unembedding undecided"] = [Gains("tied", t => 1.3 + 0.06 * Number(t, "tied") + Noise(t))],
        ["h8-initialisation supported"] = [Gains("initialisation", t => 1.3 + (IsNormal(t) ? 0.1 : 0) + Noise(t))],
        ["h8-initialisation falsified"] = [Gains("initialisation", t => 1.3 + Noise(t) / 4)],
        ["h8-initialisation undecided"] = [Gains("initialisation", t => 1.3 + (IsNormal(t) ? 0.03 : 0) + Noise(t))],
        ["h9-decay supported"] = [Gains("decay", t => 1.3 + 0.4 * Math.Sqrt(Number(t, "decay")) + Noise(t) / 2)],
        ["h9-decay falsified"] = [Gains("decay", t => 1.3 + Noise(t) / 2)],
        ["h9-decay undecided"] = [Gains("decay", t => 1.3 - 0.4 * Math.Sqrt(Number(t, "decay")) + Noise(t) / 2)],
        ["h10-confidence-penalty supported"] = [Gains("z-term", t => 1.3 + (Number(t, "z_term") == 1e-4 ? 0.08 : 0.2 * Number(t, "z_term") / 1e-2) + Noise(t))],
        ["h10-confidence-penalty falsified"] = [Gains("z-term", t => 1.3 + Noise(t))],
        ["h10-confidence-penalty undecided"] = [Gains("z-term", t => 1.3 + 0.1 * Number(t, "z_term") / 1e-2 + Noise(t))],
        ["h11-head-crowding supported"] = [Gains("heads", t => 1.3 - 0.06 * Math.Log2(Number(t, "heads")) + Noise(t))],
        ["h11-head-crowding falsified"] = [Gains("heads", t => 1.3 + Noise(t) / 2)],
        ["h11-head-crowding undecided"] = [Gains("heads", t => 1.3 + 0.06 * Math.Log2(Number(t, "heads")) + Noise(t))],
        ["h14-multistability supported"] = [Seeds(t => t.Seed % 3 == 0 ? 0.9 : 1.1, 0.01)],
        ["h14-multistability falsified"] = [Seeds(_ => 1.1, 0.01)],
        ["h14-multistability undecided"] = [Seeds(t => 1.1 + 5 * Noise(t), 0.2)],
        ["twins-wiring supported"] = [Gains("wiring", t => 1.3 + Noise(t)), Gains("norm", t => (t.Cell.Name.EndsWith("=layernorm", StringComparison.Ordinal) ? 1.1 : 1.3) + Noise(t))],
        ["twins-wiring falsified"] = [Gains("wiring", t => 1.3 + Noise(t)), Gains("norm", t => 1.3 + Noise(t))],
        ["twins-wiring undecided"] = [Gains("wiring", t => (t.Cell.Name.EndsWith("=parallel", StringComparison.Ordinal) ? 1.5 : 1.3) + Noise(t)), Gains("norm", t => 1.3 + Noise(t))],
        ["twins-settled supported"] = [Relation(0.4, 0.1)],
        ["twins-settled falsified"] = [Relation(0.02, 0.01)],
        ["twins-settled undecided"] = [Relation(0.2, 0)],
        ["twins-critical supported"] = [Levels("rate-levels", t => Math.Tanh(20 * (Math.Log10(Number(t, "learning_rate")) + 2.15)) * 0.1 + 1), Levels("decay-levels", _ => 1.2), Levels("scale-levels", _ => 1.2)],
        ["twins-critical falsified"] = [Levels("rate-levels", _ => 1.2), Levels("decay-levels", _ => 1.2), Levels("scale-levels", t => 1.5 - 0.05 * Number(t, "initial_scale"))],
        ["twins-critical undecided"] = [Levels("rate-levels", t => 1 + 0.1 * (Math.Log10(Number(t, "learning_rate")) + 2.3)), Levels("decay-levels", _ => 1.2), Levels("scale-levels", _ => 1.2)],
    };

    static readonly string[] s_kinds = ["supported", "falsified", "undecided"];

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Networks_decide_as_the_rules_say(string @case)
    {
        string[] words = @case.Split(' ');
        var verdict = Of(HypothesisFiles.BuiltIn().Single(h => h.Id == words[0]), s_cases[@case]);
        Assert.Equal((words[1], 0), ($"{verdict.Kind}".ToLowerInvariant(), verdict.Missing.Count));
        if (words[0] != "twins-critical") Assert.DoesNotContain("undefined", verdict.Strength, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_has_three_cases_and_names_studies_that_ship()
    {
        var over = HypothesisFiles.BuiltIn().Where(h => h.Twins is not null).ToList();
        Assert.Equal(["h3", "h6", "h7", "h8", "h9", "h10", "h11", "h14", "twins", "twins", "twins"], over.Select(h => h.Id.Split('-')[0]));
        Assert.Equal(over.SelectMany(h => s_kinds.Select(kind => $"{h.Id} {kind}")).Order(), s_cases.Keys.Order());
        Assert.Empty(over.SelectMany(h => h.Twins!.Studies.Select(study => study.Value)).Except(ShippedStudy.Names));
        Assert.Empty(ShippedStudy.Names.Except(over.SelectMany(h => h.Twins!.Studies.Select(study => study.Value))));
    }

    static bool IsNormal(Twin twin) => twin.Cell.Name.EndsWith("=normal-scaled", StringComparison.Ordinal);

    static TwinTable Seeds(Func<Twin, double> gain, double half) => Made("seeds", twin => gain(twin) + Noise(twin) is var mean
        ? new Dictionary<string, double> { ["gain"] = mean, ["gain_low"] = mean - half, ["gain_high"] = mean + half, ["gain_sd"] = 0.1 } : []);

    static TwinTable Relation(double r, double apart) => Made("seeds", twin => new Dictionary<string, double>
    {
        ["r_true"] = r + Noise(twin),
        ["r_model"] = r + Noise(twin, 53),
        ["slope_true"] = 0.1 * r + Noise(twin, 71),
        ["gain_settled"] = 1.1,
        ["gain_long_range"] = 1.1 + Noise(twin, 71),
        ["gain_open"] = 1.1 + apart + 0.5 * Noise(twin, 53),
    });

    static TwinTable Levels(string study, Func<Twin, double> gain) => Made(study, twin => new Dictionary<string, double> { ["gain"] = gain(twin) + Noise(twin) / 4, ["r_true"] = 0.3 + Noise(twin) });
}
