using Castalia.Published;

namespace Castalia.Dossier;

/// <summary>Something worth measuring.</summary>
/// <param name="Hypotheses">Ids of the hypotheses that turn on it.</param>
/// <param name="What">What is measured.</param>
/// <param name="Command">The command that measures it.</param>
sealed record NextMeasurement(IReadOnlyList<string> Hypotheses, string What, string Command)
{
    /// <summary>Those that ship, the one that most hypotheses turn on first.</summary>
    public static IReadOnlyList<NextMeasurement> Shipped { get; } =
    [
        .. EmbeddedText.Of("next.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" | "))
            .Select(parts => new NextMeasurement(parts[0].Split(' '), parts[1], parts[2])).OrderByDescending(next => next.Hypotheses.Count),
    ];
}
