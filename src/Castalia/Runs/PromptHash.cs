using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>By what a set of prompts is known.</summary>
static class PromptHash
{
    /// <summary>SHA-256 of a set of prompts, lower-case hexadecimal, whatever file they came in: of one line {"name", "category", "text", "ids"} each, absent ones null,
    /// JSON with every character outside ASCII escaped, lines ended by LF.</summary>
    public static string Of(IEnumerable<Prompt> prompts)
    {
        var lines = prompts.Select(p => new JsonObject
        {
            ["name"] = p.Name,
            ["category"] = p.Category,
            ["text"] = p.Text,
            ["ids"] = p.Ids is { } ids ? new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) : null,
        }.ToJsonString() + "\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
