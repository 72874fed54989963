using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published.Files;

/// <summary>The statistics that each result file states, under one set of names.</summary>
static class PublishedFigures
{
    /// <summary>Four models: means, extremes, and correlations of gain with entropy.</summary>
    public static Dictionary<string, double> Benchmark(ResultField root, string model)
    {
        var range = root["modulation_ranges"][model];
        var correlation = Of(root["entropy_correlations"], model);
        return new()
        {
            [Mean] = root["base_levels"][model].Number(),
            [Min] = range["min"].Number(),
            [Max] = range["max"].Number(),
            [GainPearson] = correlation["Pearson_r"].Number(),
            [GainPearsonP] = correlation["Pearson_p"].Number(),
            [GainSpearman] = correlation["Spearman_r"].Number(),
            [GainSpearmanP] = correlation["Spearman_p"].Number(),
        };
    }

    /// <summary>One model: the gains and a one-sided test.</summary>
    public static Dictionary<string, double> GptJ(ResultField root, string model)
    {
        string named = root["model"].Text();
        if (named != model) throw PublishedErrors.AnotherStudy(root.File, "model", named, model);
        var results = root["results"];
        return new()
        {
            [Mean] = results["mean_gain"].Number(),
            [Sd] = results["std_gain"].Number(),
            [Min] = results["min_gain"].Number(),
            [Max] = results["max_gain"].Number(),
            [T] = results["t_statistic"].Number(),
            [PLess] = results["p_value_one_sided"].Number(),
        };
    }

    /// <summary>Three models: the same, and correlations of |gain − 1| with entropy.</summary>
    public static Dictionary<string, double> Gpt2(ResultField root, string model)
    {
        var gains = Of(root["validation_results"], model);
        var bentov = Of(root["bentov_law_results"], model);
        return new()
        {
            [Mean] = gains["Mean_Gain"].Number(),
            [Sd] = gains["Std"].Number(),
            [Min] = gains["Min"].Number(),
            [Max] = gains["Max"].Number(),
            [T] = gains["t_stat"].Number(),
            [PLess] = gains["p_value"].Number(),
            [DeviationPearson] = bentov["Bentov_Correlation"].Number(),
            [DeviationPearsonP] = bentov["p_value"].Number(),
        };
    }

    static ResultField Of(ResultField list, string model)
    {
        foreach (var item in list.Items())
            if (item["Model"].Text() == model) return item;
        throw PublishedErrors.Missing(list.File, list.Path, $"Model = {model}");
    }
}
