using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Tests.Architectures;
using Castalia.Tests.Parity;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class DescribeReportTests
{
    static string Page(Architecture a, WeightMap weights, string checkpoint) => TerminalPrinter.Of(DescribeReport.Of(a, weights, checkpoint), 80);

    static (Architecture, WeightMap) Bound(Checkpoint described)
    {
        Architecture a = ArchitectureReader.Read(described);
        return (a, WeightMap.Bind(a, described.With(TensorsOf(a))));
    }

    [Fact]
    public void A_NeoX_page_reads_as_committed()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(NeoX, Shape(DType.Bool, "gpt_neox.layers.0.attention.bias", 1, 1, 32, 32)));
        Snapshot("describe-neox.txt", Page(a, weights, "/models/m"));
    }

    [Fact]
    public void A_GGUF_page_reads_as_committed()
    {
        var metadata = LlamaMetadata();
        metadata.Remove("llama.rope.freq_base");
        (Architecture a, WeightMap weights) = Bound(Gguf(metadata, Values("rope_freqs.weight", [1, 8], 2)));
        Snapshot("describe-gguf.txt", Page(a, weights, "/models/m.gguf"));
    }

    /// <summary>What differs most from a Llama: four norms and two rotary bases, experts, columns, groups of heads, penalties, one norm.</summary>
    [Theory]
    [InlineData("gemma3/text")]
    [InlineData("mixtral/mixtral")]
    [InlineData("gpt2/gpt2")]
    [InlineData("falcon/new-decoder")]
    [InlineData("falcon/rw-alibi")]
    [InlineData("bloom/bloom")]
    [InlineData("cohere/command-r")]
    [InlineData("olmo2/olmo2")]
    [InlineData("granite/granite")]
    public void Pages_of_unusual_families_read_as_committed(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        Architecture a = ArchitectureReader.Read(checkpoint);
        Snapshot($"describe-{@case.Replace('/', '-')}.txt", Page(a, WeightMap.Bind(a, checkpoint), @case));
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Pages_of_every_family_fit_80_columns_and_keep_labels_apart(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        Architecture a = ArchitectureReader.Read(checkpoint);
        string[] lines = Page(a, WeightMap.Bind(a, checkpoint), @case).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        int block = Array.IndexOf(lines, "Block"), end = Array.IndexOf(lines, "", block);
        Assert.All(lines[(block + 1)..end], line => Assert.True(line[14] == ' ' && line[15] != ' ', line));
    }

    /// <summary>Where heads are no power of two in number, as in BLOOM-176B, the page states the slopes that are computed.</summary>
    [Fact]
    public void Slopes_of_an_odd_number_of_heads_are_stated_in_two_parts()
    {
        const string Config = """{"model_type": "bloom", "hidden_size": 24, "n_layer": 1, "n_head": 6, "vocab_size": 50}""";
        (Architecture a, WeightMap weights) = Bound(Folder(Config));
        string page = string.Join(' ', Page(a, weights, "m").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("slope 2^(−8·(h + 1)/4) of head h below 4, 2^(−8·(2(h − 4) + 1)/8) from there", page);
        Assert.Equal([0.25, 0.0625, 1 / 64.0, 1 / 256.0, 0.5, 0.125], a.Alibi!.Slopes(6).Select(slope => Math.Round(slope, 9)));
    }

    [Fact]
    public void Pages_fit_80_columns_at_real_sizes()
    {
        string pythia = """
            {"model_type": "gpt_neox", "num_hidden_layers": 36, "hidden_size": 5120, "num_attention_heads": 40, "intermediate_size": 20480, "vocab_size": 50688}
            """;
        string llama = """
            {"model_type": "llama", "num_key_value_heads": 8, "vocab_size": 128256, "intermediate_size": 14336, "rope_theta": 500000, "attention_bias": true,
             "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}
            """;
        foreach (string config in (string[])[pythia, llama])
        {
            (Architecture a, WeightMap weights) = Bound(Folder(config));
            Assert.All(Page(a, weights, "m").Split('\n'), line => Assert.True(line.Length <= 80, line));
        }
    }

    [Fact]
    public void Numbers_are_written_with_points_whatever_the_culture()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(Llama));
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "~";
        string text = Page(a, weights, "m"), json = DescriptionJson.Of(a, weights, "m").ToJsonString();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            (Architecture again, WeightMap bound) = Bound(Folder(Llama));
            Assert.Equal(text, Page(again, bound, "m"));
            Assert.Equal(json, DescriptionJson.Of(again, bound, "m").ToJsonString());
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [Fact]
    public void The_JSON_says_what_the_page_says()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(NeoX));
        var json = DescriptionJson.Of(a, weights, "/models/m");
        Assert.Equal(("gpt_neox", 3, 16, 8, "ParallelTwoNorms"),
            ((string)json["family"]!, (int)json["n_layers"]!, (int)json["d_model"]!, (int)json["head_dim"]!, (string)json["wiring"]!));
        Assert.Equal((2, "HalfSplit", 10000.0), ((int)json["rotary"]!["dims"]!, (string)json["rotary"]!["pairing"]!, (double)json["rotary"]!["base"]!));
        Assert.Equal(weights.Parameters, (long)json["parameters"]!);
        Assert.Equal(weights.Bytes, (long)json["dtypes"]!["F16"]!["bytes"]!);
        Assert.Equal(20, json["tensors"]!.AsArray().Count);
        Assert.Equal("""{"role":"Key","name":"gpt_neox.layers.{layer}.attention.query_key_value.weight","rows":"FusedByGroupKey","transposed":false,"shape":[16,16]}""",
            json["tensors"]!.AsArray().Single(t => (string)t!["role"]! == "Key")!.ToJsonString());
    }
}
