using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published.Files;

/// <summary>Reads the submodule gains of the Pythia sizes.</summary>
static class SubmoduleGains
{
    /// <summary>The sizes, in the file's order, and the published fit.</summary>
    public static SubmoduleSeries Read(ResultFile file)
    {
        var fit = file.Root["scaling_law"];
        var models = file.Root["models"];
        int wanted = file.Root["n_models"].Count();
        SubmoduleSize[] sizes = [.. models.Items().Select(Size)];
        if (sizes.Length != wanted) throw PublishedErrors.Count(models.File, models.Path, sizes.Length, wanted, "models");
        return new(file.Name, new Dictionary<string, double>
        {
            [Exponent] = fit["exponent_alpha"].Number(),
            [ExponentSe] = fit["exponent_std_err"].Number(),
            [Intercept] = fit["intercept"].Number(),
            [R2] = fit["r_squared"].Number(),
            [ExponentP] = fit["p_value"].Number(),
        }, sizes);
    }

    static SubmoduleSize Size(ResultField model)
    {
        int layers = model["n_layers"].Count();
        var size = new SubmoduleSize(
            model["model"].Text(), model["n_params"].BigCount(), layers, model["hidden_dim"].Count(), Gains("attn_gains"), Gains("mlp_gains"),
            model["attn_contracting_pct"].NotNegative(), model["last_layer_mlp_gain"].Positive());
        return size.MlpGains[^1] == size.LastMlpGain
            ? size
            : throw PublishedErrors.Contradiction(model.File, model.Path, "'last_layer_mlp_gain' is not the last of 'mlp_gains'");

        IReadOnlyList<double> Gains(string name)
        {
            double[] gains = [.. model[name].Items().Select(item => item.Positive())];
            return gains.Length == layers ? gains : throw PublishedErrors.Count(model.File, model[name].Path, gains.Length, layers, "gains");
        }
    }
}
