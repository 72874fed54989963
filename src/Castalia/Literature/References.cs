using Castalia.Cards;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Literature;

/// <summary>What cards and remarks refer to in the bibliography.</summary>
static class References
{
    /// <summary>The works that a card's values are from, each once, in the order of the fields.</summary>
    /// <exception cref="InputException">It refers to a work that is not listed.</exception>
    public static IReadOnlyList<Work> Of(Card card) =>
        [.. card.Values.SelectMany(value => value.Sources.Where(source => source.Literature is not null).Select(source => Work(source.Literature!, value.Place))).Distinct()];

    /// <summary>The works that a remark is from.</summary>
    /// <exception cref="InputException">It refers to a work that is not listed.</exception>
    public static IReadOnlyList<Work> Of(FieldRemark remark) => [.. remark.Literature.Select(id => Work(id, remark.Place))];

    static Work Work(string id, string place) =>
        Bibliography.BuiltIn.FirstOrDefault(work => work.Id == id) ?? throw LiteratureErrors.UnlistedWork(place, id, Nearest.Of(id, Bibliography.BuiltIn.Select(work => work.Id)));
}
