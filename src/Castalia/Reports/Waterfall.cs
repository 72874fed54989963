using System.Text;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>How steps lead from one value to another: a bar for both, and between them one for each step, where it begins and ends.</summary>
static class Waterfall
{
    const int Columns = 40, FigureWidth = 8;

    /// <summary>The chart, each line ended by LF; steps up are solid, steps down shaded.</summary>
    /// <param name="from">Name and value of the beginning.</param>
    /// <param name="steps">Names and values.</param>
    /// <param name="to">Name and value of the end.</param>
    public static string Of((string Name, double Value) from, IReadOnlyList<(string Name, double Value)> steps, (string Name, double Value) to)
    {
        var ends = new List<double> { from.Value };
        foreach (var (_, value) in steps) ends.Add(ends[^1] + value);
        double low = Math.Min(0, ends.Min()), high = Math.Max(ends.Max(), to.Value);
        int names = steps.Select(step => step.Name.Length).Append(from.Name.Length).Append(to.Name.Length).Max();
        var text = new StringBuilder();
        Line(from.Name, 0, from.Value, Figures.Real(from.Value));
        for (int i = 0; i < steps.Count; i++) Line(steps[i].Name, ends[i], ends[i + 1], SignedFigures.Of(steps[i].Value));
        Line(to.Name, 0, to.Value, Figures.Real(to.Value));
        return text.ToString();

        void Line(string name, double begin, double end, string figure)
        {
            int a = At(Math.Min(begin, end)), b = At(Math.Max(begin, end));
            string bar = b > a ? new(end >= begin ? '█' : '░', b - a) : "│";
            text.Append("  ").Append(name.PadRight(names)).Append(' ').Append((new string(' ', a) + bar).PadRight(Columns + 1)).Append(' ').Append(figure.PadLeft(FigureWidth)).Append('\n');
        }

        int At(double value) => (int)Math.Round((value - low) / (high - low) * Columns);
    }
}
