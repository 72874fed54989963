using System.Text.RegularExpressions;
using Castalia.Hypotheses;
using Castalia.Literature;
using Xunit;

namespace Castalia.Tests.Literature;

/// <summary>What the shipped hypotheses cite is in the bibliography, under the same author, year and title.</summary>
public sealed partial class HypothesisSourcesTests
{
    /// <summary>Code, which is no work: of its repository.</summary>
    static readonly string[] s_code = ["mesh-transformer-jax"];

    public static TheoryData<string, string> Cited =>
        [.. HypothesisFiles.BuiltIn().SelectMany(h => h.Sources.Where(source => source.EndsWith(']')).Select(source => (h.Id, source))).DistinctBy(pair => pair.source).Select(pair => new TheoryDataRow<string, string>(pair.Id, pair.source))];

    [Theory, MemberData(nameof(Cited))]
    public void An_identifier_resolves_and_author_year_and_title_are_those_of_the_bibliography(string hypothesis, string source)
    {
        var cited = Citation().Match(source);
        Assert.True(cited.Success, $"{hypothesis}: {source}");
        string identifier = cited.Groups["identifier"].Value;
        if (s_code.Contains(identifier)) return;
        var works = Bibliography.BuiltIn.Where(work => work.Identifier == identifier || work.Identifier == $"arXiv {identifier}" || work.Identifier.StartsWith($"{identifier}, ", StringComparison.Ordinal)).ToList();
        var work = works.FirstOrDefault(one => one.Title.StartsWith(Plain(cited.Groups["title"].Value), StringComparison.Ordinal));
        Assert.True(work is not null, $"{hypothesis}: {source}: {string.Join(" | ", works.Select(one => one.Citation))}");
        Assert.Equal(work.Year, int.Parse(cited.Groups["year"].Value, System.Globalization.CultureInfo.InvariantCulture));
        string author = cited.Groups["authors"].Value;
        Assert.True(author == "" ? work.Authors.EndsWith("not recorded here", StringComparison.Ordinal) : Surname(author) == Surname(work.Authors), $"{hypothesis}: {source}: {work.Authors}");
    }

    /// <summary>Of the first author, without initials: "O. van der Wal et al." and "van der Wal, Lesci" are one.</summary>
    static string Surname(string authors) => Initials().Replace(authors.Split([" et al.", ", ", " and "], StringSplitOptions.None)[0], "");

    static string Plain(string title) => title.Replace('’', '\'');

    // Authors and year may stand on either side of a title, as of a comment.
    [GeneratedRegex(@"^(?:(?<authors>.*?), )?(?<year>\d{4}), (?<title>.+) \[(?:arXiv )?(?<identifier>[^\]]+)\]$|^(?<title>.+), (?<year>\d{4}) \[(?<identifier>[^\]]+)\]$")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^(?:\p{Lu}\. )+")]
    private static partial Regex Initials();
}
