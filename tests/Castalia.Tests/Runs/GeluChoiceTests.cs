using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Tests.Parity;
using Castalia.Tests.Verbs;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>The GELU that is computed where a config names another than the one a model was trained with.</summary>
public sealed class GeluChoiceTests
{
    static ModelRun Take(string checkpoint, GeluChoice choice) => ModelMeasuring.Take(
        new(checkpoint, checkpoint, null), "m", _ => [.. Golden.Load("gpt_neox/pythia").Prompts.Select(p => p.Prompt)], Options(choice), null, TestContext.Current.CancellationToken);

    static RunOptions Options(GeluChoice choice) => new()
    {
        Threads = 2,
        Bos = BosPolicy.None,
        AllPositions = false,
        LogitLens = false,
        Activation = choice,
        Seed = 1,
    };

    static string Pythia => Golden.Load("gpt_neox/pythia").Checkpoint;

    /// <summary>The same weights under a config that names the tanh approximation itself.</summary>
    static string SayingTanh(TemporaryFolder folder)
    {
        foreach (string file in Directory.GetFiles(Pythia, "*.safetensors")) File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        string config = File.ReadAllText(Path.Combine(Pythia, "config.json"));
        Assert.Contains("\"hidden_act\": \"gelu\"", config);
        folder.Write("config.json", config.Replace("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"gelu_new\"", StringComparison.Ordinal));
        return folder.Path;
    }

    static string[] Bits(ModelRun model) =>
    [
        .. model.Measurement.Readings.SelectMany(prompt => prompt.Blocks.SelectMany(block =>
            block.Select(reading => Convert.ToHexString(MemoryMarshal.AsBytes([reading]))))),
        .. model.Measurement.Readings.Select(prompt => $"{prompt.Outputs[^1]}"),
    ];

    [Fact]
    public void The_chosen_tanh_is_the_stated_tanh_to_the_bit_and_differs_from_erf()
    {
        using var folder = new TemporaryFolder();
        string saying = SayingTanh(folder);
        string[] config = Bits(Take(Pythia, GeluChoice.Config)), tanh = Bits(Take(Pythia, GeluChoice.Tanh));
        Assert.Equal(config, Bits(Take(Pythia, GeluChoice.Erf)));
        Assert.NotEqual(config, tanh);
        Assert.Equal(tanh, Bits(Take(saying, GeluChoice.Config)));
        Assert.Equal(tanh, Bits(Take(saying, GeluChoice.Tanh)));
        Assert.Equal(config, Bits(Take(saying, GeluChoice.Erf)));
    }

    [Fact]
    public void The_run_says_what_was_chosen_and_what_the_config_states()
    {
        using var folder = new TemporaryFolder();
        var run = new Run { StartedUtc = default, Options = Options(GeluChoice.Tanh), PromptSet = "ids", Models = [Take(Pythia, GeluChoice.Tanh)] };
        string path = RunFolder.Write(run, folder.Path, CancellationToken.None);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "manifest.json")))!;
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "summary.json")))!;
        Assert.Equal("tanh", (string?)manifest["options"]!["activation"]);
        foreach (var described in new[] { manifest["models"]![0]!["architecture"]!, summary["models"]![0]! })
            Assert.Equal(("GeluTanh", "GeluErf"), ((string?)described["activation"], (string?)described["stated_activation"]));
        Assert.Equal("gelu", (string?)manifest["models"]![0]!["config"]!["hidden_act"]);
    }

    [Theory]
    [InlineData(GeluChoice.Config, "--activation config: GELU (erf), as stated\n")]
    [InlineData(GeluChoice.Erf, "--activation erf: GELU (erf), as stated too\n")]
    [InlineData(GeluChoice.Tanh, "--activation tanh: GELU (tanh), where the config says GELU (erf)\n")]
    internal void The_page_says_it_in_a_line(GeluChoice choice, string line)
    {
        var model = Take(Pythia, choice);
        Assert.Contains(line, TerminalPrinter.Of(MeasureReport.OfModel(model, HandBuilt.Run(model) with { Options = Options(choice) }), 80));
    }

    [Theory]
    [InlineData("llama/gqa", GeluChoice.Erf, "erf", "SiLU")]
    [InlineData("opt/opt", GeluChoice.Tanh, "tanh", "ReLU")]
    internal void A_model_without_a_GELU_is_refused(string @case, GeluChoice choice, string word, string activation)
    {
        string checkpoint = Golden.Load(@case).Checkpoint;
        Assert.Equal(
            $"""
            --activation {word} chooses between two forms of GELU; the activation of this model is {activation}.
              where: {checkpoint}
              to do: Leave --activation out for it; models with a GELU can be run apart.
            """, Assert.Throws<InputException>(() => Take(checkpoint, choice)).Message);
        Assert.NotNull(Take(Pythia, choice));
    }

    [Fact]
    public void Trace_computes_the_chosen_one_too()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """{"ids": [5, 6, 7]}""");
        using var saying = new TemporaryFolder();
        byte[] erf = Traced(Pythia), tanh = Traced(Pythia, "--activation", "tanh");
        Assert.NotEqual(erf, tanh);
        Assert.Equal(tanh, Traced(SayingTanh(saying)));
        var (code, _, error) = CommandLineTests.Castalia(
            ["trace", Golden.Load("llama/gqa").Checkpoint, "--prompts", prompts, "--out", Path.Combine(folder.Path, "no"), "--activation", "erf"]);
        Assert.Equal(2, code);
        Assert.Contains("the activation of this model is SiLU", error);
        Assert.False(File.Exists(Path.Combine(folder.Path, "no")));

        byte[] Traced(string checkpoint, params string[] more)
        {
            string file = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.safetensors");
            var ran = CommandLineTests.Castalia(["trace", checkpoint, "--prompts", prompts, "--out", file, "--sites", "mlp_post", .. more]);
            Assert.True(ran.Code == 0, ran.Error);
            byte[] bytes = File.ReadAllBytes(file);
            return bytes[(8 + (int)BitConverter.ToInt64(bytes))..]; // the activations; the header says which file's they are
        }
    }
}
