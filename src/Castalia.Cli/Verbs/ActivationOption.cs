using System.CommandLine;
using Castalia.Architectures;

namespace Castalia.Cli.Verbs;

/// <summary>--activation.</summary>
static class ActivationOption
{
    /// <summary>For verbs that compute.</summary>
    public static Choice<GeluChoice> Build() => new("--activation",
        "Which GELU: the config's, the exact one, or its tanh approximation, with which every Pythia was trained although its config says otherwise.",
        [.. Enum.GetValues<GeluChoice>().Select(choice => (choice.Word(), choice))]);
}
