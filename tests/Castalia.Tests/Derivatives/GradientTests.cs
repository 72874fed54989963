using System.Text.Json;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Gradients of the loss by every parameter.</summary>
public sealed class GradientTests
{
    static readonly int[] s_first = [5, 6, 7, 8, 9, 30, 2, 17, 11], s_second = [9, 3, 4, 12];

    static TokenizedPrompt Prompt(params int[] ids) => new(new Prompt { Name = "a", Ids = ids, Place = "here" }, ids, 0, 0);

    static Checkpoint Open(string @case) => Checkpoint.Open(Golden.Load(@case).Checkpoint);

    static ModelGradient Of(Checkpoint checkpoint, int threads = 2) => new(checkpoint, ArchitectureReader.Read(checkpoint), threads, TestContext.Current.CancellationToken);

    static Dictionary<string, float[]> Taken(Checkpoint checkpoint, int threads, params TokenizedPrompt[] sequences)
    {
        using var gradient = Of(checkpoint, threads);
        gradient.Take(sequences);
        return gradient.Tensors.ToDictionary(tensor => tensor.Name, tensor => gradient[tensor].ToArray());
    }

    static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    public static TheoryData<string> Cases => [.. Directory.GetFiles(Path.Combine(Shared.Repository, "tests", "golden", "gradients"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>Of every tensor its length and three sums with signs: an error of length e moves a sum by about e.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tensor_has_the_gradient_of_the_reference(string file)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "gradients", $"{file}.json")));
        using var checkpoint = Open(Golden.Cases.Single(name => name.Replace('/', '-') == file));
        using var gradient = Of(checkpoint);
        double loss = gradient.Take([Prompt([.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())])]);
        Assert.Equal(golden.RootElement.GetProperty("loss").GetDouble(), loss, 5e-6);
        var expected = golden.RootElement.GetProperty("tensors").EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => tensor.Value.EnumerateArray().Select(x => x.GetDouble()).ToArray());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), gradient.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in gradient.Tensors)
        {
            double[] values = [.. gradient[tensor].ToArray().Select(x => (double)x)];
            double[] found = [Length(values), Signed(values, 0), Signed(values, 1), Signed(values, 2)];
            for (int i = 0; i < found.Length; i++) Assert.Equal(expected[tensor.Name][i], found[i], 3e-5 * expected[tensor.Name][0] + 1e-12);
        }
    }

    static double Signed(double[] values, int which) => values.Index().Sum(one => (Mix(4UL * (ulong)one.Index + (ulong)which + 1) & 1) == 0 ? one.Item : -one.Item);

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Along the gradient itself, and along a direction of every tensor's own, the loss changes as the gradient says.</summary>
    [Theory]
    [InlineData("opt/opt")]
    [InlineData("gpt_neo/gpt_neo")]
    [InlineData("codegen/codegen")]
    [InlineData("falcon/7b")]
    [InlineData("gpt_bigcode/starcoder")]
    [InlineData("starcoder2/starcoder2")]
    [InlineData("stablelm/stablelm")]
    [InlineData("phi3/phi3")]
    [InlineData("olmo/olmo")]
    [InlineData("cohere/command-r")]
    public void The_loss_changes_as_it_says(string @case)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Open(@case);
        using var gradient = Of(checkpoint);
        gradient.Take([Prompt(s_first), Prompt(s_second)]);
        var tensors = gradient.Tensors.ToArray();
        var random = new Random(1);
        foreach (bool own in new[] { true, false })
        {
            var direction = tensors.ToDictionary(tensor => tensor.Name, tensor =>
            {
                double length = Length(gradient[tensor].ToArray().Select(x => (double)x));
                return gradient[tensor].ToArray().Select(x => own ? x : (float)(length * (random.NextDouble() - 0.5) / Math.Sqrt(tensor.Count) + 0.5 * x)).ToArray();
            });
            double slope = tensors.Sum(tensor => gradient[tensor].ToArray().Zip(direction[tensor.Name], (x, d) => (double)x * d).Sum()), step = 0.004 / slope;
            double difference = (LossAt(step) - LossAt(-step)) / (2 * step);
            Assert.Equal(slope, difference, 2e-3 * slope);

            double LossAt(double factor)
            {
                string path = Moved(folder, checkpoint, tensors, direction, factor);
                using var moved = Checkpoint.Open(path);
                using var there = Of(moved);
                return there.Take([Prompt(s_first), Prompt(s_second)]);
            }
        }
    }

    /// <summary>The checkpoint with every weight moved along a direction, float32.</summary>
    static string Moved(TemporaryFolder folder, Checkpoint checkpoint, Tensor[] tensors, Dictionary<string, float[]> direction, double factor)
    {
        string path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(path);
        foreach (string file in Directory.GetFiles(checkpoint.Path, "*.json").Where(file => !file.EndsWith(".index.json", StringComparison.Ordinal))) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        using var written = SafetensorsWriter.Create(Path.Combine(path, "model.safetensors"), [.. tensors.Select(tensor => new SafetensorsEntry(tensor.Name, DType.F32, tensor.Shape))], null);
        foreach (var tensor in tensors)
        {
            float[] values = new float[tensor.Count];
            int columns = (int)tensor.Columns;
            for (int row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.AsSpan(row * columns, columns));
            for (int i = 0; i < values.Length; i++) values[i] += (float)(factor * direction[tensor.Name][i]);
            written.Write(tensor.Name, 0, values);
        }
        written.Complete();
        return path;
    }

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    public void Of_a_mean_over_two_texts_it_is_the_mean(string @case)
    {
        using var checkpoint = Open(@case);
        Dictionary<string, float[]> both = Taken(checkpoint, 2, Prompt(s_first), Prompt(s_second)), first = Taken(checkpoint, 2, Prompt(s_first)), second = Taken(checkpoint, 2, Prompt(s_second));
        double a = s_first.Length - 1, b = s_second.Length - 1;
        foreach (var (name, values) in both)
        {
            double[] apart = [.. values.Select((x, i) => x - (a * first[name][i] + b * second[name][i]) / (a + b))];
            Assert.InRange(Length(apart), 0, 1e-5 * Length(values.Select(x => (double)x)));
        }
    }

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt2/gpt2")]
    public void Threads_change_no_bit(string @case)
    {
        using var checkpoint = Open(@case);
        Dictionary<string, float[]> one = Taken(checkpoint, 1, Prompt(s_first), Prompt(s_second)), three = Taken(checkpoint, 3, Prompt(s_first), Prompt(s_second));
        foreach (var (name, values) in one) Assert.Equal(values, three[name]);
    }

    /// <summary>From memory the bits of the file; after a change there, those of a file that holds it.</summary>
    [Fact]
    public void Parameters_in_memory_are_read_anew_in_every_pass()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Open("gpt2/gpt2");
        var a = ArchitectureReader.Read(checkpoint);
        using var parameters = ParameterSet.Load(checkpoint, a);
        using var gradient = new ModelGradient(parameters, 2, TestContext.Current.CancellationToken);
        var stored = Taken(checkpoint, 2, Prompt(s_first));
        gradient.Take([Prompt(s_first)]);
        foreach (var tensor in parameters.Tensors) Assert.Equal(stored[tensor.Name], gradient[tensor].ToArray());

        var random = new Random(1);
        var direction = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => Enumerable.Range(0, (int)tensor.Count).Select(_ => (float)random.NextDouble() - 0.5f).ToArray());
        foreach (var tensor in parameters.Tensors)
            for (int i = 0; i < tensor.Count; i++) parameters[tensor][i] += (float)(0.01 * direction[tensor.Name][i]);
        using var moved = Checkpoint.Open(Moved(folder, checkpoint, [.. checkpoint.Tensors.Values.Where(tensor => direction.ContainsKey(tensor.Name))], direction, 0.01));
        stored = Taken(moved, 2, Prompt(s_first));
        gradient.Take([Prompt(s_first)]);
        foreach (var tensor in parameters.Tensors) Assert.Equal(stored[tensor.Name], gradient[tensor].ToArray());
    }

    /// <summary>With an unembedding of nothing but a bias of s every Z is V·eˢ, and the bias' derivative is known.</summary>
    [Fact]
    public void The_term_of_ln_Z_pulls_at_it()
    {
        const double shift = 0.7, c = 0.01;
        using var checkpoint = Open("gptj/gptj");
        var a = ArchitectureReader.Read(checkpoint);
        using var parameters = ParameterSet.Load(checkpoint, a);
        var bias = parameters.Tensors.Single(tensor => tensor.Name == "lm_head.bias");
        parameters[parameters.Tensors.Single(tensor => tensor.Name == "lm_head.weight")].Clear();
        parameters[bias].Fill((float)shift);
        using var gradient = new ModelGradient(parameters, 2, TestContext.Current.CancellationToken);
        double loss = gradient.Take([Prompt(s_first)], c), logSum = shift + Math.Log(a.DVocab);
        Assert.Equal(Math.Log(a.DVocab), loss, 1e-6);
        for (int v = 0; v < a.DVocab; v++)
            Assert.Equal((1 + 2 * c * logSum) / a.DVocab - s_first.Skip(1).Count(id => id == v) / (s_first.Length - 1.0), gradient[bias][v], 1e-7);
    }

    [Theory]
    [InlineData("gemma2/gemma2", "norms after the sublayers, soft caps")]
    [InlineData("mixtral/mixtral", "a mixture of experts")]
    [InlineData("bloom/bloom", "ALiBi, a norm of the embedding")]
    [InlineData("qwen3/qwen3", "norms of queries and keys")]
    [InlineData("granite/granite", "a residual multiplier")]
    public void A_family_without_a_reverse_is_refused_by_name(string @case, string missing)
    {
        using var checkpoint = Open(@case);
        var refusal = Assert.Throws<InputException>(() => Of(checkpoint));
        Assert.Contains($"derivatives of {missing} are missing", refusal.Cause, StringComparison.Ordinal);
        Assert.Contains(ArchitectureReader.Read(checkpoint).Family.Title, refusal.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void One_token_predicts_nothing()
    {
        using var checkpoint = Open("llama/gqa");
        using var gradient = Of(checkpoint);
        Assert.Contains("no next token", Assert.Throws<InputException>(() => gradient.Take([Prompt(5)])).Cause, StringComparison.Ordinal);
    }
}
