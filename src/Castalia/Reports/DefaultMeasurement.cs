using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Twins;

namespace Castalia.Reports;

/// <summary>What <c>castalia measure</c> says of a run, and of the trained twins beside it where no model is named.</summary>
static class DefaultMeasurement
{
    /// <summary>The page: the run's models, then the twins and what made the difference between them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="twins">The twins' run; null where a model was named.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Page Page(Run run, Run? twins, CancellationToken cancellation)
    {
        var page = MeasureReport.Of(run, cancellation);
        if (twins is null) return page;
        var read = ShippedMeasuring.Read(twins, cancellation);
        return new(
        [
            .. page.Blocks,
            .. twins.Models.SelectMany(model => MeasureReport.OfModel(model, twins, cancellation).Blocks.Append(new Gap())),
            .. ShippedTwinsReport.Of(read, TwinPair.Of(read, twins.Options.Seed, cancellation)).Blocks,
            new Gap(),
        ]);
    }

    /// <summary>The run's summary; with twins, theirs and what they say under <c>twins</c>.</summary>
    public static JsonObject Document(Run run, Run? twins, CancellationToken cancellation)
    {
        var document = Summary.Of(run, cancellation);
        if (twins is null) return document;
        var read = ShippedMeasuring.Read(twins, cancellation);
        var of = JsonText.Node(ShippedDocument.Of(read, TwinPair.Of(read, twins.Options.Seed, cancellation)), ShippedJson.Default);
        of["summary"] = Summary.Of(twins, cancellation);
        document["twins"] = of;
        return document;
    }
}
