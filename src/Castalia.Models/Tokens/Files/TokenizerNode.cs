using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>A value in a tokenizer file that knows where it stands, so that a wrong one can be named.</summary>
readonly record struct TokenizerNode(string File, string Path, JsonElement Element)
{
    /// <summary>The largest token id that is read: no vocabulary comes near it, and ids are counted up to.</summary>
    public const int MostId = (1 << 24) - 1;

    /// <summary>JSON's null.</summary>
    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    /// <summary>A member; null where it is absent.</summary>
    public TokenizerNode? Find(string key) =>
        Object.Element.TryGetProperty(key, out var value) ? new(File, Below(key), value) : null;

    /// <summary>A member that must be there.</summary>
    public TokenizerNode Get(string key) => Find(key) ?? throw Wrong($"There is no '{key}'.");

    /// <summary>A string.</summary>
    public string Text => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Not("a string");

    /// <summary>True or false.</summary>
    public bool Bool => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Not("true or false"),
    };

    /// <summary>Null, false, or an empty text, list or object: it asks for nothing, whatever its key means.</summary>
    public bool AsksForNothing => Element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => Element.ValueEquals(""),
        JsonValueKind.Array => Element.GetArrayLength() == 0,
        JsonValueKind.Object => Element.GetPropertyCount() == 0,
        _ => false,
    };

    /// <summary>A token id.</summary>
    public int Id => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out long id) && id >= 0
        ? id <= MostId ? (int)id : throw Wrong($"The token id {id} is beyond any vocabulary; ids are read up to {MostId}.")
        : throw Not("a token id");

    /// <summary>The members of an object.</summary>
    public IEnumerable<(string Key, TokenizerNode Value)> Members()
    {
        return Each(Object);

        static IEnumerable<(string, TokenizerNode)> Each(TokenizerNode self)
        {
            foreach (var member in self.Element.EnumerateObject())
                yield return (member.Name, new TokenizerNode(self.File, self.Below(member.Name), member.Value));
        }
    }

    /// <summary>This object, if it has no member but these and such as ask for nothing; whatever else it asks for is not done.</summary>
    /// <exception cref="InputException">It has another.</exception>
    public TokenizerNode Only(params ReadOnlySpan<string> keys)
    {
        foreach (var (key, value) in Members())
            if (!keys.Contains(key) && !value.AsksForNothing) throw TokenizerErrors.UnknownKey(File, value.Path);
        return this;
    }

    /// <summary>A member, or null where it is absent or JSON's null.</summary>
    public TokenizerNode? Some(string key) => Find(key) is { IsNull: false } value ? value : null;

    /// <summary>True or false; the given value where the member is absent or JSON's null.</summary>
    public bool Flag(string key, bool absent = false) => Some(key)?.Bool ?? absent;

    /// <summary>A whole number of 0 or more.</summary>
    public int Count => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int count) && count >= 0 ? count : throw Not("a count");

    /// <summary>A number.</summary>
    public double Number => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double number) ? number : throw Not("a number");

    /// <summary>A string of one character, which may be two UTF-16 units.</summary>
    public string Character => Text is var text && text.Length > 0 && System.Text.Rune.GetRuneAt(text, 0).Utf16SequenceLength == text.Length
        ? text
        : throw Not("a single character");

    /// <summary>The error for a feature at this place.</summary>
    public InputException Unsupported(string what) => TokenizerErrors.Unsupported(File, Path.Length == 0 ? "top level" : Path, what);

    /// <summary>The items of a list.</summary>
    public IEnumerable<TokenizerNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Not("a list");
        return Each(this);

        static IEnumerable<TokenizerNode> Each(TokenizerNode self)
        {
            int i = 0;
            foreach (var item in self.Element.EnumerateArray()) yield return self with { Element = item, Path = $"{self.Path}[{i++}]" };
        }
    }

    /// <summary>An error at this place.</summary>
    public InputException Wrong(string cause) => TokenizerErrors.Malformed(File, Path.Length == 0 ? "top level" : Path, cause);

    TokenizerNode Object => Element.ValueKind == JsonValueKind.Object ? this : throw Not("an object");

    string Below(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    InputException Not(string expected)
    {
        string raw = Element.GetRawText();
        return Wrong($"'{(raw.Length <= 40 ? raw : raw[..40] + "…")}' is not {expected}.");
    }
}
