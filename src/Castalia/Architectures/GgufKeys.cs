namespace Castalia.Architectures;

/// <summary>Metadata keys that every GGUF file may carry.</summary>
static class GgufKeys
{
    /// <summary>Keys that say nothing about the arithmetic.</summary>
    public static readonly IReadOnlyList<string> Harmless = ["general.*", "tokenizer.*", "quantize.*", "split.*"];

    /// <summary>Keys that are understood only where they ask for nothing.</summary>
    public static readonly IReadOnlyList<LimitedKey> Limited =
    [
        new("general.type", "an adapter, a projector or another part of a model", "model"),
    ];
}
