using Castalia.Dossier;
using Castalia.Reports.Pages;
using Castalia.Reports.Sections;

namespace Castalia.Reports;

/// <summary>What <c>castalia report</c> writes: one document over stored runs, the published study, or both.</summary>
static class ReportPage
{
    /// <summary>Its title.</summary>
    public const string Title = "The last-layer residual gain: a report";

    /// <summary>The document.</summary>
    /// <param name="evidence">What it is made from.</param>
    /// <param name="dossier">What the dossier is made from, where its chapters are to be included.</param>
    public static Page Of(ReportEvidence evidence, DossierEvidence? dossier) => new(
    [
        new Heading(Title),
        new Paragraph(GainsSection.Finding(evidence)),
        .. GainsSection.Of(evidence), .. DepthSection.Of(evidence), .. PlaneSection.Of(evidence), .. CategoriesSection.Of(evidence), .. EntropySection.Of(evidence), .. ConventionsSection.Of(evidence),
        .. AttributionSection.Of(evidence), .. InterventionsSection.Of(evidence), .. DynamicsSection.Of(evidence), .. CurvesSection.Of(evidence), .. VerdictsSection.Of(evidence), .. ModelsSection.Of(evidence),
        .. dossier is null ? [] : DossierReport.Of(dossier, null).Blocks.Select((block, i) => i == 0 && block is Heading ? new Heading("The dossier", 2) : block),
        .. ProvenanceSection.Of(evidence),
    ]);
}
