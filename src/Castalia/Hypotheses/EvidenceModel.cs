namespace Castalia.Hypotheses;

/// <summary>What is known of a model of a run that a query gives rows of, besides those rows.</summary>
/// <param name="Label">What it is called: its name, with digits of its hash where another model has that name too.</param>
/// <param name="Identity">By what it is told from other models: its weights.</param>
/// <param name="Conditions">What models must share to be compared: prompts and BOS policy.</param>
/// <param name="PromptSet">What its run calls those prompts, for people.</param>
/// <param name="Unfit">Why no verdict may rest on it; null where one may.</param>
sealed record EvidenceModel(string Label, string Identity, string Conditions, string PromptSet, string? Unfit)
{
    /// <summary>Of rows that are no stored run's: a query's own, told apart by the names it gives them.</summary>
    public static EvidenceModel Named(string model) => new(model, model, "", "", null);
}
