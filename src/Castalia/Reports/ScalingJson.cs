using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>What <c>castalia scaling --json</c> prints.</summary>
public static class ScalingJson
{
    /// <summary>The document.</summary>
    /// <param name="scaling">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static JsonObject Of(Scaling scaling, string folder, long seed) => new()
    {
        ["format"] = "castalia scaling 1",
        ["runs"] = folder,
        ["seed"] = seed,
        ["families"] = FigureJson.Texts(scaling.Families),
        ["models"] = FigureJson.All(scaling.Models, Model),
        ["fits"] = new JsonObject
        {
            ["attention_contracts"] = Fit(scaling.AttentionContracts),
            ["last_mlp_gain"] = Fit(scaling.LastMlpGain),
            ["residual_gain"] = Fit(scaling.ResidualGain),
        },
    };

    static JsonObject Model(ScaledModel m) => new()
    {
        ["run"] = m.Run,
        ["model"] = m.Model,
        ["identity"] = m.Weights,
        ["family"] = m.Family,
        ["parameters"] = m.Parameters,
        ["n_layers"] = m.Blocks.Count,
        ["attention_contracts"] = FigureJson.Number(m.AttentionContracts),
        ["last_mlp_gain"] = FigureJson.Number(m.LastMlpGain),
        ["residual_gain"] = FigureJson.Of(m.ResidualGain),
        ["blocks"] = FigureJson.All(m.Blocks, b => new JsonObject
        {
            ["layer"] = b.Layer,
            ["submodule_gain_attn"] = b.SubmoduleGainAttn,
            ["submodule_gain_mlp"] = b.SubmoduleGainMlp,
        }),
    };

    static JsonObject Fit(Figure<PowerLaw> fit) => FigureJson.Of(fit, f => new()
    {
        ["n"] = f.N,
        ["alpha"] = f.Alpha,
        ["alpha_se"] = f.AlphaSe,
        ["alpha_interval95"] = FigureJson.Of(f.AlphaInterval95),
        ["beta"] = f.Beta,
        ["beta_se"] = f.BetaSe,
        ["p"] = f.P,
        ["r2"] = f.R2,
        ["leave_one_out_alpha"] = FigureJson.Of(f.LeaveOneOut),
        ["method"] = "least squares of log10(y) on log10(parameters), Student's t",
    });
}
