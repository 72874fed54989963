namespace Castalia.Analyses;

/// <summary>What a run was made with.</summary>
sealed record SettingsDocument(string Run, string PromptSet, string Bos, string Activation, long Seed, string Software)
{
    public static SettingsDocument Of(RunSettings s) => new(s.Run, s.PromptSet, s.Bos, s.Activation, s.Seed, s.Software);
}

/// <summary>Which model of which run, and its size.</summary>
sealed record ModelDocument(
    string Run, string Model, int Blocks, long Parameters, string Activation, int Prompts, string PromptsSha256, string? WeightsSha256, string Identity, string IdentityBasis,
    string ArithmeticSha256)
{
    public static ModelDocument Of(MeasuredModel m) => new(
        m.Settings.Run, m.Name, m.Blocks, m.Parameters, m.Activation, m.Prompts.Count, m.PromptsSha256, m.Identity.WeightsSha256, m.Identity.Weights,
        m.Identity.Basis.ToString().ToLowerInvariant(), m.Identity.Arithmetic);
}
