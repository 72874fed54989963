using System.Globalization;
using Castalia.Errors;
using Castalia.Training;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Twins;

/// <summary>Reads a plan: base, crossed factors, seeds.</summary>
static class TwinPlanReader
{
    const int MostTwins = 2000, MostSeeds = 1000, MostPoints = 101;

    /// <summary>The format, for messages.</summary>
    public static readonly YamlFormat Format = new("plan", "a", "docs/twins.md");

    static readonly string[] s_keys = ["name", "question", "minutes", "base", "cross", "seeds", "every", "keep", "interpolate", "corpus", "tokenizer"];

    /// <summary>A plan on disk; or, by a name without an extension of which there is no file, one that ships.</summary>
    /// <param name="named">The file, or the name.</param>
    /// <param name="corpus">What is trained on in place of the plan's corpus, or of the language; null for those.</param>
    /// <exception cref="InputException">Anything that is not plainly a plan, with file, line and column; a combination that no network can have; a tokenizer that cannot be read.</exception>
    public static TwinPlan Read(string named, CorpusSource? corpus = null)
    {
        if (!IsName(named)) return Of(SourceText.Read(named, Format), corpus);
        return ShippedStudy.Names.Contains(named) ? Of(ShippedStudy.PlanOf(named), corpus) : throw TwinErrors.NoSuchPlan(named, Nearest.Of(named, ShippedStudy.Names), ShippedStudy.Names);
    }

    /// <summary>Whether what names a plan is no file, so that it can name only one that ships.</summary>
    public static bool IsName(string named) => !File.Exists(named) && !Path.HasExtension(named) && !named.Contains('/', StringComparison.Ordinal);

    /// <summary>A text.</summary>
    internal static TwinPlan Of(SourceText source, CorpusSource? corpus = null)
    {
        var root = new YamlMap(source, YamlRoot.Of(source), "a plan", s_keys);
        var recipe = TwinRecipe.Usual;
        corpus ??= Corpus(root, source.Name);
        HashSet<string> set = new(StringComparer.Ordinal);
        if (root.Has("every")) recipe = recipe with { Options = recipe.Options with { Every = root.OptionalCount("every")!.Value } };
        if (root.Has("keep")) recipe = recipe with { Options = recipe.Options with { KeepsLastOnly = root.Word("keep", ["all", "last"]) == "last" } };
        if (root.Has("base"))
        {
            var given = root.Map("base", Factors.Names);
            foreach (var factor in Factors.All.Where(factor => given.Has(factor.Name)))
            {
                CheckLanguage(factor.Name, given, corpus);
                recipe = factor.Set(recipe, given.Text(factor.Name));
                set.Add(factor.Name);
            }
        }
        List<(IReadOnlyList<(string, string)> Levels, TwinRecipe Recipe, string Place)> combinations = [([], recipe, root.Has("base") ? root.PlaceOf("base") : root.Place)];
        if (root.Has("cross"))
        {
            var crossed = root.Map("cross", Factors.Names);
            foreach (string name in crossed.Keys)
            {
                CheckLanguage(name, crossed, corpus);
                if (!set.Add(name)) throw TwinErrors.Twice(crossed.PlaceOf(name), name);
                combinations = Crossed(combinations, Factors.Of(name), crossed.Texts(name));
                if (combinations.Count > MostTwins) throw TwinErrors.TooMany(crossed.PlaceOf(name), combinations.Count, MostTwins);
            }
        }
        Dictionary<ModelTraits, ModelForm> forms = [];
        int? vocabulary = corpus is null || set.Contains("vocabulary") ? null : corpus.Tokenizer.IdCount;
        TwinCell[] cells = [.. combinations.Select(c => Cell(c.Levels, c.Recipe, c.Place, corpus, vocabulary, forms))];
        var seeds = Seeds(root, set);
        if ((long)cells.Length * seeds.Count > MostTwins) throw TwinErrors.TooMany(root.PlaceOf("seeds"), (long)cells.Length * seeds.Count, MostTwins);
        string title = root.OptionalText("name")?.Value ?? Path.GetFileNameWithoutExtension(source.Name);
        return new(title, cells, [.. cells.SelectMany(cell => seeds.Select(seed => new Twin(cell, seed, Seeded(cell.Recipe, seed, set))))])
        {
            Corpus = corpus,
            Interpolate = Points(root, seeds.Count),
            Question = root.OptionalText("question") is { } question ? Prose.Line(question) : null,
            Minutes = root.Has("minutes") ? root.Number("minutes") : null,
        };
    }

