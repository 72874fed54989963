using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>Patches between prompts that the clean predictions choose.</summary>
public sealed class MatchedPatchTests
{
    static readonly TokenizedPrompt[] s_prompts =
    [
        Prompt("a", 5, 6, 7, 8), Prompt("b", 9, 3, 4, 12), Prompt("c", 1, 2, 3, 30), Prompt("d", 7, 7, 7, 1), Prompt("e", 40, 2, 9, 9), Prompt("f", 3, 1), Prompt("g", 8, 20, 11), Prompt("h", 17, 30, 6, 2),
    ];

    static TokenizedPrompt Prompt(string name, params int[] ids) => new(new Prompt { Name = name, Ids = ids, Place = "here" }, ids, 0, 0);

    static Intervention Patch(Checkpoint checkpoint, Deed deed) => Intervened.Of(Intervened.Change(ResidualSite.MlpOut, ArchitectureReader.Read(checkpoint).NLayers - 1, deed));

    static IntervenedMeasurement Take(Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, params IEnumerable<Deed> deeds) =>
        Intervened.Any(checkpoint, prompts, deeds.Select(deed => new InterventionEntry(Patch(checkpoint, deed), null)));

    static double[] Entropies(IntervenedMeasurement measured) => [.. measured.Measurement.Readings.Select(reading => reading.Outputs[^1]!.Value.EntropyNats)];

    /// <summary>Thresholds so that two of the six prompts of four tokens are settled and three open.</summary>
    static (double Settled, double Open) Thresholds(double[] entropies)
    {
        double[] ofFour = [.. entropies.Where((_, p) => s_prompts[p].Ids.Count == 4).Order()];
        return ((ofFour[1] + ofFour[2]) / 2, (ofFour[2] + ofFour[3]) / 2);
    }

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    public void The_most_settled_takes_from_the_most_open_of_as_many_tokens_and_so_on_in_turn(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        double[] entropies = Entropies(Take(checkpoint, s_prompts, []));
        var (settled, open) = Thresholds(entropies);
        var measured = Take(checkpoint, s_prompts, new Deed.PatchMatched(new(settled, open, Alike: false)), new Deed.PatchMatched(new(settled, open, Alike: true)));
        int[] ranked = [.. Enumerable.Range(0, s_prompts.Length).Where(p => s_prompts[p].Ids.Count == 4).OrderBy(p => entropies[p])];
        int?[] opposite = [ranked[5], ranked[4], null, ranked[0], ranked[1], ranked[0]], alike = [ranked[1], ranked[0], null, ranked[5], ranked[3], ranked[4]];
        Assert.Equal(opposite, ranked.Select(p => measured.SourceOf(p, 0)));
        Assert.Equal(alike, ranked.Select(p => measured.SourceOf(p, 1)));
        Assert.Equal("neither settled nor open", measured.MissingOf(ranked[2], 0));
        foreach (int p in new[] { 5, 6 })
        {
            Assert.Null(measured.Prompts[p][0]);
            string word = entropies[p] < settled ? "open" : "settled";
            if (entropies[p] < settled || entropies[p] > open) Assert.Equal($"no prompt of {s_prompts[p].Ids.Count} tokens is {word}", measured.MissingOf(p, 0));
        }
        // What a prompt of the run by that name would give.
        foreach (int p in ranked.Where(p => measured.SourceOf(p, 0) is not null))
        {
            string source = s_prompts[measured.SourceOf(p, 0)!.Value].Prompt.Name;
            var named = Take(checkpoint, [.. s_prompts.Where(prompt => prompt.Ids.Count == 4)], new Deed.Patch(source));
            int own = Array.FindIndex([.. named.Measurement.Prompts], prompt => prompt.Prompt.Name == s_prompts[p].Prompt.Name);
            Assert.Equal((named.Prompts[own][0]!.Gains[^1], named.Prompts[own][0]!.KlNats), (measured.Prompts[p][0]!.Gains[^1], measured.Prompts[p][0]!.KlNats));
            Assert.NotEqual(measured.Measurement.Readings[p].Blocks[^1][^1].Gain, measured.Prompts[p][0]!.Gains[^1]);
        }
    }

    [Fact]
    public void The_order_of_the_prompts_chooses_nothing_also_where_entropies_are_equal()
    {
        using var checkpoint = Checkpoint.Open(Golden.Load("llama/gqa").Checkpoint);
        TokenizedPrompt[] twice = [.. s_prompts, .. s_prompts.Select(prompt => Prompt($"{prompt.Prompt.Name}2", [.. prompt.Ids]))];
        var (settled, open) = Thresholds(Entropies(Take(checkpoint, s_prompts, [])));
        Dictionary<string, string?> Sources(TokenizedPrompt[] prompts)
        {
            var measured = Take(checkpoint, prompts, new Deed.PatchMatched(new(settled, open, Alike: false)));
            return prompts.Select((prompt, p) => (prompt.Prompt.Name, Source: measured.SourceOf(p, 0) is { } from ? prompts[from].Prompt.Name : null)).ToDictionary(one => one.Name, one => one.Source);
        }
        var forwards = Sources(twice);
        Assert.Equal(forwards, Sources([.. twice.Reverse()]));
        Assert.True(forwards.Values.OfType<string>().Distinct().Count() >= 6);
    }

    [Fact]
    public void Where_no_prompt_has_a_partner_it_is_refused_with_a_remedy()
    {
        using var checkpoint = Checkpoint.Open(Golden.Load("llama/gqa").Checkpoint);
        var refusal = Assert.Throws<InputException>(() => Take(checkpoint, s_prompts[4..7], new Deed.PatchMatched(new(1e-3, 1e-2, Alike: false))));
        Assert.Equal("No prompt has a partner of as many tokens: of 3, 0 are settled (entropy below 0.001 nats) and 3 open (above 0.01).", refusal.Cause);
        Assert.Contains("Give prompts of equal lengths of both kinds", refusal.Remedy, StringComparison.Ordinal);
    }
}
