using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>What can be wrong with what an analysis is asked.</summary>
static class AnalysisErrors
{
    /// <summary>A family filter that leaves nothing.</summary>
    public static InputException NoSuchFamily(string family, IEnumerable<string> present) => new(
        cause: $"No model of these runs is of family '{family}'.",
        place: "--family",
        remedy: $"Give a model_type, or a part of a model's name; there are {string.Join(", ", present)}.");
}
