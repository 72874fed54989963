using Castalia.Errors;

namespace Castalia.Audit;

/// <summary>Revisions that hold the same weights, byte for byte.</summary>
/// <param name="Revisions">Their names, by step, those without one last.</param>
/// <param name="Steps">The steps among them.</param>
sealed record SameWeights(IReadOnlyList<string> Revisions, IReadOnlyList<long> Steps)
{
    /// <summary>Steps 0 and 1 and nothing else: the first step of GPT-NeoX is taken at a learning rate of 0, in every Pythia.</summary>
    public bool IsFirstStep => Revisions.Count == 2 && Steps is [0, 1];

    /// <summary>One step, and revisions without a number: <c>main</c> is the last step under another name.</summary>
    public bool IsAnotherName => Steps.Count <= 1;

    /// <summary>The groups among some revisions, in their order.</summary>
    public static IReadOnlyList<SameWeights> Among(IReadOnlyList<TensorHashes> revisions) => Among(revisions.Select(one => (one.Name, one.Step, one.WeightsSha256)));

    /// <summary>The same of revisions whose weights were hashed before.</summary>
    /// <param name="revisions">Name, step and a hash of all tensors of each.</param>
    public static IReadOnlyList<SameWeights> Among(IEnumerable<(string Name, long? Step, string Sha256)> revisions) =>
    [
        .. revisions.GroupBy(revision => revision.Sha256, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => new SameWeights(
            [.. group.OrderBy(one => one.Step ?? long.MaxValue).Select(one => one.Name)], [.. group.Select(one => one.Step).OfType<long>().Order()])),
    ];

    /// <summary>Refuses revisions of which two hold the same weights, other than steps 0 and 1.</summary>
    /// <param name="revisions">The revisions of one curve.</param>
    /// <exception cref="InputException">Two do.</exception>
    public static void Refuse(IReadOnlyList<TensorHashes> revisions)
    {
        foreach (var same in Among(revisions))
            if (!same.IsFirstStep) throw AuditErrors.SameWeights(same.Revisions);
    }
}
