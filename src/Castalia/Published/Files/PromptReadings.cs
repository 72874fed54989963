using Castalia.Prompts;

namespace Castalia.Published.Files;

/// <summary>Reads one result for each model and prompt, and checks that every model was fed the same prompts in the same order.</summary>
static class PromptReadings
{
    static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Factual"] = "factual",
        ["Syntactic"] = "syntactic",
        ["Cliche"] = "cliché",
        ["Novel"] = "novel",
        ["Nonsense"] = "nonsense",
    };

    /// <summary>The prompts of a file's first model; their texts only serve to tell prompts apart.</summary>
    public static IReadOnlyList<(StudyPrompt Prompt, string Text)> Prompts(ResultFile file)
    {
        var results = file.Root["all_results"];
        var first = ByModel(results, file.Root["n_prompts"].Count())[0];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var prompts = new List<(StudyPrompt, string)>();
        foreach (var result in first)
        {
            string category = Category(result["Category"]);
            counts[category] = counts.GetValueOrDefault(category) + 1;
            prompts.Add((new(prompts.Count, category, counts[category], result["Complexity"].Count()), result["Prompt"].Text()));
        }
        return prompts;
    }

    /// <summary>The models of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prompts">What each must have been fed.</param>
    /// <param name="published">Statistics the file states of a model.</param>
    public static IEnumerable<StudyModel> Models(
        ResultFile file, IReadOnlyList<(StudyPrompt Prompt, string Text)> prompts, Func<ResultField, string, Dictionary<string, double>> published)
    {
        foreach (var results in ByModel(file.Root["all_results"], prompts.Count))
        {
            string model = results[0]["Model"].Text();
            int layers = results[0]["N_Layers"].Count();
            string norm = results[0]["Norm_Type"].Text();
            var readings = new List<StudyReading>();
            foreach (var result in results)
            {
                var (prompt, text) = prompts[readings.Count];
                if (result["Prompt"].Text() != text || Category(result["Category"]) != prompt.Category)
                    throw PublishedErrors.OtherPrompt(result.File, result.Path + ".Prompt", prompt.Index);
                if (result["N_Layers"].Count() != layers || result["Norm_Type"].Text() != norm)
                    throw PublishedErrors.Contradiction(result.File, result.Path, $"Blocks or norm are not those of {model}'s first result");
                readings.Add(new(
                    prompt.Index, result["Last_Gain"].Positive(), result["Entropy"].NotNegative(), result["Total_Amp"].Positive(),
                    Probability(result["Top_Prob"])));
            }
            var grid = NormGrid.Of([.. readings.Select(r => r.Gain), .. readings.Select(r => r.TotalAmplification)]);
            yield return new(model, file.Name, norm, layers, grid, published(file.Root, model), readings);
        }
    }

    static List<IReadOnlyList<ResultField>> ByModel(ResultField results, int prompts)
    {
        var models = new List<IReadOnlyList<ResultField>>();
        foreach (var group in results.Items().GroupBy(result => result["Model"].Text()))
        {
            ResultField[] items = [.. group];
            if (items.Length != prompts) throw PublishedErrors.Count(results.File, results.Path, items.Length, prompts, $"results of {group.Key}");
            models.Add(items);
        }
        return models.Count > 0 ? models : throw PublishedErrors.Count(results.File, results.Path, 0, prompts, "results");
    }

    static string Category(ResultField field) => Categories.TryGetValue(field.Text(), out string? ours)
        ? ours
        : throw PublishedErrors.WrongKind(field.File, field.Path, $"the text '{field.Text()}'", $"one of {string.Join(", ", Categories.Keys)}");

    static double Probability(ResultField field) => field.NotNegative() is <= 1 and var p
        ? p
        : throw PublishedErrors.WrongKind(field.File, field.Path, field.Value.ToString(), "a probability");
}
