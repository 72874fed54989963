using Castalia.Architectures;

namespace Castalia.Anatomy.Weights;

/// <summary>Whether two checkpoints are revisions of one model.</summary>
static class Revisions
{
    /// <summary>Whether their weights correspond one to one: the same weights of the same shapes.</summary>
    public static bool Correspond(OpenWeights model, OpenWeights other) => Difference(model, other) is null;

    /// <summary>Refuses two whose weights do not correspond one to one.</summary>
    /// <exception cref="InputException">They do not.</exception>
    internal static void CheckSameModel(OpenWeights model, OpenWeights other)
    {
        if (Difference(model, other) is { } d) throw AnatomyErrors.OtherShape(model.Name, other.Name, d.Property, d.Ours, d.Theirs);
    }

    /// <summary>The first thing in which they do not; null for none.</summary>
    static (string Property, string Ours, string Theirs)? Difference(OpenWeights model, OpenWeights other)
    {
        var (a, b) = (model.Architecture, other.Architecture);
        (string Property, object Ours, object Theirs)[] properties =
        [
            ("d_model", a.DModel, b.DModel),
            ("the number of blocks", a.NLayers, b.NLayers),
            ("the number of query heads", a.NHeads, b.NHeads),
            ("the number of key/value heads", a.NKvHeads, b.NKvHeads),
            ("head_dim", a.HeadDim, b.HeadDim),
            ("d_ff", a.DFf, b.DFf),
            ("d_vocab", a.DVocab, b.DVocab),
            ("the list of weights", Places(model), Places(other)),
        ];
        foreach (var (property, ours, theirs) in properties)
            if (!ours.Equals(theirs)) return (property, $"{ours}", $"{theirs}");
        return null;
    }

    /// <summary>How many weights there are of each role, as text.</summary>
    static string Places(OpenWeights model) => string.Join(", ", model.Unowned.Concat(Enumerable.Range(0, model.Architecture.NLayers).SelectMany(model.Of))
        .CountBy(place => place.Role).Select(pair => $"{pair.Value} × {pair.Key}"));
}
