using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published.Files;

/// <summary>Reads the three files whose gains come from <c>hidden_states</c>; they spell the same fields in three ways.</summary>
static class HiddenStateGains
{
    /// <summary>Two models, three prompts, float32.</summary>
    public static HiddenStateSeries Clean(ResultFile file) => new(file.Name, new Dictionary<string, double>(),
        [.. file.Root["results"].Members().Select(m => Model(m.Field, "gain_no_ln_mean", "gain_no_ln_std", "is_dampening_no_ln"))]);

    /// <summary>Eight Pythia sizes, with the gain of each prompt.</summary>
    public static HiddenStateSeries Family(ResultFile file)
    {
        var analysis = file.Root["analysis"];
        int prompts = file.Root["n_prompts"].Count();
        return new(file.Name, new Dictionary<string, double>
        {
            [CrowdingPearson] = analysis["rho_gain_correlation"].Number(),
            [CrowdingPearsonP] = analysis["correlation_p_value"].Number(),
        },
        [.. file.Root["models"].Items().Select(m => Model(m, "residual_gain_mean", "residual_gain_std", "is_dampening", prompts))]);
    }

    /// <summary>Sixteen models of five makers.</summary>
    public static HiddenStateSeries Hunt(ResultFile file)
    {
        var models = file.Root["tested_results"];
        var read = models.Items().Select(m => Model(m, "gain_no_ln_mean", "gain_no_ln_std", "is_dampening")).ToArray();
        int wanted = file.Root["models_tested"].Count();
        return read.Length == wanted
            ? new(file.Name, new Dictionary<string, double> { [CrowdingAccuracy] = file.Root["h25_accuracy"].Number() }, read)
            : throw PublishedErrors.Count(models.File, models.Path, read.Length, wanted, "models");
    }

    static HiddenStateModel Model(ResultField m, string mean, string sd, string isDampening, int prompts = 0)
    {
        int layers = m["n_layers"].Count(), heads = m["n_heads"].Count(), headDim = m["d_head"].Count();
        var steps = m["all_layer_gains"].Numbers();
        if (steps.Count != layers) throw PublishedErrors.Count(m.File, m["all_layer_gains"].Path, steps.Count, layers, "gains");
        IReadOnlyList<double> each = prompts == 0 ? [] : m["residual_gain_all"].Numbers();
        if (each.Count != prompts) throw PublishedErrors.Count(m.File, m["residual_gain_all"].Path, each.Count, prompts, "gains");
        var model = new HiddenStateModel(
            m["model"].Text(), layers, heads, m["d_model"].Count(), headDim, m[mean].Positive(), m[sd].NotNegative(),
            m["gain_with_ln_mean"].Positive(), m["gain_with_ln_std"].NotNegative(), m[isDampening].Flag(), steps, each);
        return m["rho"].Number() == model.Crowding
            ? model
            : throw PublishedErrors.Contradiction(m.File, m["rho"].Path, $"ρ is not n_heads / d_head = {heads} / {headDim}");
    }
}
