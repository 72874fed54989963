using System.Text.Json.Serialization;

namespace Castalia.Published;

/// <summary>Submodule gains of models of one family, and a power law of the last MLP's gain.</summary>
/// <param name="File">Result file.</param>
/// <param name="Published">The fit as published, by <see cref="PublishedStatistic"/> name.</param>
/// <param name="Sizes">The models, smallest first.</param>
sealed record SubmoduleSeries(string File, IReadOnlyDictionary<string, double> Published, IReadOnlyList<SubmoduleSize> Sizes);

/// <summary>Submodule gains of one model: ‖output‖/‖normed input‖, token-mean norms, mean over four prompts.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Parameters">Parameters the study counted.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="DModel">Width of the stream.</param>
/// <param name="AttnGains">Attention's gain of each block.</param>
/// <param name="MlpGains">The MLP's gain of each block.</param>
/// <param name="AttnContractingPercent">Share of blocks whose attention gain is below 1, as published; per cent.</param>
/// <param name="LastMlpGain">The last MLP's gain, as published.</param>
sealed record SubmoduleSize(
    string Model, long Parameters, int Layers, int DModel, IReadOnlyList<double> AttnGains, IReadOnlyList<double> MlpGains,
    double AttnContractingPercent, double LastMlpGain)
{
    /// <summary>Blocks whose attention gain is below 1.</summary>
    [JsonIgnore]
    public int AttnContracting => AttnGains.Count(gain => gain < 1);
}

/// <summary>Gains that one result file took from Hugging Face's <c>hidden_states</c>.</summary>
/// <param name="File">Result file.</param>
/// <param name="Published">Statistics over its models, by <see cref="PublishedStatistic"/> name.</param>
/// <param name="Models">Its models.</param>
sealed record HiddenStateSeries(string File, IReadOnlyDictionary<string, double> Published, IReadOnlyList<HiddenStateModel> Models);

/// <summary>One model of such a file.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="DModel">Width of the stream.</param>
/// <param name="HeadDim">Width of a head.</param>
/// <param name="GainNoLn"><c>hidden_states[-2]/[-3]</c>, mean over prompts: the block before the last.</param>
/// <param name="GainNoLnSd">Its standard deviation, n in the variance.</param>
/// <param name="GainWithLn"><c>hidden_states[-1]/[-2]</c>, mean over prompts: after the final norm.</param>
/// <param name="GainWithLnSd">Its standard deviation, n in the variance.</param>
/// <param name="IsDampening">Whether the study called it dampening.</param>
/// <param name="StepGains">Mean of <c>hidden_states[i+1]/[i]</c> for every i, as published.</param>
/// <param name="PromptGains"><c>hidden_states[-2]/[-3]</c> of each prompt; empty where not published.</param>
sealed record HiddenStateModel(
    string Model, int Layers, int Heads, int DModel, int HeadDim, double GainNoLn, double GainNoLnSd, double GainWithLn, double GainWithLnSd,
    bool IsDampening, IReadOnlyList<double> StepGains, IReadOnlyList<double> PromptGains)
{
    /// <summary>ρ = heads / head_dim, the study's "dimensional crowding".</summary>
    [JsonIgnore]
    public double Crowding => (double)Heads / HeadDim;
}
