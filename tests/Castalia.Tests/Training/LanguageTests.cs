using Castalia.Errors;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>The generated language is what it says of itself.</summary>
public sealed class LanguageTests
{
    static readonly LanguageOptions s_options = new() { Vocabulary = 256, Settled = 0.6, Seed = 1 };

    static readonly Language s_language = new(s_options);

    static readonly LanguageText[] s_texts = [.. Enumerable.Range(0, 400).Select(i => s_language.Text(7, i, 128))];

    const ulong Stated = 18417505578484594850;

    [Fact]
    public void Entropy_is_what_the_definition_gives_from_the_text_alone()
    {
        foreach (var text in s_texts.Take(3))
        {
            int[] ids = [.. text.Ids];
            for (int t = 0; t < ids.Length; t++)
            {
                var after = s_language.After(ids.AsSpan(0, t + 1));
                double[] p = [.. Enumerable.Range(0, 256).Select(after.Probability)];
                Assert.Equal(1, p.Sum(), 1e-14);
                Assert.Equal(-p.Where(x => x > 0).Sum(x => x * Math.Log(x)), text.After[t].Entropy, 1e-13);
                Assert.Same(after, text.After[t]);
            }
        }
    }

    /// <summary>Pearson's statistic over every context seen often, which has the mean of its degrees of freedom and twice their variance.</summary>
    [Fact]
    public void Tokens_are_as_frequent_as_they_are_probable()
    {
        var counts = new Dictionary<Continuations, Dictionary<int, int>>();
        foreach (var text in s_texts)
            for (int t = 0; t + 1 < text.Ids.Count; t++)
            {
                if (!counts.TryGetValue(text.After[t], out var of)) counts[text.After[t]] = of = [];
                of[text.Ids[t + 1]] = of.GetValueOrDefault(text.Ids[t + 1]) + 1;
            }
        double statistic = 0;
        int freedom = 0, contexts = 0;
        foreach (var (after, seen) in counts)
        {
            int n = seen.Values.Sum();
            if (after.Tokens.Count < 2 || after.Tokens.Min(after.Probability) * n < 5) continue;
            contexts++;
            freedom += after.Tokens.Count - 1;
            statistic += after.Tokens.Sum(token => Math.Pow(seen.GetValueOrDefault(token) - after.Probability(token) * n, 2) / (after.Probability(token) * n));
        }
        Assert.True(contexts > 20, $"{contexts}");
        Assert.InRange((statistic - freedom) / Math.Sqrt(2.0 * freedom), -4, 4);
    }

    [Fact]
    public void A_seed_gives_the_same_text_on_every_machine()
    {

        Assert.Equal(s_texts[5].Ids, new Language(s_options).Text(7, 5, 128).Ids);
        Assert.NotEqual(s_texts[5].Ids, s_language.Text(8, 5, 128).Ids);
        Assert.NotEqual(s_texts[5].Ids, new Language(s_options with { Seed = 2 }).Text(7, 5, 128).Ids);
        ulong hash = 0xCBF29CE484222325;
        foreach (int id in s_texts.SelectMany(text => text.Ids)) hash = (hash ^ (uint)id) * 0x100000001B3;
        Assert.Equal(Stated, hash);
    }

    [Fact]
    public void Every_kind_of_context_comes_up_and_words_follow_Zipf()
    {
        var kinds = s_texts.SelectMany(text => text.After).GroupBy(after => after.Kind).ToDictionary(group => group.Key, group => group.Count() / (400.0 * 128));
        Assert.All(Enum.GetValues<ContextKind>(), kind => Assert.True(kinds[kind] > 0.02, $"{kind} {kinds.GetValueOrDefault(kind)}"));
        Assert.InRange(kinds[ContextKind.Settled], 0.4, 0.75);
        int[] words = [.. s_texts.SelectMany(text => text.Ids).Where(id => id >= Language.FirstWord).CountBy(id => id).Select(pair => pair.Value).OrderDescending()];
        double slope = (Math.Log(words[99]) - Math.Log(words[9])) / (Math.Log(100) - Math.Log(10));
        Assert.InRange(slope, -1.4, -0.8);
    }

    [Fact]
    public void A_name_is_followed_by_what_followed_it_and_a_verb_agrees_with_its_subject()
    {
        foreach (var text in s_texts.Take(50))
        {
            int subject = -1;
            var followed = new Dictionary<int, int>();
            for (int t = 1; t + 1 < text.Ids.Count; t++)
            {
                int id = text.Ids[t], next = text.Ids[t + 1];
                if (text.Ids[t - 1] is Language.Beginning or Language.Stop) subject = id;
                if (id == Language.Mark) Assert.InRange(next, Language.VerbsFrom(s_language.GenderOf(subject)), Language.VerbsFrom(s_language.GenderOf(subject) + 1) - 1);
                if (id is < Language.FirstName or >= Language.FirstPayload) continue;
                Assert.Equal(followed.ContainsKey(id) ? ContextKind.Copied : ContextKind.Open, text.After[t].Kind);
                Assert.Equal(followed.TryAdd(id, next) ? next : followed[id], next);
            }
        }
    }

    [Fact]
    public void What_no_text_can_begin_with_is_refused()
    {
        Assert.Throws<ArgumentException>(() => s_language.After([3, 4]));
        Assert.Throws<ArgumentException>(() => s_language.After([0, 1]));
        Assert.Equal("'vocabulary' is 95.\n  where: language\n  to do: Write a number from 96 to 8192.",
            Assert.Throws<InputException>(() => new Language(s_options with { Vocabulary = 95 })).Message);
        Assert.Throws<InputException>(() => new Language(s_options with { Settled = double.NaN }));
    }
}
