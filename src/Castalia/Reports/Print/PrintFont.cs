using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Castalia.Reports.Print;

/// <summary>The one face of all figures: DejaVu Sans 2.37, which lies in the assembly, so that figures are the same on every machine.</summary>
sealed class PrintFont : IFontResolver
{
    /// <summary>Its name in drawings.</summary>
    public const string Name = "DejaVu Sans";

    static readonly Lazy<SKTypeface> s_face = new(() =>
    {
        using var stream = typeof(PrintFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf") ?? throw new InvalidOperationException("The font is not in the assembly.");
        return SKTypeface.FromStream(stream);
    });

    static readonly Lazy<bool> s_isThere = new(() =>
    {
        Fonts.FontResolvers.Clear(); // those of the system
        Fonts.FontResolvers.Add(new PrintFont());
        Fonts.Default = Name;
        return true;
    });

    /// <summary>How wide a text is, in the units of its size.</summary>
    public static float Breadth(string text, float size)
    {
        using var font = new SKFont(s_face.Value, size);
        return font.MeasureText(text);
    }

    /// <summary>A text as the face can draw it: what it lacks, as Chinese, is written by its number, \u4e2d.</summary>
    public static string Shown(string text) => Lacks(text)
        ? string.Concat(text.EnumerateRunes().Select(rune => Has(rune) ? rune.ToString() : rune.IsBmp ? FormattableString.Invariant($"\\u{rune.Value:x4}") : FormattableString.Invariant($"\\U{rune.Value:x8}"))) : text;

    /// <summary>Whether it lacks a character of a text.</summary>
    public static bool Lacks(string text) => text.EnumerateRunes().Any(rune => !Has(rune));

    static bool Has(Rune rune) => s_face.Value.ContainsGlyph(rune.Value);

    /// <summary>Makes it the only one.</summary>
    public static bool Use() => s_isThere.Value;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => s_face.Value;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => s_face.Value;
}
