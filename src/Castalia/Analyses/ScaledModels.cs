using Castalia.Errors;
using Castalia.Statistics;
using Castalia.Store;

namespace Castalia.Analyses;

/// <summary>Sizes for a study of scaling out of stored runs.</summary>
static class ScaledModels
{
    /// <summary>Every model of the runs that is counted, or those of one family.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="family">A model_type or a part of a model's name; null for all.</param>
    /// <param name="seed">Of the bootstrap intervals.</param>
    /// <param name="cancellation">Stops reading and resampling.</param>
    /// <exception cref="InputException">No model is of that family.</exception>
    public static IReadOnlyList<ScaledModel> Of(RunStore store, string? family, long seed, CancellationToken cancellation)
    {
        var blocks = store.Blocks(cancellation).ToLookup(b => (b.Run, b.Model));
        var gains = store.Gains(cancellation).ToLookup(g => (g.Run, g.Model), g => g.Gain);
        List<ScaledModel> all =
        [
            .. from counted in store.Counted.Models
               let run = counted.Run
               let model = counted.Model
               let key = (run.Name, model.Name)
               select new ScaledModel(
                   run.Name, model.Name, model.Family, model.Parameters,
                   [.. blocks[key].Select(b => new BlockGains(b.Layer, b.SubmoduleGainAttn, b.SubmoduleGainMlp))],
                   Describe.Of([.. gains[key].OfType<double>()], seed, cancellation))
               {
                   Label = store.Counted.Label(run, model),
                   Weights = model.Identity.Weights,
               },
        ];
        if (family is null) return all;
        List<ScaledModel> chosen = [.. all.Where(m => m.IsOf(family))];
        return chosen.Count > 0 ? chosen : throw AnalysisErrors.NoSuchFamily(family, all.Select(m => $"{m.Model} ({m.Family})").Distinct());
    }
}
