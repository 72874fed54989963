using System.Text;
using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class UnicodeNormalizationTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("é", "e\u0301", "é")]
    [InlineData("e\u0301", "e\u0301", "é")]
    [InlineData("\u212B", "A\u030A", "\u00C5")]                             // the ångström sign is the letter
    [InlineData("\u2126", "\u03A9", "\u03A9")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]                  // excluded from composition
    [InlineData("\u0344", "\u0308\u0301", "\u0308\u0301")]
    [InlineData("각", "\u1100\u1161\u11A8", "각")]
    [InlineData("\u1100\u1161", "\u1100\u1161", "가")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]         // marks in order of class
    [InlineData("\u1E0B\u0323", "d\u0323\u0307", "\u1E0D\u0307")]
    [InlineData("a\u0315\u0300", "a\u0300\u0315", "à\u0315")]
    [InlineData("a\u0305\u0300", "a\u0305\u0300", "a\u0305\u0300")]         // blocked by a mark of the same class
    [InlineData("ﬁ", "ﬁ", "ﬁ")]                                            // canonical, not compatible
    [InlineData("\uAC00\u11A8\u11A8", "\u1100\u1161\u11A8\u11A8", "\uAC01\u11A8")]
    public void Known_strings_come_out_as_the_standard_says(string text, string nfd, string nfc)
    {
        Assert.Equal(nfd, UnicodeNormalization.Nfd(text));
        Assert.Equal(nfc, UnicodeNormalization.Nfc(text));
    }

    [Theory]
    [InlineData("ﬁne ①½", "fine 11⁄2", "fine 11⁄2")]
    [InlineData("Ａé", "Ae\u0301", "Aé")]
    [InlineData("\u1E9B\u0323", "s\u0323\u0307", "\u1E69")]
    [InlineData("㌀", "アハ\u309Aート", "アパート")]
    [InlineData("ﷺ", "صلى الله عليه وسلم", "صلى الله عليه وسلم")]
    [InlineData("\u32FF", "\u32FF", "\u32FF")]                          // an era that the reference's tables do not know
    [InlineData("a\u1ABF\u0323", "a\u1ABF\u0323", "a\u1ABF\u0323")]  // nor this mark, which therefore stands in the other's way
    public void Compatible_strings_come_out_as_the_standard_says(string text, string nfkd, string nfkc)
    {
        Assert.Equal(nfkd, UnicodeNormalization.Nfkd(text));
        Assert.Equal(nfkc, UnicodeNormalization.Nfkc(text));
    }

    [Fact]
    public void The_laws_of_normalisation_hold() => Texts.Any.Sample(text =>
    {
        string nfc = UnicodeNormalization.Nfc(text), nfd = UnicodeNormalization.Nfd(text);
        Assert.Equal(nfc, UnicodeNormalization.Nfc(nfc));
        Assert.Equal(nfd, UnicodeNormalization.Nfd(nfd));
        Assert.Equal(nfc, UnicodeNormalization.Nfc(nfd));
        Assert.Equal(nfd, UnicodeNormalization.Nfd(nfc));
        string nfkc = UnicodeNormalization.Nfkc(text), nfkd = UnicodeNormalization.Nfkd(text);
        Assert.Equal(nfkc, UnicodeNormalization.Nfc(nfkd));
        Assert.Equal(nfkd, UnicodeNormalization.Nfd(nfkc));
        Assert.Equal(nfkd, UnicodeNormalization.Nfkd(nfd));
    }, iter: 5000);

    /// <summary>The reason it exists: the platform's own method leaves the text as it is here.</summary>
    [Fact]
    public void A_long_run_of_marks_is_done_in_a_moment() =>
        Assert.Equal(20001, UnicodeNormalization.Nfc("x" + string.Concat(Enumerable.Repeat("\u0323", 20000))).EnumerateRunes().Count());
}
