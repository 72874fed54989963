using Castalia.Reports.Pages;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia twins --verify</c> prints for people.</summary>
static class TwinVerificationReport
{
    /// <summary>The page.</summary>
    public static Page Of(IReadOnlyList<VerifiedTwin> verified) => new(
    [
        new Heading($"{Figures.Of(verified.Count, "shipped network")}, trained again"),
        new Gap(),
        .. verified.SelectMany(IEnumerable<PageBlock> (twin) =>
        [
            new Paragraph($"{twin.Shipped.Name}: {(twin.IsSame ? "the same" : "NOT the same")}, {FormattableString.Invariant($"{twin.Took.TotalSeconds:0.0}")} s"),
            .. twin.IsSame ? new[] { Hash(twin.Sha256) } : [Hash($"shipped {twin.Shipped.Sha256}"), Hash($"trained {twin.Sha256}")],
        ]),
        new Gap(),
        new Paragraph("SHA-256 of model.safetensors."),
    ]);

    static Paragraph Hash(string text) => new(text) { Indent = 4 };
}
