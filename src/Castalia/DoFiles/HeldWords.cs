using Castalia.Interventions;

namespace Castalia.DoFiles;

/// <summary>Words for what an intervention holds.</summary>
static class HeldWords
{
    /// <summary>All of them.</summary>
    public static readonly string[] All = ["attn", "mlp", "final_norm"];

    /// <summary>The word; null for nothing.</summary>
    public static string? Of(Held held) => held == Held.None ? null : All[(int)held - 1];

    /// <summary>What one of the words means.</summary>
    public static Held Read(string word) => (Held)(1 + Array.IndexOf(All, word));
}
