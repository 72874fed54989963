using Castalia.Errors;

namespace Castalia.Literature;

/// <summary>What can be wrong with the lists of works and analogies, and with what is asked of them.</summary>
static class LiteratureErrors
{
    /// <summary>Two entries of one id.</summary>
    public static InputException IdTwice(string place, string id, string other) => new(
        $"The id '{id}' is there twice.", place, $"The other is {other}; give this one another id.");

    /// <summary>A hypothesis that does not ship.</summary>
    public static InputException NoSuchHypothesis(string place, string id, string? nearest) => new(
        $"There is no hypothesis '{id}'.", place, nearest is null ? "'castalia hypotheses' lists them." : $"Did you mean '{nearest}'? 'castalia hypotheses' lists them.");

    /// <summary>A reference to a work that is not listed.</summary>
    public static InputException UnlistedWork(string place, string id, string? nearest) => new(
        $"There is no work '{id}' in the bibliography.", place, nearest is null ? "Add it to literature.yaml." : $"Did you mean '{nearest}'? Or add it to literature.yaml.");

    /// <summary>A work that is asked for and is not there.</summary>
    public static InputException NoSuchWork(string id, string? nearest) => new(
        $"There is no work '{id}' in the bibliography.", "the works that ship", nearest is null ? "Their ids are in literature.yaml." : $"Did you mean '{nearest}'?");

    /// <summary>A command that cannot be one of ours.</summary>
    public static InputException NoCommand(string place, string command) => new(
        $"'{command}' is no command of Castalia.", place, "Write castalia and a verb, or none where nothing measures it yet.");
}
