using System.Text.Json;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class GradientVerbTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Gradients_are_written_beside_the_losses_that_are_printed()
    {
        string prompts = _folder.Write("p.jsonl", "{\"ids\": [5, 6, 7]}\n{\"ids\": [9, 3]}\n"), file = Path.Combine(_folder.Path, "g.safetensors");
        var run = InProcess.Run(["gradient", Golden.Load("gpt2/gpt2").Checkpoint, "--prompts", prompts, "--out", file, "--json"]);
        Assert.Equal((0, ""), (run.Code, run.Error.Contains("error", StringComparison.Ordinal) ? run.Error : ""));
        using var json = JsonDocument.Parse(run.Output);
        var losses = json.RootElement.GetProperty("prompts").EnumerateArray().Select(prompt => (prompt.GetProperty("predicted").GetInt32(), prompt.GetProperty("loss").GetDouble())).ToArray();
        Assert.Equal([2, 1], losses.Select(loss => loss.Item1));
        Assert.All(losses, loss => Assert.InRange(loss.Item2, 1, 20));
        var gradients = GoldenArrays.Load(file);
        Assert.Equal(2 * 52, gradients.Count);
        Assert.Equal([64, 192], gradients["p0.transformer.h.0.attn.c_attn.weight"].Shape);
        Assert.NotEqual(gradients["p0.transformer.wte.weight"].Values, gradients["p1.transformer.wte.weight"].Values);
    }

    [Fact]
    public void A_family_without_a_reverse_leaves_no_file()
    {
        string prompts = _folder.Write("p.jsonl", "{\"ids\": [5, 6, 7]}"), file = Path.Combine(_folder.Path, "g.safetensors");
        var run = InProcess.Run(["gradient", Golden.Load("bloom/bloom").Checkpoint, "--prompts", prompts, "--out", file]);
        Assert.NotEqual(0, run.Code);
        Assert.Contains("There is no gradient for this model (BLOOM)", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    public void Dispose() => _folder.Dispose();
}
