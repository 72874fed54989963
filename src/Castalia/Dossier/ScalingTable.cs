using Castalia.Cards;
using Castalia.Published;

namespace Castalia.Dossier;

/// <summary>A line of the study's table over the sizes of Pythia.</summary>
/// <param name="Card">The size.</param>
/// <param name="Submodules">The study's submodule gains; null where it has none.</param>
/// <param name="Gain">Gain of the last block, of a stored run or of the study; null where nobody measured it.</param>
sealed record ScalingLine(Card Card, SubmoduleSize? Submodules, GainOfModel? Gain)
{
    /// <summary>The command that would fill the blank.</summary>
    public string Command => $"castalia measure {Card.Hub[0]}";

    /// <summary>The sizes that the study's table has, smallest first.</summary>
    public static IReadOnlyList<ScalingLine> All(DossierEvidence evidence)
    {
        var study = PublishedStudy.Shipped;
        return
        [
            .. study.Scaling.Sizes.Select(size => ModelCards.Named(size.Model)).OrderBy(card => card.Number("parameters")).Select(card => new ScalingLine(
                card, study.Scaling.Sizes.FirstOrDefault(size => size.Model == card.Model),
                evidence.Stored.FirstOrDefault(gain => card.Hub.Contains(gain.Model, StringComparer.OrdinalIgnoreCase)) ?? evidence.Stored.Where(gain => IsNamed(card, gain)).Select(ByName).FirstOrDefault() ??
                evidence.Published.FirstOrDefault(gain => gain.Model.Equals(card.Model, StringComparison.OrdinalIgnoreCase)))),
        ];
    }

    /// <summary>A name is no identity; with as many parameters it is likely, and said.</summary>
    static bool IsNamed(Card card, GainOfModel gain) => gain.Model.Equals(card.Model, StringComparison.OrdinalIgnoreCase) && gain.Parameters == card.Number("parameters");

    static GainOfModel ByName(GainOfModel gain) => gain with { Source = $"{gain.Source}, by its folder's name" };
}
