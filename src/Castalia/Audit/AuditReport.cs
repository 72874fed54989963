using Castalia.Errors;

namespace Castalia.Audit;

/// <summary>How much a finding says against a series of revisions.</summary>
enum Severity
{
    /// <summary>Known, and no fault.</summary>
    Note,
    /// <summary>Something is not what it is said to be.</summary>
    Defect,
}

/// <summary>What an audit can find.</summary>
enum FindingKind
{
    /// <summary>Revisions of different steps hold the same weights.</summary>
    SameWeights,
    /// <summary>Steps 0 and 1 do.</summary>
    FirstStep,
    /// <summary>A step and a revision without a number do: a second name.</summary>
    AnotherName,
    /// <summary>Some weights are shared by revisions that differ in the rest.</summary>
    ForeignTensors,
    /// <summary>A step 0 is not as its family is documented to begin.</summary>
    InitialStatistics,
}

/// <summary>One thing that was found.</summary>
/// <param name="Kind">What.</param>
/// <param name="Severity">How much it says.</param>
/// <param name="Revisions">Of which revisions.</param>
/// <param name="Same">Of revisions that hold the same weights, which.</param>
/// <param name="Shared">Of weights that are shared, which.</param>
/// <param name="Initial">Of a step 0, what it is like.</param>
sealed record AuditFinding(
    FindingKind Kind, Severity Severity, IReadOnlyList<string> Revisions, SameWeights? Same = null, SharedTensors? Shared = null, InitialStatistics? Initial = null);

/// <summary>What comparing the revisions of one model brought to light.</summary>
/// <param name="Revisions">The revisions, by step, those without one last.</param>
/// <param name="Findings">What was found; none for nothing.</param>
sealed record AuditReport(IReadOnlyList<TensorHashes> Revisions, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Nothing is wrong; there may be notes.</summary>
    public bool IsClean => Findings.All(finding => finding.Severity == Severity.Note);

    /// <summary>Compares revisions.</summary>
    /// <param name="revisions">Revisions of one model, each under a name of its own.</param>
    /// <param name="distance">Of tensors of two revisions, by which the owner of shared ones is found; null for not.</param>
    /// <param name="initial">Statistics of revisions that are said to be untrained; none for not.</param>
    /// <exception cref="InputException">Two of one name, or revisions that are not one model's.</exception>
    public static AuditReport Of(IReadOnlyList<TensorHashes> revisions, SharedTensors.Distance? distance = null, params IReadOnlyList<InitialStatistics> initial)
    {
        TensorHashes[] ordered = [.. revisions.OrderBy(revision => revision.Step ?? long.MaxValue).ThenBy(revision => revision.Name, StringComparer.Ordinal)];
        CheckOneModel(ordered);
        return new(ordered,
        [
            .. SameWeights.Among(ordered).Select(OfSame),
            .. SharedTensors.Among(ordered, distance).Select(shared => new AuditFinding(FindingKind.ForeignTensors, Severity.Defect, shared.Revisions, Shared: shared)),
            .. initial.Where(one => one.Contradicts)
                .Select(one => new AuditFinding(FindingKind.InitialStatistics, one.IsKnownError ? Severity.Note : Severity.Defect, [one.Model], Initial: one)),
        ]);
    }

    static AuditFinding OfSame(SameWeights same) => same switch
    {
        { IsFirstStep: true } => new(FindingKind.FirstStep, Severity.Note, same.Revisions, same),
        { IsAnotherName: true } => new(FindingKind.AnotherName, Severity.Note, same.Revisions, same),
        _ => new(FindingKind.SameWeights, Severity.Defect, same.Revisions, same),
    };

    static void CheckOneModel(TensorHashes[] revisions)
    {
        foreach (var twice in revisions.GroupBy(revision => revision.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)) throw AuditErrors.NameTwice(twice.Key);
        foreach (var revision in revisions.Skip(1))
        {
            var (first, second) = (Weights(revisions[0]), Weights(revision));
            if (first.Except(second).FirstOrDefault() is { } missing) throw AuditErrors.OtherTensors(revisions[0].Name, revision.Name, missing, revisions[0].Name);
            if (second.Except(first).FirstOrDefault() is { } more) throw AuditErrors.OtherTensors(revisions[0].Name, revision.Name, more, revision.Name);
        }

        static HashSet<string> Weights(TensorHashes revision) => [.. revision.Tensors.Where(tensor => tensor.IsWeight).Select(tensor => tensor.Name)];
    }
}
