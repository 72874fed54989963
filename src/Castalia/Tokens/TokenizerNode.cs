using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>A value in a tokenizer file that knows where it stands, so that a wrong one can be named.</summary>
readonly record struct TokenizerNode(string File, string Path, JsonElement Element)
{
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

    /// <summary>A token id.</summary>
    public int Id => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int id) && id >= 0 ? id : throw Not("a token id");

    /// <summary>The members of an object.</summary>
    public IEnumerable<(string Key, TokenizerNode Value)> Members()
    {
        var self = Object;
        return self.Element.EnumerateObject().Select(member => (member.Name, new TokenizerNode(self.File, self.Below(member.Name), member.Value)));
    }

    /// <summary>The items of a list.</summary>
    public IEnumerable<TokenizerNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Not("a list");
        var self = this;
        return Element.EnumerateArray().Select(item => self with { Element = item });
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
