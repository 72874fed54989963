using Castalia.Architectures;

namespace Castalia.Anatomy.Weights;

/// <summary>Whether two checkpoints are revisions of one model.</summary>
static class Revisions
{
    /// <summary>Refuses two whose weights do not correspond one to one.</summary>
    /// <exception cref="Errors.InputException">They do not.</exception>
    public static void CheckSameModel(OpenWeights model, OpenWeights other)
    {
        var (a, b) = (model.Architecture, other.Architecture);
        Check("d_model", a.DModel, b.DModel);
        Check("the number of blocks", a.NLayers, b.NLayers);
        Check("the number of query heads", a.NHeads, b.NHeads);
        Check("the number of key/value heads", a.NKvHeads, b.NKvHeads);
        Check("head_dim", a.HeadDim, b.HeadDim);
        Check("d_ff", a.DFf, b.DFf);
        Check("d_vocab", a.DVocab, b.DVocab);
        Check("the list of weights", Places(model), Places(other));

        void Check<T>(string property, T ours, T theirs)
        {
            if (!Equals(ours, theirs)) throw AnatomyErrors.OtherShape(model.Name, other.Name, property, $"{ours}", $"{theirs}");
        }
    }

    /// <summary>How many weights there are of each role, as text.</summary>
    static string Places(OpenWeights model) => string.Join(", ", model.Unowned.Concat(Enumerable.Range(0, model.Architecture.NLayers).SelectMany(model.Of))
        .CountBy(place => place.Role).Select(pair => $"{pair.Value} × {pair.Key}"));
}
