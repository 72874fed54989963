using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses;

/// <summary>A sentence with results in it: <c>{slope.high}</c> stands for the number.</summary>
/// <param name="Parts">Words and names in turn; a name has the index of its brace.</param>
/// <param name="Text">Where it stands.</param>
sealed record Template(IReadOnlyList<TemplatePart> Parts, ScalarText Text)
{
    /// <summary>The names in it.</summary>
    public IEnumerable<TemplatePart> Names => Parts.Where(part => part.IsName);

    /// <summary>Reads one.</summary>
    /// <exception cref="InputException">A brace without its other.</exception>
    public static Template Parse(ScalarText text)
    {
        var parts = new List<TemplatePart>();
        string value = text.Value;
        int at = 0;
        while (at < value.Length)
        {
            int brace = value.IndexOfAny(['{', '}'], at);
            if (brace < 0) brace = value.Length;
            if (brace > at) parts.Add(new(value[at..brace], at, IsName: false));
            if (brace == value.Length) break;
            int close = value.IndexOfAny(['{', '}'], brace + 1);
            if (value[brace] == '}' || close < 0 || value[close] == '{') throw HypothesisErrors.Brace(text.PlaceOf(brace), value.Trim());
            parts.Add(new(value[(brace + 1)..close].Trim(), brace, IsName: true));
            at = close + 1;
        }
        return new(parts, text);
    }

    /// <summary>The sentence with each name replaced.</summary>
    public string With(Func<string, string> result) => string.Concat(Parts.Select(part => part.IsName ? result(part.Value) : part.Value)).Trim();
}

/// <summary>Words, or a name, of a template.</summary>
/// <param name="Value">The words or the name.</param>
/// <param name="At">Index in the template's text.</param>
/// <param name="IsName">Whether it is a name.</param>
readonly record struct TemplatePart(string Value, int At, bool IsName);
