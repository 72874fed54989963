using System.Reflection;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class FamiliesReportTests
{
    /// <summary>Properties of a family that decide neither what is computed nor how weights are stored, with the reason.</summary>
    static readonly Dictionary<string, string> NoTrait = new()
    {
        [nameof(Family.ModelType)] = "its name",
        [nameof(Family.Title)] = "its name",
        [nameof(Family.Reference)] = "whose defaults they are; the defaults themselves are traits",
        [nameof(Family.EmbeddingWidth)] = "a check: any other value is refused",
        [nameof(Family.Limited)] = "checks: any other value is refused",
        [nameof(Family.Harmless)] = "keys that change nothing",
        [nameof(Family.Records)] = "keys that change nothing",
        [nameof(Family.KnownUnused)] = "tensors that are not read",
        [nameof(Family.Caveat)] = "what a run says besides",
        [nameof(Family.Hub)] = "what it is converted to",
    };

    static readonly PropertyInfo[] Properties = typeof(Family).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    [Fact]
    public void Every_property_of_a_family_is_in_a_trait_or_known_to_be_none()
    {
        var read = FamilyTraits.All.SelectMany(trait => trait.Reads).Distinct().ToList();
        Assert.Empty(read.Intersect(NoTrait.Keys));
        Assert.Equal(Properties.Select(p => p.Name).Order(), read.Concat(NoTrait.Keys).Order());
    }

    /// <summary>Taking over one property of another family changes traits that say they read it, and no others.</summary>
    [Fact]
    public void A_trait_reads_what_it_says_it_reads()
    {
        var clone = typeof(Family).GetMethod("<Clone>$")!;
        HashSet<(string Label, string Property)> seen = [];
        foreach (Family one in Families.All)
        {
            foreach (Family other in Families.All)
            {
                foreach (PropertyInfo property in Properties)
                {
                    var mixed = (Family)clone.Invoke(one, null)!;
                    property.SetValue(mixed, property.GetValue(other));
                    foreach (var (trait, _, _) in FamilyTraits.Differences(one, mixed))
                    {
                        Assert.Contains(property.Name, trait.Reads);
                        seen.Add((trait.Label, property.Name));
                    }
                }
            }
        }
        Assert.Equal(FamilyTraits.All.SelectMany(trait => trait.Reads.Select(property => (trait.Label, property))).Order(), seen.Order());
    }

    [Fact]
    public void No_two_families_have_the_same_traits() =>
        Assert.Distinct(Families.All.Select(family => string.Join('\n', FamilyTraits.All.Select(trait => trait.Of(family)))));

    [Fact]
    public void Labels_are_distinct_and_fit_their_column()
    {
        Assert.Distinct(FamilyTraits.All.Select(trait => trait.Label));
        Assert.All(FamilyTraits.All, trait => Assert.InRange(trait.Label.Length, 1, 20));
    }

    [Fact]
    public void Every_family_but_the_first_hangs_on_one_listed_before_it_and_none_before_is_nearer()
    {
        Assert.Null(FamilyRelatives.Of(Families.All[0]));
        for (int i = 1; i < Families.All.Count; i++)
        {
            Family family = Families.All[i], relative = FamilyRelatives.Of(family)!;
            Assert.InRange(Families.All.ToList().IndexOf(relative), 0, i - 1);
            Assert.All(Families.All.Take(i), other => Assert.True(
                FamilyRelatives.Distance(family, other).CompareTo(FamilyRelatives.Distance(family, relative)) >= 0));
        }
    }

    [Theory]
    [InlineData("gemma2", "Gemma")]
    [InlineData("codegen", "GPT-J")]
    [InlineData("mixtral", "Mistral")]
    [InlineData("GPT-BigCode", "GPT-2")]
    [InlineData("OLMo 2", "Llama")]
    [InlineData("Falcon", "Pythia")]
    public void Relatives_are_those_a_reader_expects(string family, string relative) =>
        Assert.Equal(FamilyNames.Find(relative), FamilyRelatives.Of(FamilyNames.Find(family)!));

    [Theory]
    [InlineData("pythia", "gpt_neox", ConfigKind.HuggingFace)]
    [InlineData("GPT-NeoX", "gpt_neox", ConfigKind.HuggingFace)]
    [InlineData("gpt j", "gptj", ConfigKind.HuggingFace)]
    [InlineData("GPT_NEOX (PYTHIA)", "gpt_neox", ConfigKind.HuggingFace)]
    [InlineData("StarCoder", "gpt_bigcode", ConfigKind.HuggingFace)]
    [InlineData("starcoder2", "starcoder2", ConfigKind.HuggingFace)]
    [InlineData("llama", "llama", ConfigKind.HuggingFace)]
    [InlineData("Llama (GGUF)", "llama", ConfigKind.Gguf)]
    [InlineData("gemma3", "gemma3_text", ConfigKind.HuggingFace)]
    [InlineData("gemma 3 gguf", "gemma3", ConfigKind.Gguf)]
    internal void Families_answer_to_title_and_model_type_however_spelt(string name, string type, ConfigKind config)
    {
        Family found = FamilyNames.Find(name)!;
        Assert.Equal((type, config), (found.ModelType, found.Config));
    }

    [Theory]
    [InlineData("GGUF")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("gpt")]
    public void What_names_no_family_finds_none(string name) => Assert.Null(FamilyNames.Find(name));

    [Fact]
    public void Every_title_finds_its_family() => Assert.All(Families.All, family => Assert.Same(family, FamilyNames.Find(family.Title)));

    [Fact]
    public void The_listing_reads_as_committed() => Snapshot("families.txt", TerminalPrinter.Of(FamiliesReport.Listing(), 80));

    [Fact]
    public void A_comparison_and_a_single_family_read_as_committed() => Snapshot("families-named.txt", string.Join('\n',
        TerminalPrinter.Of(FamiliesReport.Comparison(FamilyNames.Find("GPT-J")!, FamilyNames.Find("Pythia")!), 80),
        TerminalPrinter.Of(FamiliesReport.Comparison(FamilyNames.Find("gemma3")!, FamilyNames.Find("gemma3 gguf")!), 120),
        TerminalPrinter.Of(FamiliesReport.Comparison(FamilyNames.Find("GPT-J")!, FamilyNames.Find("GPT-J")!), 80),
        TerminalPrinter.Of(FamiliesReport.One(FamilyNames.Find("falcon")!), 80)));

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        string all = TerminalPrinter.Of(FamiliesReport.Listing(), width) + string.Concat(
            Families.All.SelectMany(one => Families.All.Select(other => TerminalPrinter.Of(FamiliesReport.Comparison(one, other), width))));
        Assert.All(all.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.All(all.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void The_JSON_has_every_trait_of_every_family_and_the_differences_of_the_page()
    {
        var families = JsonText.Node(FamiliesDocument.All(), ArchitectureJson.Default)["families"]!.AsArray();
        Assert.Equal(Families.All.Select(f => f.Title), families.Select(f => (string)f!["title"]!));
        var gptJ = families[1]!;
        Assert.Equal("gpt_neox", (string)gptJ["relative"]!["model_type"]!);
        Assert.Equal("(2i, 2i + 1)", (string)gptJ["traits"]!["rotary pairs"]!);
        Assert.Equal("""{"trait":"unembedding bias","values":["yes","no"]}""",
            gptJ["differences"]!.AsArray().Single(d => (string)d!["trait"]! == "unembedding bias")!.ToJsonString());
        Assert.Equal(FamilyTraits.All.Count, gptJ["traits"]!.AsObject().Count);
        var two = JsonText.Node(FamilyComparisonDocument.Of(Families.All[1], Families.All[0]), ArchitectureJson.Default);
        Assert.Equal(gptJ["differences"]!.ToJsonString(), two["differences"]!.ToJsonString());
    }

    [Fact]
    public void The_document_is_what_the_descriptions_say() => Assert.True(
        MarkdownPrinter.Of(FamiliesReport.Document()) == File.ReadAllText(Path.Combine(Shared.Repository, "docs", "families.md")),
        "docs/families.md is not what 'castalia families --markdown' prints: print it there again and look at the difference.");
}
