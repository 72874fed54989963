using System.Globalization;
using System.Net;
using System.Text;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>One figure over the blocks of a model as SVG: ratios hang from a line at 1, up or down; what has a unit stands on 0.</summary>
static class DepthDrawing
{
    const double Left = 62, Right = 8, Top = 8, Height = 140, Bottom = 28; // in units of the drawing, as all below
    const double Widest = 450; // of all columns together
    const double WidestColumn = 40;
    const double LabelHeight = 14;
    const double Enlarged = 1.35; // pixels to a unit, where there is room

    /// <summary>The drawing; empty without a defined value.</summary>
    /// <param name="profile">The figure.</param>
    /// <param name="scale">Its axis, from <see cref="Scale"/>.</param>
    public static string Of(DepthProfile profile, DepthScale scale)
    {
        double step = Math.Min(WidestColumn, Widest / profile.Values.Count), wide = step * profile.Values.Count, end = Left + wide, foot = Y(Base(profile));
        double width = end + Right, height = Top + Height + Bottom;
        var svg = new StringBuilder(Inv(
            $"<svg viewBox=\"0 0 {width:0.##} {height}\" width=\"{width * Enlarged:0}\" role=\"img\" aria-label=\"{Label(profile)}\" fill=\"currentColor\">\n"));
        foreach (var (i, value) in profile.Values.Index())
        {
            if (value is not { } v) continue;
            // A column of no height is still seen.
            double y = Y(Math.Min(v, scale.High)), from = Math.Min(y, foot), tall = Math.Max(1, Math.Abs(y - foot)), x = Left + i * step;
            svg.Append(Inv($"<rect x=\"{x + step * 0.1:0.##}\" y=\"{from:0.##}\" width=\"{step * 0.8:0.##}\" height=\"{tall:0.##}\" fill=\"var({(v < Base(profile) ? "--down" : "--up")})\"><title>block {i + 1}: {Figures.Real(v)}</title></rect>\n"));
            if (v > scale.High) svg.Append(Inv($"<path d=\"M{x + step * 0.1:0.##} {Top}h{step * 0.8:0.##}l{-step * 0.4:0.##} -6z\"/>\n"));
        }
        svg.Append(Inv($"<line x1=\"{Left}\" x2=\"{end:0.##}\" y1=\"{foot:0.##}\" y2=\"{foot:0.##}\" stroke=\"currentColor\"/>\n"));
        svg.Append(Tick(foot, Base(profile).ToString("0", CultureInfo.InvariantCulture)));
        if (foot - Y(scale.High) >= LabelHeight) svg.Append(Tick(Y(scale.High), Figures.Real(scale.High)));
        if (Y(scale.Low) - foot >= LabelHeight) svg.Append(Tick(Y(scale.Low), Figures.Real(scale.Low)));
        svg.Append(Inv($"<g text-anchor=\"middle\"><text x=\"{Left - 6}\" y=\"{height - 5}\" text-anchor=\"end\">block</text><text x=\"{Left + Math.Max(step, 8) / 2:0.##}\" y=\"{height - 5}\">1</text>"));
        if (wide >= 40) svg.Append(Inv($"<text x=\"{end - Math.Max(step, 16) / 2:0.##}\" y=\"{height - 5}\">{profile.Values.Count}</text>"));
        return svg.Append("</g>\n</svg>\n").ToString();

        double Y(double value) => Top + Height * (1 - scale.Share(value));
        static string Tick(double y, string label) => Inv($"<text x=\"{Left - 6}\" y=\"{y + 4:0.##}\" text-anchor=\"end\">{label}</text>\n");
    }

    /// <summary>The axis; null without a defined value.</summary>
    public static DepthScale? Scale(DepthProfile profile) => profile.Values.OfType<double>().ToArray() is { Length: > 0 } defined ? DepthScale.Of(defined, also: Base(profile)) : null;

    static double Base(DepthProfile profile) => profile.Unit == "" ? 1 : 0;

    static string Label(DepthProfile profile)
    {
        double[] defined = [.. profile.Values.OfType<double>()];
        return WebUtility.HtmlEncode(Errors.Printable.Of($"{profile.Caption}: from {Figures.Real(defined.Min())} to {Figures.Real(defined.Max())}"));
    }

    static string Inv(FormattableString s) => s.ToString(CultureInfo.InvariantCulture);
}
