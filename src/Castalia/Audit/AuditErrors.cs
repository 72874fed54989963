using Castalia.Errors;

namespace Castalia.Audit;

/// <summary>Every message with which an audit can fail.</summary>
static class AuditErrors
{
    public static InputException ChangedMeanwhile(string file) => new(
        "The file changed while it was read, so that its hashes are of no one state of it.", file, "Wait until whoever writes it is done, and audit it again.");

    public static InputException SameWeights(IReadOnlyList<string> revisions) => new(
        $"{revisions.Count} revisions hold the same weights, byte for byte: {string.Join(", ", revisions)}.", "weights of the revisions named",
        "A curve over steps needs the weights of each step: leave out all of them but the one that is known to be genuine, or fetch them again. castalia audit says more.");

    public static InputException OtherTensors(string first, string second, string tensor, string holder) => new(
        $"The two revisions are not one model: '{tensor}' is in {holder} alone.", $"{first} and {second}", "Audit revisions of one model at a time.");

    public static InputException NameTwice(string name) => new(
        $"Two revisions are called '{name}'.", "revisions to be audited", "Give every revision a name of its own.");
}
