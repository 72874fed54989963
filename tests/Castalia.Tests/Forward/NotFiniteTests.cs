using System.Buffers.Binary;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Xunit;

namespace Castalia.Tests.Forward;

/// <summary>A NaN or infinity in any weight stops a measurement and a trace; none of them ends as a figure.</summary>
public sealed class NotFiniteTests
{
    static readonly int[] Ids = [5, 6, 7];

    static readonly TokenizedPrompt Prompt = new(new() { Name = "1", Ids = Ids, Place = "p.jsonl, line 1" }, Ids, Added: 0, DroppedBytes: 0);

    [Theory]
    [InlineData("gpt_neox/sequential-f32", float.NaN)]
    [InlineData("gpt_neox/sequential-f32", float.PositiveInfinity)]
    [InlineData("llama/tied-bias-f32", float.NaN)]
    [InlineData("llama/tied-bias-f32", float.NegativeInfinity)]
    public void In_any_tensor_it_stops_the_run(string @case, float value)
    {
        string source = Path.Combine([Shared.Repository, "tests", "golden", "models", .. @case.Split('/')]);
        using var folder = new TemporaryFolder();
        folder.Write("config.json", File.ReadAllBytes(Path.Combine(source, "config.json")));
        byte[] correct = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        string file = folder.Write("model.safetensors", correct), trace = Path.Combine(folder.Path, "t.safetensors");
        int tensors = 0;
        foreach (var (name, at) in Starts(correct))
        {
            byte[] bytes = [.. correct];
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
            File.WriteAllBytes(file, bytes);
            // Both watch the blocks alike; what follows them each reads for itself.
            Action<Checkpoint>[] runs = name.Contains("layers.", StringComparison.Ordinal)
                ? [Measure] : [Measure, c => Trace.Write(c, [Prompt], Everything, trace, null, default)];
            foreach (var run in runs)
            {
                using var checkpoint = Checkpoint.Open(folder.Path);
                string? message = Record.Exception(() => run(checkpoint)) is InputException e ? e.Message : null;
                Assert.True(message is not null, $"{value} in {name} was not refused.");
                Assert.Contains("the activations left the range of float32", message, StringComparison.Ordinal);
                Assert.Contains("prompt 1 (p.jsonl, line 1), position ", message, StringComparison.Ordinal);
            }
            tensors++;
        }
        Assert.True(tensors > 40);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void It_is_named_with_its_dimension()
    {
        string source = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "sequential-f32");
        using var folder = new TemporaryFolder();
        folder.Write("config.json", File.ReadAllBytes(Path.Combine(source, "config.json")));
        byte[] bytes = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        int at = Starts(bytes).Single(t => t.Name == "embed_out.weight").At;
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at + 4 * (64 * 11 + 3)), float.NaN);
        folder.Write("model.safetensors", bytes);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var error = Assert.Throws<InputException>(() => Measure(checkpoint));
        Assert.Equal("logits is NaN: the activations left the range of float32.", error.Cause);
        Assert.Equal("prompt 1 (p.jsonl, line 1), position 2, dimension 11", error.Place);
    }

    static readonly TraceOptions Everything = new()
    {
        Threads = 1,
        Sites = Enum.GetValues<ResidualSite>().ToHashSet(),
        FinalNorm = true,
        Logits = true,
        AllPositions = true,
    };

    static void Measure(Checkpoint checkpoint) => Measurement.Take(checkpoint, [Prompt], null, new() { Threads = 1 }, null, default);

    /// <summary>Where an element of each tensor stands that a run over the prompt reads: the first; of an embedding the first of the prompt's row.</summary>
    static IEnumerable<(string Name, int At)> Starts(byte[] file)
    {
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        foreach (var entry in json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            int begin = 8 + header + entry.Value.GetProperty("data_offsets")[0].GetInt32();
            bool embeds = entry.Name.Contains("embed_in", StringComparison.Ordinal) || entry.Name.Contains("embed_tokens", StringComparison.Ordinal);
            yield return (entry.Name, begin + (embeds ? 4 * Ids[0] * entry.Value.GetProperty("shape")[1].GetInt32() : 0));
        }
    }
}
