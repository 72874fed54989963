using System.Text.Json;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Every entry of every Jacobian against the reference's, which lie beside the project, and those of a trained model.</summary>
public sealed class WholeJacobianTests
{
    const double Tolerance = 1e-5;

    [Theory]
    [MemberData(nameof(JacobianParityTests.Files), MemberType = typeof(JacobianParityTests))]
    public void Every_entry_is_that_of_the_reference(string file)
    {
        string name = Golden.Cases.Single(@case => file == @case.Replace('/', '-') + ".json");
        string folder = Shared.Path(["golden", "models", .. name.Split('/')]);
        var golden = Golden.Load(name);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(JacobianParityTests.Folder, file)));
        var arrays = GoldenArrays.Load(Path.Combine(folder, "mechanism.safetensors"));
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        int[] blocks = [.. document.RootElement.GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("block").GetInt32())];
        var (_, jacobians) = Mapped.Of(checkpoint, [golden.Prompts[document.RootElement.GetProperty("prompt").GetInt32()]], BlockChoice.Named(blocks));
        foreach (int block in blocks) Near(arrays[$"blocks.{block}.jacobian"].Values, jacobians[(0, block)], $"{name}, block {block}");
    }

    [Fact]
    public void Those_of_SmolLM2_are_the_references()
    {
        string folder = Shared.Path("golden", "real", "smollm2-135m-q4_1");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "mechanism.json")));
        var arrays = GoldenArrays.Load(Path.Combine(folder, "mechanism.safetensors"));
        var texts = document.RootElement.GetProperty("prompts").EnumerateArray().ToArray();
        using var checkpoint = Checkpoint.Open(Directory.GetFiles(Shared.Path("real", "checkpoints", "smollm2-135m"), "*.gguf").Single());
        TokenizedPrompt[] prompts = [.. texts.Select(text => Castalia.Tests.Attribution.Attributed.Prompt([.. text.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]))];
        var (found, jacobians) = Mapped.Of(checkpoint, prompts, BlockChoice.Last);
        for (int p = 0; p < prompts.Length; p++)
        {
            string where = $"{texts[p].GetProperty("category").GetString()}-{texts[p].GetProperty("index").GetInt32()}";
            var expected = texts[p].GetProperty("jacobian");
            double[] entries = arrays[$"{where}.blocks.29.jacobian"].Values, values = [.. expected.GetProperty("singular_values").EnumerateArray().Select(value => value.GetDouble())];
            double largest = entries.Max(Math.Abs);
            Near(entries, jacobians[(p, 29)], where);
            for (int i = 0; i < values.Length; i++) Assert.InRange(found[p][0].Spectrum.SingularValues[i] - values[i], -Tolerance * largest, Tolerance * largest);
            double allowed = values.Sum(value => 1e-6 * largest / value);
            Assert.InRange(found[p][0].Spectrum.LogAbsDet - expected.GetProperty("log_abs_det").GetDouble(), -allowed, allowed);
        }
    }

    static void Near(double[] expected, double[] found, string where)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = expected.Max(Math.Abs), worst = 0;
        for (int i = 0; i < expected.Length; i++) worst = Math.Max(worst, Math.Abs(found[i] - expected[i]));
        TestContext.Current.SendDiagnosticMessage(FormattableString.Invariant($"{where}: worst entry {worst / largest:E1} of the largest"));
        Assert.True(worst <= Tolerance * largest, FormattableString.Invariant($"{where}: worst entry {worst:E2}, the largest {largest:G3}"));
    }
}
