using System.Text;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>Why cells of a table are –, gathered while the table is made and printed below it.</summary>
sealed class Reasons
{
    readonly List<(string Because, string What)> _all = [];

    /// <summary>The cell of a figure: its text, or – and a reason remembered.</summary>
    public string Cell<T>(Figure<T> figure, Func<T, string> text, string what) where T : struct
    {
        if (figure.Value is { } value) return text(value);
        _all.Add((figure.UndefinedBecause!, what));
        return Figures.Missing;
    }

    /// <summary>A line for each reason, naming what it leaves undefined; empty where everything is defined.</summary>
    public string Text(int width)
    {
        var text = new StringBuilder();
        foreach (var reason in _all.Distinct().GroupBy(r => r.Because, r => r.What))
            text.Append(Wrapped.Of($"{Figures.Missing} {string.Join(", ", reason)}: undefined, because {reason.Key}.", width, hang: 2));
        return text.ToString();
    }
}
