namespace Castalia.Analyses;

/// <summary>In what the models of a table were not measured alike.</summary>
static class Comparability
{
    /// <summary>The prompts' respect, by which rows of a table are incomparable and paired figures are not.</summary>
    public const string Prompts = "prompts";

    /// <summary>Each respect in which not all are the same, for people; empty where rows may be compared.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<MeasuredModel> models)
    {
        List<string> different = [];
        if (Vary(m => m.PromptsSha256)) different.Add(Prompts);
        if (Vary(m => m.Settings.Bos)) different.Add("BOS");
        if (Vary(m => m.Settings.Activation)) different.Add("activation");
        if (Vary(m => m.Settings.Software)) different.Add("software");
        return different;

        bool Vary(Func<MeasuredModel, string> of) => models.Select(of).Distinct(StringComparer.Ordinal).Count() > 1;
    }
}
