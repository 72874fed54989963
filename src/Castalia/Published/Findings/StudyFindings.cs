namespace Castalia.Published;

/// <summary>The findings of a part, in the order they are printed.</summary>
static class StudyFindings
{
    /// <summary>One sentence or two each.</summary>
    public static IReadOnlyList<string> Of(StudyReview review, StudyPart part) => part switch
    {
        StudyPart.Table => [GainFindings.Reproduced(review), GainFindings.Status(review), GainFindings.SinglePrompts(review), .. GainFindings.Direction(review)],
        StudyPart.Bentov => [.. BentovFindings.SignIdentity(review), BentovFindings.AfterHolm(review), BentovFindings.Signs(review)],
        StudyPart.Conventions => [ConventionFindings.Steps(review), .. ConventionFindings.Shared(review), .. ConventionFindings.Crowding(review)],
        StudyPart.Scaling => [.. ScalingFindings.Exponent(review), ScalingFindings.Attention(review)],
        StudyPart.Resolution => [ResolutionFindings.Types(review), .. ResolutionFindings.BFloat16(review), .. ResolutionFindings.Float16(review)],
        StudyPart.Hypotheses => [.. HypothesisFindings.Causes(review), HypothesisFindings.StudyVerdicts(review), HypothesisFindings.Reach(review)],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