    /// <summary>Points on the lines between seeds.</summary>
    static int? Points(YamlMap root, int seeds)
    {
        if (root.OptionalText("interpolate") is not { } text) return null;
        if (!int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int points) || points is < 3 or > MostPoints)
            throw YamlErrors.NotANumber(text.Place, "interpolate", text.Value, FormattableString.Invariant($"a whole number from 3 to {MostPoints}"));
        return seeds >= 2 ? points : throw TwinErrors.NoPair(text.Place);
    }

    /// <summary>The plan's own corpus, its paths counted from the plan's folder; null where it has none.</summary>
    static CorpusSource? Corpus(YamlMap root, string plan)
    {
        if (!root.Has("corpus")) return root.Has("tokenizer") ? throw root.Missing("corpus") : null;
        string folder = Path.GetDirectoryName(plan) ?? "";
        return CorpusSource.Of(Path.Combine(folder, root.Text("corpus").Value), Path.Combine(folder, root.Text("tokenizer").Value));
    }

    static void CheckLanguage(string factor, YamlMap given, CorpusSource? corpus)
    {
        if (corpus is not null && Factors.Of(factor).IsOfLanguage) throw TwinErrors.NoLanguage(given.PlaceOf(factor), factor);
    }

    static List<(IReadOnlyList<(string, string)>, TwinRecipe, string)> Crossed(
        List<(IReadOnlyList<(string, string)> Levels, TwinRecipe Recipe, string Place)> before, Factor factor, IReadOnlyList<ScalarText> values)
    {
        if (values.GroupBy(value => value.Value).FirstOrDefault(group => group.Count() > 1) is { } twice) throw TwinErrors.LevelTwice(twice.Last().Place, factor.Name, twice.Key);
        return
        [
            .. from combination in before
               from value in values
               select ((IReadOnlyList<(string, string)>)[.. combination.Levels, (factor.Name, value.Value)], factor.Set(combination.Recipe, value), value.Place),
        ];
    }

    /// <summary>The network of a combination; the place of an impossible one is its last level.</summary>
    static TwinCell Cell(
        IReadOnlyList<(string Factor, string Value)> levels, TwinRecipe recipe, string place, CorpusSource? corpus, int? vocabulary, Dictionary<ModelTraits, ModelForm> forms)
    {
        string where = levels.Count == 0 ? place : $"{place}: {string.Join(", ", levels.Select(level => $"{level.Factor} {level.Value}"))}";
        recipe = recipe.Settled(vocabulary ?? recipe.Language.Vocabulary);
        if (recipe.Options.Rate.WarmUp > recipe.Options.Steps) throw TwinErrors.WarmUp(where, recipe.Options.Rate.WarmUp, recipe.Options.Steps);
        recipe.Language.Check(where);
        if (corpus is not null && recipe.Traits.DVocab < corpus.Tokenizer.IdCount)
            throw TwinErrors.VocabularyTooSmall(where, recipe.Traits.DVocab, corpus.TokenizerPath, corpus.Tokenizer.IdCount);
        if (!forms.TryGetValue(recipe.Traits, out var form))
        {
            form = ModelForm.Of(recipe.Traits, where);
            forms[recipe.Traits] = form = corpus is null ? form : form with { Config = corpus.Config(form.Config) };
        }
        return new(levels, recipe, form);
    }

    static List<ulong> Seeds(YamlMap root, HashSet<string> set)
    {
        if (!root.Has("seeds")) return [1];
        if (set.Contains("weight_seed") && set.Contains("data_seed")) throw TwinErrors.SeedsTwice(root.PlaceOf("seeds"));
        var texts = root.Texts("seeds");
        if (texts is [var one] && !root.IsList("seeds"))
            return int.TryParse(one.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostSeeds
                ? [.. Enumerable.Range(1, count).Select(seed => (ulong)seed)]
                : throw YamlErrors.NotANumber(one.Place, "seeds", one.Value, FormattableString.Invariant($"a whole number from 1 to {MostSeeds}, or a list of seeds"));
        return [.. texts.Select(text => ulong.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw YamlErrors.NotANumber(text.Place, "seeds", text.Value, "a whole number of at least 0")).Distinct()];
    }

    /// <summary>A seed is that of weights and texts, or of the one that is not set by itself.</summary>
    static TwinRecipe Seeded(TwinRecipe recipe, ulong seed, HashSet<string> set) => recipe with
    {
        Options = recipe.Options with
        {
            WeightSeed = set.Contains("weight_seed") ? recipe.Options.WeightSeed : seed,
            DataSeed = set.Contains("data_seed") ? recipe.Options.DataSeed : seed,
        },
    };
}
