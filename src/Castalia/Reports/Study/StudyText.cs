using System.Text;
using Castalia.Published;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia published</c> prints for people; lines end in LF.</summary>
public static class StudyText
{
    /// <summary>Source, then each part: its tables and what they say.</summary>
    /// <param name="review">The review.</param>
    /// <param name="parts">Parts, in the order they are printed.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(StudyReview review, IReadOnlyList<StudyPart> parts, int width)
    {
        var study = review.Study.Study;
        var text = new StringBuilder();
        text.Append(Wrapped.Of($"{study.Author} ({study.Year}), {study.Title}. doi {study.Doi}. Figures: {study.Repository}; {study.Licence[0]}, {study.Licence[2]}.", width));
        foreach (var part in parts)
        {
            text.Append('\n').Append(Title(part)).Append('\n');
            foreach (var table in StudyTables.Of(review, part))
                text.Append('\n').Append(Wrapped.Of(table.Heading, width)).Append(TextTable.Of(table.Header, table.Rows, width));
            text.Append('\n');
            foreach (string finding in StudyFindings.Of(review, part)) text.Append(Wrapped.Of($"• {finding}", width, hang: 2));
        }
        return text.ToString();
    }

    static string Title(StudyPart part) => part switch
    {
        StudyPart.Table => "The study's table",
        StudyPart.Bentov => "Gain and entropy",
        StudyPart.Conventions => "Which block was measured",
        StudyPart.Scaling => "The exponent over sizes",
        StudyPart.Resolution => "What rounded norms can tell",
        StudyPart.Hypotheses => "Suspected causes",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
