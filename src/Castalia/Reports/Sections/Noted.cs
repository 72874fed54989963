using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Notes of prompts, as a chart shows them at its marks.</summary>
sealed class Noted
{
    const int LongestText = 400, MostIds = 40;

    readonly List<IReadOnlyList<(string, string)>> _notes = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<IReadOnlyList<(string Label, string Text)>> All => _notes;

    /// <summary>Adds a prompt's, and gives its index.</summary>
    public int Of(ReportedPrompt prompt)
    {
        List<(string, string)> lines = [("prompt", prompt.Name)];
        if (prompt.Category is { } category) lines.Add(("category", category));
        if (prompt.Text is { } text) lines.Add(("text", text.Length <= LongestText ? text : text[..LongestText] + "…"));
        if (prompt.Ids.Count > 0) lines.Add(("ids", string.Join(' ', prompt.Ids.Take(MostIds)) + (prompt.Ids.Count > MostIds ? $" and {prompt.Ids.Count - MostIds} more" : "")));
        if (prompt.Gain is { } gain) lines.Add(("gain", Figures.Real(gain)));
        if (prompt.Entropy is { } entropy) lines.Add(("entropy", $"{Figures.Real(entropy)} nats"));
        if (prompt.TopPiece is { } piece) lines.Add(("likeliest next", piece));
        _notes.Add(lines);
        return _notes.Count - 1;
    }
}
